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
        YIMEN_TRY(const auto rows, session->run("SELECT item, rule, field, count(*), min(id) FROM sync_dead_letter "
                                                "WHERE state = 'open' GROUP BY item, rule, field "
                                                "ORDER BY item, rule, field"));
        std::vector<Group> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            out.push_back({rows.text(i, 0), rows.text(i, 1), rows.text(i, 2),
                           static_cast<std::uint64_t>(rows.number(i, 3)), rows.number(i, 4)});
        }
        return out;
    }

    core::Result<std::vector<DeadLetter>> open(const std::string& item, const std::string& rule, DeadLetterId after,
                                               std::size_t limit) override {
        YIMEN_TRY(auto session, pool_->lease());
        std::vector<SqlValue> values{item, after, static_cast<std::int64_t>(limit)};
        if (!rule.empty()) values.emplace_back(rule);
        YIMEN_TRY(const auto rows,
                  session->run(std::string("SELECT id, item, run, map_version, created_at, rule, field, message, "
                                           "origin, raw FROM sync_dead_letter WHERE state = 'open' AND item = $1 AND "
                                           "id > $2 ") +
                                   (rule.empty() ? "" : "AND rule = $4 ") + "ORDER BY id LIMIT $3",
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
    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

}  // namespace

std::unique_ptr<DeadLetters> makeDeadLetters(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlDeadLetters>(std::move(pool), std::move(options));
}

}  // namespace yimen::sync
