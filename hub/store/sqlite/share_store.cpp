#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

constexpr const char* kSelect =
    "SELECT id, item, unit, requester, purpose, legal_basis, terms, state, decided_by, valid_from,"
    " valid_to, created_at, changed_at, version FROM shares";

template <typename Take>
void eachShare(Query& query, Take take) {
    query.each<Number, Text, Text, Number, Text, Text, Text, Text, Number, Number, Number, Number, Number, Number>(
        [&](Number id, Text& item, Text& unit, Number requester, Text& purpose, Text& basis, Text& terms, Text& state,
            Number decided, Number from, Number to, Number created, Number changed, Number version) {
            take(ShareRecord{id, item, unit, requester, purpose, basis, terms, state, decided,
                             core::fromUnixMicros(from), core::fromUnixMicros(to), core::fromUnixMicros(created),
                             core::fromUnixMicros(changed), version});
        });
}

class SqliteShareStore final : public ShareStore {
public:
    explicit SqliteShareStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<ShareRecord> create(const ShareRecord& share, const ShareEventRecord& event) override {
        ShareRecord made = share;
        made.version = 1;
        const Status done = database_->write("share.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO shares (item, unit, requester, purpose, legal_basis, terms, state, decided_by,"
                  " valid_from, valid_to, created_at, changed_at, version)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")
                .bind(share.item)
                .bind(share.unit)
                .bind(share.requester)
                .bind(share.purpose)
                .bind(share.legalBasis)
                .bind(share.terms)
                .bind(share.state)
                .bind(share.decidedBy)
                .bind(share.from)
                .bind(share.to)
                .bind(share.createdAt)
                .bind(share.changedAt)
                .run();
            Query(session, "SELECT last_insert_rowid()").template each<Number>([&](Number id) { made.id = id; });
            note(session, made.id, event);
            return Status{};
        });
        return resultOf(done, std::move(made));
    }

    Result<std::optional<ShareRecord>> get(ShareId id) override {
        std::optional<ShareRecord> found;
        const Status done = database_->read("share.get", [&](auto& session) {
            eachShare(Query(session, kSelect, " WHERE id = ?").bind(id),
                      [&](ShareRecord share) { found = std::move(share); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<ShareRecord>> list(const std::string& state) override {
        std::vector<ShareRecord> found;
        const Status done = database_->read("share.list", [&](auto& session) {
            eachShare(Query(session, kSelect, " WHERE ? IN ('', state) ORDER BY id DESC").bind(state),
                      [&](ShareRecord share) { found.push_back(std::move(share)); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::int64_t> update(const ShareRecord& share, const ShareEventRecord& event) override {
        const Status done = database_->write("share.update", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed =
                Query(session,
                      "UPDATE shares SET purpose = ?, legal_basis = ?, terms = ?, state = ?, decided_by = ?,"
                      " valid_from = ?, valid_to = ?, changed_at = ?, version = version + 1"
                      " WHERE id = ? AND version = ?")
                    .bind(share.purpose)
                    .bind(share.legalBasis)
                    .bind(share.terms)
                    .bind(share.state)
                    .bind(share.decidedBy)
                    .bind(share.from)
                    .bind(share.to)
                    .bind(share.changedAt)
                    .bind(share.id)
                    .bind(share.version)
                    .run();
            if (changed != 1) return changedMeanwhile();
            note(session, share.id, event);
            return {};
        });
        return resultOf(done, share.version + 1);
    }

    Result<std::vector<ShareEventRecord>> events(ShareId id) override {
        std::vector<ShareEventRecord> found;
        const Status done = database_->read("share.events", [&](auto& session) {
            Query(session, "SELECT at, actor, action, state, reason FROM share_events WHERE share = ? ORDER BY id")
                .bind(id)
                .template each<Number, Number, Text, Text, Text>(
                    [&](Number at, Number actor, Text& action, Text& state, Text& reason) {
                        found.push_back({core::fromUnixMicros(at), actor, action, state, reason});
                    });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

private:
    static void note(Poco::Data::Session& session, ShareId id, const ShareEventRecord& event) {
        Query(session, "INSERT INTO share_events (share, at, actor, action, state, reason) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(id)
            .bind(event.at)
            .bind(event.actor)
            .bind(event.action)
            .bind(event.state)
            .bind(event.reason)
            .run();
    }

    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<ShareStore> makeShareStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteShareStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
