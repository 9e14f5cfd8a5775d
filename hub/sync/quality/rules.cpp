#include "sync/quality/rules.h"

#include <algorithm>

#include "sync/mapping/messages.h"
#include "sync/mapping/text_ops.h"
#include "sync/quality/checks.h"
#include "sync/raw_row.h"
#include "sync/row_hash.h"

namespace yimen::sync::quality {

using mapping::Block;
using mapping::CellText;

namespace {

mapping::FaultText textOf(RuleKind kind) noexcept {
    switch (kind) {
        case RuleKind::kRequired:
            return {"required", "必填而为空；请在来源补全", "must not be empty; complete it at the source"};
        case RuleKind::kLength:
            return {"length", "长度不在规定范围；请核对来源", "its length is out of bounds; check the source"};
        case RuleKind::kPattern:
            return {"pattern", "形式不合规定；请核对来源", "not of the declared form; check the source"};
        case RuleKind::kRange:
            return {"range", "超出规定范围；请核对来源", "out of range; check the source"};
        case RuleKind::kCode:
            return {"code_table", "不在代码表中；补充代码表或更正来源",
                    "not in the code table; add it or correct the source"};
        case RuleKind::kDateNotFuture:
            return {"date_not_future", "日期在将来；请核对来源", "lies in the future; check the source"};
        case RuleKind::kReference:
            return {"reference", "所指的记录不存在；先同步被引用的数据项",
                    "refers to nothing; sync the item it refers to first"};
        default:
            return {"unique", "与另一条记录重复；请在来源更正",
                    "another record has the same; correct it at the source"};
    }
}

}  // namespace

int compareDecimals(std::string_view a, std::string_view b) noexcept {
    const bool negative = a.starts_with('-');
    if (negative != b.starts_with('-')) return negative ? -1 : 1;
    if (negative) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    const std::size_t wholeA = std::min(a.find('.'), a.size());
    const std::size_t wholeB = std::min(b.find('.'), b.size());
    int order = wholeA != wholeB ? (wholeA < wholeB ? -1 : 1) : a.compare(b);
    if (order != 0) order = order < 0 ? -1 : 1;
    return negative ? -order : order;
}

void addToCount(RuleCount& count, std::uint64_t origin) {
    constexpr std::size_t kSamples = 10;
    ++count.count;
    if (count.samples.size() < kSamples) count.samples.push_back(origin);
}

RuleSet::RuleSet(std::vector<RuleSpec> rules, const Parts& parts) : parts_(parts), rules_(std::move(rules)) {}
RuleSet::~RuleSet() = default;

core::Status RuleSet::prepare(const std::vector<SourceField>& columns) {
    for (const RuleSpec& rule : rules_) {
        if (rule.kind == RuleKind::kReference && parts_.lookup == nullptr) {
            return core::makeError(core::ErrorCode::kInvalidInput,
                                   rule.where + ": reference needs the shared database, which is not here");
        }
        if (rule.kind == RuleKind::kHeader) {
            const std::string fault = headerFault(rule, columns);
            if (!fault.empty() && rule.severity == Severity::kStop) {
                return core::makeError(core::ErrorCode::kInvalidInput, rule.where + ": " + fault);
            }
            if (!fault.empty()) ofHeader_.push_back({"header", fault, "warn", 1, {}});
        }
        checks_.push_back(makeCheck(rule, {parts_.fields, parts_.context, parts_.clock, parts_.lookup, parts_.item}));
    }
    return {};
}

void RuleSet::begin(std::vector<RuleCount>& counts) {
    counts_ = &counts;
    counts.insert(counts.end(), ofHeader_.begin(), ofHeader_.end());
    for (auto& check : checks_) {
        if (check) check->begin();
    }
}

RuleCount& RuleSet::countOf(const RuleSpec& rule) {
    const std::string_view name = textOf(rule.kind).rule;
    const std::string& field = parts_.fields[rule.fields[0]].field.name;
    const std::string_view severity = toString(rule.severity);
    for (RuleCount& count : *counts_) {
        if (count.rule == name && count.field == field && count.severity == severity) return count;
    }
    counts_->push_back({std::string(name), field, std::string(severity), 0, {}});
    return counts_->back();
}

core::Status RuleSet::punish(Block& block, std::size_t number, const std::vector<std::uint8_t>& bad) {
    const RuleSpec& rule = rules_[number];
    const auto column = block.column(rule.fields[0]);
    const mapping::FieldSpec& field = parts_.fields[rule.fields[0]];
    for (std::size_t row = 0; row < block.count; ++row) {
        if (bad[row] == 0) continue;
        const std::string message = faultMessage(field, textOf(rule.kind), column[row]);
        const std::uint64_t origin = block.in->origin(block.first + row);
        switch (rule.severity) {
            case Severity::kStop:
                return core::makeError(core::ErrorCode::kInvalidInput, rule.where + ": 第 " + std::to_string(origin) +
                                                                           " 条 / record " + std::to_string(origin) +
                                                                           ": " + message);
            case Severity::kReject:
                block.reject(row, field.field.name, textOf(rule.kind).rule, message);
                break;
            case Severity::kFix:
                column[row] = checks_[number]->mended(column[row]);
                addToCount(countOf(rule), origin);
                break;
            case Severity::kWarn:
                addToCount(countOf(rule), origin);
                break;
        }
    }
    return {};
}

core::Status RuleSet::run(Block& block) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (!checks_[i]) continue;
        bad_.assign(block.count, 0);
        YIMEN_TRY_STATUS(checks_[i]->mark(block, bad_));
        bool any = false;
        for (std::size_t row = 0; row < block.count; ++row) {
            const bool counts = block.states[row] == Block::State::kGood && block.ops[row] == Op::kUpsert;
            if (!counts) bad_[row] = 0;
            any = any || bad_[row] != 0;
        }
        if (any) YIMEN_TRY_STATUS(punish(block, i, bad_));
    }
    return {};
}

