#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

constexpr const char* kSelect =
    "SELECT share, endpoint, key_id, generation, position, acknowledged, failures, next_try, paused,"
    " last_error FROM share_pushes";

template <typename Take>
void eachPush(Query& query, Take take) {
    query.each<Number, Text, Number, Number, Text, Number, Number, Number, Number, Text>(
        [&](Number share, Text& endpoint, Number keyId, Number generation, Text& position, Number acknowledged,
            Number failures, Number nextTry, Number paused, Text& error) {
            take(SharePushRecord{share, endpoint, keyId, generation, position, acknowledged, failures,
                                 core::fromUnixMicros(nextTry), paused != 0, error});
        });
}

void write(Poco::Data::Session& session, const SharePushRecord& push) {
    Query(session,
          "INSERT INTO share_pushes (share, endpoint, key_id, generation, position, acknowledged, failures, next_try,"
          " paused, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (share) DO UPDATE SET endpoint = excluded.endpoint, key_id = excluded.key_id,"
          " generation = excluded.generation, position = excluded.position, acknowledged = excluded.acknowledged,"
          " failures = excluded.failures, next_try = excluded.next_try, paused = excluded.paused,"
          " last_error = excluded.last_error")
        .bind(push.share)
        .bind(push.endpoint)
        .bind(push.keyId)
        .bind(push.generation)
        .bind(push.position)
        .bind(push.acknowledged)
        .bind(push.failures)
        .bind(push.nextTry)
        .bind(std::int64_t{push.paused ? 1 : 0})
        .bind(push.lastError)
        .run();
}

class SqliteSharePushStore final : public SharePushStore {
public:
    explicit SqliteSharePushStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Status put(const SharePushRecord& push) override {
        return database_->write("share.push.put", Durability::kDurable, [&](auto& session) {
            write(session, push);
            return Status{};
        });
    }

    Result<std::optional<SharePushRecord>> get(ShareId share) override {
        std::optional<SharePushRecord> found;
        const Status done = database_->read("share.push.get", [&](auto& session) {
            eachPush(Query(session, kSelect, " WHERE share = ?").bind(share),
                     [&](SharePushRecord push) { found = std::move(push); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<SharePushRecord>> all() override {
        std::vector<SharePushRecord> found;
        const Status done = database_->read("share.push.all", [&](auto& session) {
            Query query(session, kSelect, " ORDER BY share");
            eachPush(query, [&](SharePushRecord push) { found.push_back(std::move(push)); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status note(const SharePushRecord& push, const ShareDelivery& delivery) override {
        return database_->write("share.push.note", Durability::kDurable, [&](auto& session) {
            write(session, push);
            Query(session,
                  "INSERT INTO share_deliveries (share, number, rows, attempts, status, first_at, last_at,"
                  " acknowledged) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                  " ON CONFLICT (share, number) DO UPDATE SET rows = excluded.rows, attempts = attempts + 1,"
                  " status = excluded.status, last_at = excluded.last_at, acknowledged = excluded.acknowledged")
                .bind(push.share)
                .bind(delivery.number)
                .bind(delivery.rows)
                .bind(delivery.attempts)
                .bind(delivery.status)
                .bind(delivery.firstAt)
                .bind(delivery.lastAt)
                .bind(std::int64_t{delivery.acknowledged ? 1 : 0})
                .run();
            return Status{};
        });
    }

    Result<std::vector<ShareDelivery>> deliveries(ShareId share, std::size_t limit) override {
        std::vector<ShareDelivery> found;
        const Status done = database_->read("share.push.deliveries", [&](auto& session) {
            Query(session,
                  "SELECT number, rows, attempts, status, first_at, last_at, acknowledged FROM share_deliveries"
                  " WHERE share = ? ORDER BY number DESC LIMIT ?")
                .bind(share)
                .bind(static_cast<std::int64_t>(limit))
                .template each<Number, Number, Number, Number, Number, Number, Number>(
                    [&](Number number, Number rows, Number attempts, Number status, Number first, Number last,
                        Number taken) {
                        found.push_back({number, rows, attempts, status, core::fromUnixMicros(first),
                                         core::fromUnixMicros(last), taken != 0});
                    });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status remove(ShareId share) override {
        return database_->write("share.push.remove", Durability::kDurable, [&](auto& session) -> Status {
            Query(session, "DELETE FROM share_deliveries WHERE share = ?").bind(share).run();
            const std::size_t gone = Query(session, "DELETE FROM share_pushes WHERE share = ?").bind(share).run();
            return gone == 1 ? Status{} : Status(noSuchRow());
        });
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<SharePushStore> makeSharePushStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteSharePushStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
