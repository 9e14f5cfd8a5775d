#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

using Number = Poco::Int64;
using Text = std::string;

class SqliteSecondFactorStore final : public SecondFactorStore {
public:
    explicit SqliteSecondFactorStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<std::optional<SecondFactorRecord>> get(PersonId person) override {
        std::optional<SecondFactorRecord> found;
        const Status done = database_->read("second_factor.get", [&](auto& session) {
            Query(session,
                  "SELECT name, created_at, last_used_at, last_step,"
                  " (SELECT count(*) FROM recovery_codes AS code WHERE code.person = factor.person)"
                  " FROM second_factors AS factor WHERE person = ?")
                .bind(person)
                .template each<Text, Number, Number, Number, Number>(
                    [&](Text& name, Number created, Number used, Number step, Number left) {
                        found = SecondFactorRecord{
                            person, name, core::fromUnixMicros(created), core::fromUnixMicros(used), step, left};
                    });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status create(const SecondFactorRecord& record, const std::vector<std::string>& recoveryHashes) override {
        return database_->write("second_factor.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO second_factors (person, name, created_at, last_used_at, last_step)"
                  " VALUES (?, ?, ?, ?, ?)")
                .bind(record.person)
                .bind(record.name)
                .bind(record.createdAt)
                .bind(record.lastUsedAt)
                .bind(record.lastStep)
                .run();
            addCodes(session, record.person, recoveryHashes);
            return Status{};
        });
    }

    Result<bool> acceptStep(PersonId person, std::int64_t step, core::WallTime at) override {
        bool accepted = false;
        const Status done = database_->write("second_factor.accept", Durability::kDurable, [&](auto& session) {
            accepted = Query(session,
                             "UPDATE second_factors SET last_step = ?, last_used_at = ?"
                             " WHERE person = ? AND last_step < ?")
                           .bind(step)
                           .bind(at)
                           .bind(person)
                           .bind(step)
                           .run() == 1;
            return Status{};
        });
        return resultOf(done, accepted);
    }

    Result<bool> useRecoveryCode(PersonId person, const std::string& hash, core::WallTime at) override {
        bool used = false;
        const Status done = database_->write("second_factor.recover", Durability::kDurable, [&](auto& session) {
            used = Query(session, "DELETE FROM recovery_codes WHERE person = ? AND hash = ?")
                       .bind(person)
                       .bind(hash)
                       .run() == 1;
            if (!used) return Status{};
            Query(session, "UPDATE second_factors SET last_used_at = ? WHERE person = ?").bind(at).bind(person).run();
            return Status{};
        });
        return resultOf(done, used);
    }

    Status replaceRecoveryCodes(PersonId person, const std::vector<std::string>& hashes) override {
        return database_->write("second_factor.codes", Durability::kDurable, [&](auto& session) {
            Query(session, "DELETE FROM recovery_codes WHERE person = ?").bind(person).run();
            addCodes(session, person, hashes);
            return Status{};
        });
    }

    Status remove(PersonId person) override {
        return database_->write("second_factor.remove", Durability::kDurable, [&](auto& session) -> Status {
            Query(session, "DELETE FROM recovery_codes WHERE person = ?").bind(person).run();
            if (Query(session, "DELETE FROM second_factors WHERE person = ?").bind(person).run() != 1) {
                return noSuchRow();
            }
            return {};
        });
    }

private:
    static void addCodes(Poco::Data::Session& session, PersonId person, const std::vector<std::string>& hashes) {
        for (const std::string& hash : hashes) {
            Query(session, "INSERT INTO recovery_codes (person, hash) VALUES (?, ?)").bind(person).bind(hash).run();
        }
    }

    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<SecondFactorStore> makeSecondFactorStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteSecondFactorStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
