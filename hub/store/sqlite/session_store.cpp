#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

using Number = Poco::Int64;
using Text = std::string;

class SqliteSessionStore final : public SessionStore {
public:
    explicit SqliteSessionStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Status create(const SessionRecord& record) override {
        return database_->write("session.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO sessions (id, person, acting_post, assurance, created_at, last_seen_at, expires_at,"
                  " ip, user_agent, assurance_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(record.id.hex())
                .bind(record.person)
                .bind(record.actingPost)
                .bind(std::int64_t{record.assurance})
                .bind(record.createdAt)
                .bind(record.lastSeenAt)
                .bind(record.expiresAt)
                .bind(record.ip)
                .bind(record.userAgent)
                .bind(record.assuranceAt)
                .run();
            return Status{};
        });
    }

    Status end(const std::vector<SessionId>& ids) override {
        if (ids.empty()) return {};
        return database_->write("session.end", Durability::kDurable, [&](auto& session) {
            for (const SessionId& id : ids) {
                Query(session, "DELETE FROM sessions WHERE id = ?").bind(id.hex()).run();
            }
            return Status{};
        });
    }

    Status touch(const std::vector<SessionTouch>& touches) override {
        if (touches.empty()) return {};
        return database_->write("session.touch", Durability::kRelaxed, [&](auto& session) {
            for (const SessionTouch& touched : touches) {
                Query(session,
                      "UPDATE sessions SET acting_post = ?, assurance = ?, last_seen_at = ?, assurance_at = ?"
                      " WHERE id = ?")
                    .bind(touched.actingPost)
                    .bind(std::int64_t{touched.assurance})
                    .bind(touched.lastSeenAt)
                    .bind(touched.assuranceAt)
                    .bind(touched.id.hex())
                    .run();
            }
            return Status{};
        });
    }

    Status load(core::WallTime now, const std::function<void(SessionRecord&&)>& take) override {
        return database_->read("session.load", [&](auto& session) {
            Query(session,
                  "SELECT id, person, acting_post, assurance, created_at, last_seen_at, expires_at, ip, user_agent,"
                  " assurance_at FROM sessions WHERE expires_at > ?")
                .bind(now)
                .template each<Text, Number, Number, Number, Number, Number, Number, Text, Text, Number>(
                    [&](Text& id, Number person, Number post, Number assurance, Number created, Number seen,
                        Number expires, Text& ip, Text& userAgent, Number assuranceAt) {
                        const auto parsed = SessionId::fromHex(id);
                        if (!parsed) return;
                        take({*parsed, person, post, static_cast<int>(assurance), core::fromUnixMicros(created),
                              core::fromUnixMicros(seen), core::fromUnixMicros(expires), ip, userAgent,
                              core::fromUnixMicros(assuranceAt)});
                    });
            return Status{};
        });
    }

    Result<std::int64_t> purge(core::WallTime now) override {
        return sqlite::purge(*database_, "session.purge", "DELETE FROM sessions WHERE expires_at <= ?", now);
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<SessionStore> makeSessionStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteSessionStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
