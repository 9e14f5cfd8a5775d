#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

constexpr const char* kToken =
    "SELECT id, share, name, hash, issued_by, created_at, last_used_at, revoked_at FROM share_tokens WHERE id = ?";
constexpr const char* kTokens =
    "SELECT id, share, name, hash, issued_by, created_at, last_used_at, revoked_at FROM share_tokens"
    " WHERE share = ? ORDER BY id";

template <typename Take>
void eachToken(Query& query, Take take) {
    query.each<Number, Number, Text, Text, Number, Number, Number, Number>(
        [&](Number id, Number share, Text& name, Text& hash, Number issuer, Number created, Number used,
            Number revoked) {
            take(ShareTokenRecord{id, share, name, hash, issuer, core::fromUnixMicros(created),
                                  core::fromUnixMicros(used), core::fromUnixMicros(revoked)});
        });
}

class SqliteShareAccessStore final : public ShareAccessStore {
public:
    explicit SqliteShareAccessStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<ShareTokenRecord> addToken(const ShareTokenRecord& token) override {
        ShareTokenRecord made = token;
        const Status done = database_->write("share.token.add", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO share_tokens (share, name, hash, issued_by, created_at, last_used_at, revoked_at)"
                  " VALUES (?, ?, ?, ?, ?, 0, 0)")
                .bind(token.share)
                .bind(token.name)
                .bind(token.hash)
                .bind(token.issuedBy)
                .bind(token.createdAt)
                .run();
            Query(session, "SELECT last_insert_rowid()").template each<Number>([&](Number id) { made.id = id; });
            return Status{};
        });
        return resultOf(done, std::move(made));
    }

    Result<std::optional<ShareTokenRecord>> token(ShareTokenId id) override {
        std::optional<ShareTokenRecord> found;
        const Status done = database_->read("share.token.get", [&](auto& session) {
            eachToken(Query(session, kToken).bind(id), [&](ShareTokenRecord token) { found = std::move(token); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<ShareTokenRecord>> tokens(ShareId share) override {
        std::vector<ShareTokenRecord> found;
        const Status done = database_->read("share.token.list", [&](auto& session) {
            eachToken(Query(session, kTokens).bind(share),
                      [&](ShareTokenRecord token) { found.push_back(std::move(token)); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status revokeToken(ShareId share, ShareTokenId token, core::WallTime at) override {
        return database_->write("share.token.revoke", Durability::kDurable, [&](auto& session) -> Status {
            std::size_t known = 0;
            Query(session, "SELECT id FROM share_tokens WHERE id = ? AND share = ?")
                .bind(token)
                .bind(share)
                .template each<Number>([&](Number) { ++known; });
            if (known != 1) return noSuchRow();
            const std::size_t done = Query(session,
                                           "UPDATE share_tokens SET revoked_at = ? WHERE id = ? AND"
                                           " revoked_at = 0")
                                         .bind(at)
                                         .bind(token)
                                         .run();
            return done == 1 ? Status{} : Status(changedMeanwhile());
        });
    }

    Status noteUse(ShareTokenId token, core::WallTime at) override {
        return database_->write("share.token.use", Durability::kRelaxed, [&](auto& session) {
            Query(session, "UPDATE share_tokens SET last_used_at = max(last_used_at, ?) WHERE id = ?")
                .bind(at)
                .bind(token)
                .run();
            return Status{};
        });
    }

    Result<bool> take(ShareId share, Day day, std::int64_t rows, const ShareQuota& quota) override {
        bool taken = false;
        const Status done = database_->write("share.take", Durability::kRelaxed, [&](auto& session) {
            Query(session,
                  "INSERT INTO share_uses (share, day, calls, rows) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING")
                .bind(share)
                .bind(std::int64_t{day})
                .run();
            taken = Query(session,
                          "UPDATE share_uses SET calls = calls + 1, rows = rows + ? WHERE share = ? AND day = ?"
                          " AND calls + 1 <= ? AND rows + ? <= ?")
                        .bind(rows)
                        .bind(share)
                        .bind(std::int64_t{day})
                        .bind(quota.calls)
                        .bind(rows)
                        .bind(quota.rows)
                        .run() == 1;
            return Status{};
        });
        return resultOf(done, taken);
    }

    Result<std::vector<ShareUse>> uses(ShareId share, Day first) override {
        std::vector<ShareUse> found;
        const Status done = database_->read("share.uses", [&](auto& session) {
            Query(session, "SELECT day, calls, rows FROM share_uses WHERE share = ? AND day >= ? ORDER BY day")
                .bind(share)
                .bind(std::int64_t{first})
                .template each<Number, Number, Number>([&](Number day, Number calls, Number rows) {
                    found.push_back({static_cast<Day>(day), calls, rows});
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<ShareAccessStore> makeShareAccessStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteShareAccessStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
