#include <utility>

#include "sync/targets/migrations.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

class SqlDeadLetters final : public DeadLetters {
public:
    SqlDeadLetters(std::shared_ptr<SqlPool> pool, TargetOptions options)
        : pool_(std::move(pool)), options_(std::move(options)) {}

    core::Result<std::vector<Group>> groups() override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows, session->run("SELECT item, rule, field, count(*), min(id), max(last_run), "
                                                "max(last_seen) FROM sync_dead_letter "
                                                "WHERE state = 'open' GROUP BY item, rule, field "
                                                "ORDER BY item, rule, field"));
        std::vector<Group> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            out.push_back({rows.text(i, 0), rows.text(i, 1), rows.text(i, 2),
                           static_cast<std::uint64_t>(rows.number(i, 3)), rows.number(i, 4), rows.number(i, 5),
                           rows.number(i, 6)});
        }
        return out;
    }

    core::Result<std::vector<DeadLetter>> open(const LetterFilter& filter, DeadLetterId after,
                                               std::size_t limit) override {
        YIMEN_TRY(auto session, pool_->lease());
        std::vector<SqlValue> values{filter.item, after, static_cast<std::int64_t>(limit)};
        YIMEN_TRY(const std::string which, condition(filter, values));
        YIMEN_TRY(const auto rows,
                  session->run("SELECT id, item, run, map_version, created_at, rule, field, message, origin, raw, "
                               "times, last_run, last_seen, keyed, identity FROM sync_dead_letter WHERE state = 'open' "
                               "AND item = $1 AND id > $2" +
                                   which + " ORDER BY id LIMIT $3",
                               values));
        std::vector<DeadLetter> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            DeadLetter letter;
            letter.id = rows.number(i, 0);
            letter.item = rows.text(i, 1);
            letter.run = rows.number(i, 2);
            letter.mapVersion = rows.text(i, 3);
            letter.createdAt = rows.number(i, 4);
            letter.reject.rule = rows.text(i, 5);
            letter.reject.field = rows.text(i, 6);
            letter.reject.message = rows.text(i, 7);
            letter.reject.origin = static_cast<std::uint64_t>(rows.number(i, 8));
            YIMEN_TRY(letter.reject.raw, options_.sealer->unseal(rows.text(i, 9), letter.item));
            letter.times = rows.number(i, 10);
            letter.lastRun = rows.number(i, 11);
            letter.lastSeen = rows.number(i, 12);
            letter.identity = static_cast<std::uint64_t>(rows.number(i, 14));
            if (rows.number(i, 13) != 0) letter.reject.key = letter.identity;
            out.push_back(std::move(letter));
        }
        return out;
    }

    core::Status discard(const std::vector<DeadLetterId>& ids, const std::string& who) override {
        YIMEN_TRY(auto session, pool_->lease());
        SqlTransaction transaction(*session);
        YIMEN_TRY_STATUS(transaction.begin());
        for (const DeadLetterId id : ids) {
            YIMEN_TRY(const auto done, session->run("UPDATE sync_dead_letter SET state = 'discarded', closed_by = $2, "
                                                    "closed_at = $3 WHERE id = $1 AND state = 'open'",
                                                    {id, who, nowMs(*options_.clock)}));
            if (done.affected != 1) {
                return core::makeError(core::ErrorCode::kConflict,
                                       "记录不存在或已处理 / a dead letter is not there or was dealt with meanwhile; "
                                       "read the list again");
            }
        }
        return transaction.commit();
    }

private:
    static core::Result<std::string> condition(const LetterFilter& filter, std::vector<SqlValue>& values) {
        std::string out;
        const auto add = [&](const char* column, const std::string& value) {
            values.emplace_back(value);
            out += std::string(" AND ") + column + " = $" + std::to_string(values.size());
        };
        if (!filter.rule.empty()) add("rule", filter.rule);
        if (filter.field) add("field", *filter.field);
        if (filter.ids.size() > LetterFilter::kMaxIds) {
            return core::makeError(core::ErrorCode::kTooLarge, "一次最多 1000 条 / at most 1000 dead letters at once");
        }
        if (filter.ids.empty()) return out;
        std::string ids;
        for (const DeadLetterId id : filter.ids) ids += (ids.empty() ? "" : ",") + std::to_string(id);
        return out + " AND id IN (" + ids + ")";
    }

    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

}  // namespace

std::unique_ptr<DeadLetters> makeDeadLetters(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlDeadLetters>(std::move(pool), std::move(options));
}

}  // namespace yimen::sync
