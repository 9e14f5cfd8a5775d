#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

class SqliteSecretStore final : public SecretStore {
public:
    explicit SqliteSecretStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Status put(const SecretRecord& record) override {
        return database_->write("secret.put", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed = record.version == 1 ? insert(session, record) : replace(session, record);
            if (changed != 1) return changedMeanwhile();
            return {};
        });
    }

    Result<std::optional<SecretRecord>> get(const SecretOwner& owner) override {
        YIMEN_TRY(std::vector<SecretRecord> found, list({owner.person, owner.system, {}, 1}));
        if (found.empty()) return std::optional<SecretRecord>{};
        return std::optional<SecretRecord>(std::move(found.front()));
    }

    Result<std::vector<SecretRecord>> list(const SecretFilter& filter) override {
        std::vector<SecretRecord> found;
        const Status done = database_->read("secret.list", [&](auto& session) {
            Query query(session,
                        "SELECT person, system, version, key_id, wrapped_key, sealed, state, updated_at, verified_at,"
                        " reason FROM secrets WHERE (? = 0 OR person = ?) AND (? = 0 OR system = ?)"
                        " AND (? = 0 OR key_id <> ?) ORDER BY person, system LIMIT ?");
            query.bind(std::int64_t{filter.person ? 1 : 0}).bind(filter.person.value_or(0));
            query.bind(std::int64_t{filter.system ? 1 : 0}).bind(filter.system.value_or(""));
            query.bind(std::int64_t{filter.keyIdIsNot ? 1 : 0}).bind(filter.keyIdIsNot.value_or(""));
            query.bind(std::int64_t{filter.limit});
            fetch(query, found);
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status setState(const SecretRecord& record) override {
        return database_->write("secret.state", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed = Query(session,
                                              "UPDATE secrets SET state = ?, verified_at = ?, reason = ?"
                                              " WHERE person = ? AND system = ? AND version = ?")
                                            .bind(static_cast<std::int64_t>(record.state))
                                            .bind(record.verifiedAt)
                                            .bind(record.reason)
                                            .bind(record.owner.person)
                                            .bind(record.owner.system)
                                            .bind(record.version)
                                            .run();
            if (changed != 1) return changedMeanwhile();
            return {};
        });
    }

    Status rewrap(const SecretRecord& record) override {
        return database_->write("secret.rewrap", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed = Query(session,
                                              "UPDATE secrets SET key_id = ?, wrapped_key = ?"
                                              " WHERE person = ? AND system = ? AND version = ?")
                                            .bind(record.keyId)
                                            .bind(record.wrappedKey)
                                            .bind(record.owner.person)
                                            .bind(record.owner.system)
                                            .bind(record.version)
                                            .run();
            if (changed != 1) return changedMeanwhile();
            return {};
        });
    }

    Status remove(const SecretOwner& owner) override {
        return database_->write("secret.remove", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t gone = Query(session, "DELETE FROM secrets WHERE person = ? AND system = ?")
                                         .bind(owner.person)
                                         .bind(owner.system)
                                         .run();
            if (gone != 1) return noSuchRow();
            return {};
        });
    }

private:
    static std::size_t insert(Poco::Data::Session& session, const SecretRecord& record) {
        return Query(session,
                     "INSERT INTO secrets (person, system, version, key_id, wrapped_key, sealed, state, updated_at,"
                     " verified_at, reason) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)")
            .bind(record.owner.person)
            .bind(record.owner.system)
            .bind(record.keyId)
            .bind(record.wrappedKey)
            .bind(record.sealed)
            .bind(static_cast<std::int64_t>(record.state))
            .bind(record.updatedAt)
            .bind(record.verifiedAt)
            .bind(record.reason)
            .run();
    }

    static std::size_t replace(Poco::Data::Session& session, const SecretRecord& record) {
        return Query(session,
                     "UPDATE secrets SET version = version + 1, key_id = ?, wrapped_key = ?, sealed = ?, state = ?,"
                     " updated_at = ?, verified_at = ?, reason = ? WHERE person = ? AND system = ? AND version = ?")
            .bind(record.keyId)
            .bind(record.wrappedKey)
            .bind(record.sealed)
            .bind(static_cast<std::int64_t>(record.state))
            .bind(record.updatedAt)
            .bind(record.verifiedAt)
            .bind(record.reason)
            .bind(record.owner.person)
            .bind(record.owner.system)
            .bind(record.version - 1)
            .run();
    }

    static void fetch(Query& query, std::vector<SecretRecord>& found) {
        query.each<Number, Text, Number, Text, Blob, Blob, Number, Number, Number, Text>(
            [&](Number person, Text& system, Number version, Text& keyId, Blob& wrapped, Blob& sealed, Number state,
                Number updated, Number verified, Text& reason) {
                found.push_back({{person, system},
                                 version,
                                 keyId,
                                 toBytes(wrapped),
                                 toBytes(sealed),
                                 static_cast<LinkState>(state),
                                 core::fromUnixMicros(updated),
                                 core::fromUnixMicros(verified),
                                 reason});
            });
    }

    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<SecretStore> makeSecretStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteSecretStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
