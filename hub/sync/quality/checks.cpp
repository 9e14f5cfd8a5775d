#include "sync/quality/checks.h"

#include <algorithm>
#include <utility>

#include "lua/pattern.h"
#include "sync/mapping/text_ops.h"
#include "sync/quality/lookup_checks.h"

namespace yimen::sync::quality {

namespace {

using mapping::Block;
using mapping::CellText;
using mapping::isNullCell;
using Parts = RuleSet::Parts;

/// A check made of a predicate of one value that is not null: true for a bad one.
template <typename Bad>
class ValueCheck final : public FieldCheck {
public:
    ValueCheck(const RuleSpec& rule, Bad bad) : FieldCheck(rule), bad_(std::move(bad)) {}
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        const auto column = block.column(field_);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!isNullCell(column[row]) && bad_(column[row])) bad[row] = 1;
        }
        return {};
    }

private:
    Bad bad_;
};
template <typename Bad>
std::unique_ptr<RuleSet::Check> valueCheck(const RuleSpec& rule, Bad bad) {
    return std::make_unique<ValueCheck<Bad>>(rule, std::move(bad));
}

class RequiredCheck final : public FieldCheck {
public:
    using FieldCheck::FieldCheck;
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        const auto column = block.column(field_);
        for (std::size_t row = 0; row < column.size(); ++row) bad[row] = column[row].empty() ? 1 : 0;
        return {};
    }
};

class LengthCheck final : public FieldCheck {
public:
    using FieldCheck::FieldCheck;
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        const auto column = block.column(field_);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (isNullCell(column[row])) continue;
            const auto length = static_cast<std::int64_t>(mapping::characters(column[row]));
            if (length < rule_.minLength || (rule_.maxLength > 0 && length > rule_.maxLength)) bad[row] = 1;
        }
        return {};
    }
    /// Too long a text is cut; too short a one is replaced.
    CellText mended(CellText bad) const override {
        std::size_t at = 0;
        for (std::int64_t i = 0; i < rule_.maxLength && at < bad.size(); ++i) {
            at = std::min(at + mapping::characterSize(bad[at]), bad.size());
        }
        return rule_.with || at == 0 || at == bad.size() ? FieldCheck::mended(bad) : bad.substr(0, at);
    }
};

class PatternCheck final : public FieldCheck {
public:
    explicit PatternCheck(const RuleSpec& rule) : FieldCheck(rule) { pattern_.compile(rule.pattern); }
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        const auto column = block.column(field_);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!isNullCell(column[row]) && !found(column[row])) bad[row] = 1;
        }
        return {};
    }

private:
    /// A text on which the pattern runs out of steps does not match.
    bool found(std::string_view text) const noexcept {
        constexpr std::int64_t kMaxSteps = 100'000;
        std::int64_t steps = kMaxSteps;
        for (std::size_t start = 0; start <= text.size(); ++start) {
            const auto match = pattern_.matchAt(text, start, steps);
            if (match.found) return true;
            if (match.outOfSteps || pattern_.anchored()) return false;
        }
        return false;
    }
    lua::Pattern pattern_;
};

class FutureCheck final : public FieldCheck {
public:
    FutureCheck(const RuleSpec& rule, const Parts& parts)
        : FieldCheck(rule), clock_(parts.clock), dates_(parts.fields[field_].dates) {}
    void begin() override {
        const std::int64_t seconds = core::toUnixSeconds(clock_.wall()) + rule_.toleranceMs / 1000 + dates_.zone;
        const std::int64_t day = seconds / 86'400;
        mapping::DateTime at = mapping::dateOfDay(day);
        latest_ = two(at.year / 100) + two(at.year % 100) + "-" + two(at.month) + "-" + two(at.day);
        if (dates_.withTime) {
            latest_ += "T" + two(static_cast<int>(seconds / 3600 % 24)) + ":" +
                       two(static_cast<int>(seconds / 60 % 60)) + ":" + two(static_cast<int>(seconds % 60));
        }
    }
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        const auto column = block.column(field_);
        for (std::size_t row = 0; row < column.size(); ++row) {
            // Canonical text of one zone: the order of texts is the order of times, down to the second.
            if (column[row].substr(0, latest_.size()) > latest_) bad[row] = 1;
        }
        return {};
    }

private:
    static std::string two(int value) {
        return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
    }
    const core::Clock& clock_;
    const mapping::DateRule& dates_;
    std::string latest_;
};

std::unique_ptr<RuleSet::Check> rangeCheck(const RuleSpec& rule, FieldType type) {
    const bool isNumber = type == FieldType::kInteger || type == FieldType::kDecimal;
    return valueCheck(rule, [&rule, isNumber](CellText value) {
        const auto order = [&](const std::string& limit) {
            return isNumber ? compareDecimals(value, limit) : value.compare(limit);
        };
        return (rule.min && order(*rule.min) < 0) || (rule.max && order(*rule.max) > 0);
    });
}

}  // namespace

std::unique_ptr<RuleSet::Check> makeCheck(const RuleSpec& rule, const Parts& parts) {
    switch (rule.kind) {
        case RuleKind::kRequired:
            return std::make_unique<RequiredCheck>(rule);
        case RuleKind::kLength:
            return std::make_unique<LengthCheck>(rule);
        case RuleKind::kPattern:
            return std::make_unique<PatternCheck>(rule);
        case RuleKind::kRange:
            return rangeCheck(rule, parts.fields[rule.fields[0]].field.type);
        case RuleKind::kCode: {
            const mapping::CodeTable* table = parts.context.table(rule.table);
            return valueCheck(rule, [table](CellText value) { return isNullCell(table->find(value)); });
        }
        case RuleKind::kDateNotFuture:
            return std::make_unique<FutureCheck>(rule, parts);
        case RuleKind::kReference:
            return referenceCheck(rule, parts);
        case RuleKind::kUnique:
            return uniqueCheck(rule, parts);
        case RuleKind::kRows:
        case RuleKind::kHeader:
            return nullptr;
    }
    return nullptr;
}

std::string headerFault(const RuleSpec& rule, const std::vector<SourceField>& columns) {
    std::string missing;
    std::string extra;
    for (const auto& name : rule.columns) {
        const auto same = [&](const SourceField& column) { return column.name == name; };
        if (std::none_of(columns.begin(), columns.end(), same)) missing += " " + name;
    }
    for (const auto& column : columns) {
        if (rule.exact && std::find(rule.columns.begin(), rule.columns.end(), column.name) == rule.columns.end()) {
            extra += " " + column.name;
        }
    }
    std::string out;
    if (!missing.empty()) out = "来源缺少列 / the source lacks the columns:" + missing;
    if (!extra.empty()) out += (out.empty() ? "" : "; ") + ("来源多出列 / the source has other columns:" + extra);
    return out;
}

}  // namespace yimen::sync::quality
