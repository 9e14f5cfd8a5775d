#include "sync/targets/letter_book.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "sync/targets/fenced_writer.h"

namespace yimen::sync {

core::Status LetterBook::refresh(SqlSession& session, const std::string& item, std::int64_t batch, std::size_t limit) {
    const std::size_t room = limit - std::min(limit, keys_.size());
    YIMEN_TRY(const auto rows,
              session.run("SELECT identity FROM sync_dead_letter WHERE item = $1 AND batch > $2 AND keyed = 1 AND "
                          "state = 'open' LIMIT $3",
                          {item, known_, static_cast<std::int64_t>(room)}));
    for (std::size_t i = 0; i < rows.size(); ++i) keys_.set(static_cast<std::uint64_t>(rows.number(i, 0)), 0);
    known_ = batch;
    return {};
}

LetterNews LetterBook::news(const CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const {
    LetterNews out;
    const bool inOrder = record.batch->replayed.empty();       // letters are of many reads: their origins say nothing
    std::unordered_map<std::uint64_t, std::uint64_t> refused;  // key -> where it was refused last
    for (const Reject& reject : record.rejected) {
        if (!reject.key) continue;
        const auto [place, isNew] = refused.emplace(*reject.key, reject.origin);
        if (!isNew) place->second = std::max(place->second, reject.origin);
        if (isNew && inOrder && keys_.find(*reject.key)) out.replaced.push_back(*reject.key);
    }
    if (keys_.size() == 0 && refused.empty()) return out;
    std::unordered_set<std::uint32_t> bad;
    for (const Refused& one : outcome.refused) bad.insert(one.row);
    const auto add = [&](std::uint64_t key, std::uint64_t origin) {
        const auto found = refused.find(key);
        const bool good = found == refused.end() ? keys_.find(key).has_value() : inOrder && origin > found->second;
        if (good) out.mended.push_back(key);
    };
    const Batch& rows = *record.batch->rows;
    for (const auto* works : {&plan.fresh, &plan.merge, &plan.erase, &plan.same}) {
        for (const RowWork& work : *works) {
            if (!bad.contains(work.row)) add(work.key, rows.origin(work.row));
        }
    }
    return out;
}

void LetterBook::remember(const CommitRecord& record) {
    for (const Reject& reject : record.rejected) {
        if (reject.key) keys_.set(*reject.key, 0);
    }
    for (const std::uint64_t key : record.letters.mended) keys_.erase(key);
}

}  // namespace yimen::sync
