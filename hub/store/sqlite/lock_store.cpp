#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

class SqliteLockStore final : public LockStore {
public:
    explicit SqliteLockStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Status put(const LockRecord& lock) override {
        return database_->write("lock.put", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO locks (account, source, failures, locked_until) VALUES (?, ?, ?, ?)"
                  " ON CONFLICT (account, source) DO UPDATE SET failures = excluded.failures,"
                  " locked_until = excluded.locked_until")
                .bind(lock.account)
                .bind(lock.source)
                .bind(std::int64_t{lock.failures})
                .bind(lock.lockedUntil)
                .run();
            return Status{};
        });
    }

    Result<std::vector<LockRecord>> load(core::WallTime now) override {
        std::vector<LockRecord> found;
        const Status done = database_->read("lock.load", [&](auto& session) {
            Query(session, "SELECT account, source, failures, locked_until FROM locks WHERE locked_until > ?")
                .bind(now)
                .template each<Text, Text, Number, Number>(
                    [&](Text& account, Text& source, Number failures, Number until) {
                        found.push_back({account, source, static_cast<int>(failures), core::fromUnixMicros(until)});
                    });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status clear(const std::string& account) override {
        return database_->write("lock.clear", Durability::kDurable, [&](auto& session) {
            Query(session, "DELETE FROM locks WHERE account = ?").bind(account).run();
            return Status{};
        });
    }

    Result<std::int64_t> purge(core::WallTime now) override {
        return sqlite::purge(*database_, "lock.purge", "DELETE FROM locks WHERE locked_until <= ?", now);
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<LockStore> makeLockStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteLockStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
