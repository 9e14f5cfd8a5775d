#include "sync/targets/plan.h"

#include <algorithm>
#include <bit>

#include "sync/targets/cells.h"

namespace yimen::sync {

Planner::Planner(const ItemTable& item, bool checkText)
    : item_(item), keys_(item.schema.keys()), checkText_(checkText) {}

const BatchPlan& Planner::plan(const Batch& rows, Knowledge knowledge, const KeyTable& known) {
    plan_.fresh.clear();
    plan_.merge.clear();
    plan_.erase.clear();
    plan_.refused.clear();
    plan_.same.clear();
    plan_.seen.clear();
    plan_.counters = {};
    winners_.clear();
    slots_.assign(std::bit_ceil(rows.rows() * 2 + 1), 0);
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        if (!check(rows, row)) continue;
        RowWork work;
        work.row = static_cast<std::uint32_t>(row);
        work.key = keyHash(rows, row, keys_);
        if (rows.op(row) == Op::kUpsert) work.hash = rowHash(rows, row);
        dedupe(rows, work);
    }
    for (std::size_t i = 0; i < winners_.size(); ++i) {
        if (i + KeyTable::kAhead < winners_.size()) known.expect(winners_[i + KeyTable::kAhead].key);
        place(rows, winners_[i], knowledge, known);
    }
    return plan_;
}

bool Planner::check(const Batch& rows, std::size_t row) {
    const bool upsert = rows.op(row) == Op::kUpsert;
    const auto refuse = [&](const Field& field, const std::string& message) {
        plan_.refused.push_back({static_cast<std::uint32_t>(row), field.name, message});
        return false;
    };
    for (std::size_t i = 0; i < item_.schema.fields.size(); ++i) {
        const Field& field = item_.schema.fields[i];
        if (rows.isNull(row, i)) {
            if (field.key) return refuse(field, "关键字段为空 / a key field is empty");
            continue;
        }
        if (!upsert && !field.key && item_.version != i) continue;
        if (!checkText_ && (field.type == FieldType::kText || field.type == FieldType::kJson)) continue;
        const char* wrong = wrongWith(field.type, rows.text(row, i), checkText_);
        if (wrong != nullptr) return refuse(field, std::string("值不符合类型 / ") + wrong);
    }
    return true;
}

void Planner::dedupe(const Batch& rows, RowWork work) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = work.key & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0) {
            winners_.push_back(work);
            slots_[slot] = static_cast<std::uint32_t>(winners_.size());
            return;
        }
        RowWork& winner = winners_[slots_[slot] - 1];
        if (winner.key != work.key || !sameKey(rows, winner.row, work.row)) continue;
        ++plan_.counters.deduped;
        if (!older(rows, work.row, winner.row)) winner = work;
        return;
    }
}

bool Planner::sameKey(const Batch& rows, std::size_t a, std::size_t b) const {
    return std::all_of(keys_.begin(), keys_.end(),
                       [&](std::size_t column) { return rows.text(a, column) == rows.text(b, column); });
}

bool Planner::older(const Batch& rows, std::size_t row, std::size_t than) const {
    if (!item_.version || rows.isNull(row, *item_.version) || rows.isNull(than, *item_.version)) return false;
    const std::string_view mine = rows.text(row, *item_.version);
    const std::string_view other = rows.text(than, *item_.version);
    switch (item_.schema.fields[*item_.version].type) {
        case FieldType::kInteger:
            return integerOf(mine) < integerOf(other);
        case FieldType::kDateTime:
            return instantOf(mine) < instantOf(other);
        default:
            return mine < other;
    }
}

void Planner::place(const Batch& rows, const RowWork& work, Knowledge knowledge, const KeyTable& known) {
    const bool upsert = rows.op(work.row) == Op::kUpsert;
    if (knowledge == Knowledge::kKeys) {
        const auto stored = known.find(work.key);
        if (upsert && !stored) {
            plan_.fresh.push_back(work);
        } else if (!stored || (upsert && *stored == work.hash)) {
            ++plan_.counters.unchanged;
            plan_.same.push_back(work);
            if (upsert) plan_.seen.push_back(work.key);
        } else {
            (upsert ? plan_.merge : plan_.erase).push_back(work);
        }
        return;
    }
    if (!upsert) {
        plan_.erase.push_back(work);
    } else {
        (knowledge == Knowledge::kAllNew ? plan_.fresh : plan_.merge).push_back(work);
    }
}

}  // namespace yimen::sync