namespace {

/// The rows of `out` but those in `refused`, which is in order.
void leaveOut(Mapped& out, const std::vector<std::uint32_t>& refused) {
    std::vector<std::uint32_t> kept;
    std::vector<std::uint32_t> sources;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < out.rows.rows(); ++row) {
        if (next < refused.size() && refused[next] == row) {
            ++next;
            continue;
        }
        kept.push_back(row);
        sources.push_back(out.sources[row]);
    }
    out.rows = copyRows(out.rows, kept);
    out.sources = std::move(sources);
}

std::vector<std::size_t> keysOf(const std::vector<mapping::FieldSpec>& fields) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field.key) out.push_back(i);
    }
    return out;
}

}  // namespace

core::Status RuleSet::settleOne(std::size_t number, const Batch& in, Mapped& out, std::vector<std::uint32_t>& refused) {
    const RuleSpec& rule = rules_[number];
    const mapping::FieldSpec& field = parts_.fields[rule.fields[0]];
    YIMEN_TRY(const auto hits, checks_[number]->settle());
    for (const Check::Hit& hit : hits) {
        const auto found = std::lower_bound(out.sources.begin(), out.sources.end(), hit.row);
        if (found == out.sources.end() || *found != hit.row) continue;  // refused for something else
        const auto row = static_cast<std::uint32_t>(found - out.sources.begin());
        const std::uint64_t origin = in.origin(hit.row);
        const std::string message = faultMessage(field, textOf(rule.kind), hit.value);
        if (rule.severity == Severity::kStop) {
            return core::makeError(core::ErrorCode::kInvalidInput, rule.where + ": 第 " + std::to_string(origin) +
                                                                       " 条 / record " + std::to_string(origin) + ": " +
                                                                       message);
        }
        if (rule.severity == Severity::kReject) {
            if (std::find(refused.begin(), refused.end(), row) != refused.end()) continue;
            refused.push_back(row);
            out.rejected.push_back({.origin = origin,
                                    .rule = std::string(textOf(rule.kind).rule),
                                    .field = field.field.name,
                                    .message = message,
                                    .raw = {},
                                    .key = keyHash(out.rows, row, keysOf(parts_.fields))});
            out.refusedSources.push_back(hit.row);
        } else if (rule.severity == Severity::kFix) {
            const CellText mended = checks_[number]->mended(hit.value);
            out.rows.setNull(row, rule.fields[0]);
            if (!mapping::isNullCell(mended) && !out.rows.set(row, rule.fields[0], mended)) {
                return core::makeError(core::ErrorCode::kTooLarge, rule.where + ": the batch is too large to mend");
            }
        }
        addToCount(countOf(rule), origin);
    }
    return {};
}

core::Status RuleSet::settle(const Batch& in, const std::vector<SourceField>& columns, Mapped& out) {
    std::vector<std::uint32_t> refused;
    const std::size_t before = out.rejected.size();
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (checks_[i]) YIMEN_TRY_STATUS(settleOne(i, in, out, refused));
    }
    if (refused.empty()) return {};
    for (std::size_t i = before; i < out.rejected.size(); ++i) {
        out.rejected[i].raw = rawRowText(columns, in, out.refusedSources[i]);
    }
    std::sort(refused.begin(), refused.end());
    leaveOut(out, refused);
    return {};
}

}  // namespace yimen::sync::quality
