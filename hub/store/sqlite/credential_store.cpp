#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

using Number = Poco::Int64;
using Text = std::string;

class SqliteCredentialStore final : public CredentialStore {
public:
    explicit SqliteCredentialStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<std::optional<CredentialRecord>> get(PersonId person) override {
        std::optional<CredentialRecord> found;
        const Status done = database_->read("credential.get", [&](auto& session) {
            Query(session, "SELECT encoded_hash, changed_at, must_change FROM credentials WHERE person = ?")
                .bind(person)
                .template each<Text, Number, Number>([&](Text& hash, Number changedAt, Number mustChange) {
                    found = CredentialRecord{person, hash, core::fromUnixMicros(changedAt), mustChange != 0};
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status set(const CredentialRecord& credential, int keep) override {
        return database_->write("credential.set", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO credential_history (person, encoded_hash)"
                  " SELECT person, encoded_hash FROM credentials WHERE person = ?")
                .bind(credential.person)
                .run();
            Query(session,
                  "INSERT INTO credentials (person, encoded_hash, changed_at, must_change) VALUES (?, ?, ?, ?)"
                  " ON CONFLICT (person) DO UPDATE SET encoded_hash = excluded.encoded_hash,"
                  " changed_at = excluded.changed_at, must_change = excluded.must_change")
                .bind(credential.person)
                .bind(credential.encodedHash)
                .bind(credential.changedAt)
                .bind(std::int64_t{credential.mustChange ? 1 : 0})
                .run();
            Query(session,
                  "DELETE FROM credential_history WHERE person = ? AND id NOT IN"
                  " (SELECT id FROM credential_history WHERE person = ? ORDER BY id DESC LIMIT ?)")
                .bind(credential.person)
                .bind(credential.person)
                .bind(std::int64_t{keep < 0 ? 0 : keep})
                .run();
            return Status{};
        });
    }

    Status rehash(PersonId person, const std::string& oldHash, const std::string& newHash) override {
        return database_->write("credential.rehash", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed =
                Query(session, "UPDATE credentials SET encoded_hash = ? WHERE person = ? AND encoded_hash = ?")
                    .bind(newHash)
                    .bind(person)
                    .bind(oldHash)
                    .run();
            if (changed != 1) return changedMeanwhile();
            return {};
        });
    }

    Result<std::vector<std::string>> history(PersonId person) override {
        std::vector<std::string> found;
        const Status done = database_->read("credential.history", [&](auto& session) {
            Query(session, "SELECT encoded_hash FROM credential_history WHERE person = ? ORDER BY id DESC")
                .bind(person)
                .template each<Text>([&](Text& hash) { found.push_back(hash); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<PersonId>> holders() override {
        std::vector<PersonId> found;
        const Status done = database_->read("credential.holders", [&](auto& session) {
            Query(session, "SELECT person FROM credentials ORDER BY person").template each<Number>([&](Number person) {
                found.push_back(person);
            });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<CredentialStore> makeCredentialStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteCredentialStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
