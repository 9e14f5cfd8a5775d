#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

class SqliteOneTimeTokenStore final : public OneTimeTokenStore {
public:
    explicit SqliteOneTimeTokenStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Status put(const OneTimeTokenRecord& token) override {
        return database_->write("token.put", Durability::kDurable, [&](auto& session) {
            Query(session, "INSERT INTO one_time_tokens (token_hash, purpose, person, expires_at) VALUES (?, ?, ?, ?)")
                .bind(token.tokenHash)
                .bind(token.purpose)
                .bind(token.person)
                .bind(token.expiresAt)
                .run();
            return Status{};
        });
    }

    Result<std::optional<OneTimeTokenRecord>> consume(const std::string& tokenHash, const std::string& purpose,
                                                      core::WallTime now) override {
        std::optional<OneTimeTokenRecord> found;
        const Status done = database_->write("token.consume", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "DELETE FROM one_time_tokens WHERE token_hash = ? AND purpose = ? AND expires_at > ?"
                  " RETURNING person, expires_at")
                .bind(tokenHash)
                .bind(purpose)
                .bind(now)
                .template each<Number, Number>([&](Number person, Number expires) {
                    found = OneTimeTokenRecord{tokenHash, purpose, person, core::fromUnixMicros(expires)};
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status revoke(const std::string& purpose, PersonId person) override {
        return database_->write("token.revoke", Durability::kDurable, [&](auto& session) {
            Query(session, "DELETE FROM one_time_tokens WHERE purpose = ? AND person = ?")
                .bind(purpose)
                .bind(person)
                .run();
            return Status{};
        });
    }

    Result<std::int64_t> purge(core::WallTime now) override {
        return sqlite::purge(*database_, "token.purge", "DELETE FROM one_time_tokens WHERE expires_at <= ?", now);
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<OneTimeTokenStore> makeOneTimeTokenStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteOneTimeTokenStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
