#include "sync/quality/lookup_checks.h"

#include <deque>
#include <unordered_map>
#include <utility>

namespace yimen::sync::quality {

namespace {

using mapping::Block;
using mapping::CellText;
using mapping::isNullCell;
using Parts = RuleSet::Parts;

bool counts(const Block& block, std::size_t row) noexcept {
    return block.states[row] == Block::State::kGood && block.ops[row] == Op::kUpsert;
}

/// Values that occur twice in what was read lately, or belong to another record of the shared database. Batches on
/// their way to the target are not there yet, so the last ones are kept in mind.
class UniqueCheck final : public FieldCheck {
public:
    UniqueCheck(const RuleSpec& rule, const Parts& parts) : FieldCheck(rule), parts_(parts) {
        for (const std::size_t field : rule.fields) names_.push_back(parts.fields[field].field.name);
        for (std::size_t i = 0; i < parts.fields.size(); ++i) {
            if (parts.fields[i].field.key) keys_.push_back(i);
        }
    }
    void begin() override {
        constexpr std::size_t kBatchesOnTheirWay = 4;
        lately_.emplace_front();
        if (lately_.size() > kBatchesOnTheirWay) lately_.pop_back();
        asked_.clear();
        values_.clear();
    }
    core::Status mark(const Block& block, std::vector<std::uint8_t>& bad) override {
        for (std::size_t row = 0; row < block.count; ++row) {
            if (!counts(block, row)) continue;
            const std::string key = together(block, row, keys_);
            const std::string value = together(block, row, rule_.fields);
            if (!value.empty()) {
                if (const std::string* other = holderOf(value); other != nullptr && *other != key) {
                    bad[row] = 1;
                    continue;
                }
                lately_.front().keyOf.emplace(value, key);
                asked_.push_back({static_cast<std::uint32_t>(block.first + row), key, value});
                values_.push_back(cells(block, row));
            }
            lately_.front().valueOf[key] = value;
        }
        return {};
    }
    core::Result<std::vector<Hit>> settle() override {
        std::vector<Hit> out;
        if (parts_.lookup == nullptr) return out;
        YIMEN_TRY(const auto holders, parts_.lookup->holders(parts_.item, names_, values_));
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            if (!holders[i] || *holders[i] == asked_[i].key || gaveUp(*holders[i], asked_[i].value)) continue;
            out.push_back({asked_[i].row, values_[i][0]});
        }
        return out;
    }

private:
    struct Lately {
        std::unordered_map<std::string, std::string> keyOf;    ///< by value
        std::unordered_map<std::string, std::string> valueOf;  ///< by key
    };
    struct Asked {
        std::uint32_t row = 0;
        std::string key;
        std::string value;
    };
    const std::string* holderOf(const std::string& value) const {
        for (const Lately& batch : lately_) {
            const auto found = batch.keyOf.find(value);
            if (found != batch.keyOf.end()) return &found->second;
        }
        return nullptr;
    }
    /// The record that has the value in the target was read lately with another one.
    bool gaveUp(const std::string& key, const std::string& value) const {
        for (const Lately& batch : lately_) {
            const auto found = batch.valueOf.find(key);
            if (found != batch.valueOf.end()) return found->second != value;
        }
        return false;
    }
    static std::string together(const Block& block, std::size_t row, const std::vector<std::size_t>& fields) {
        std::string out;
        for (const std::size_t field : fields) {
            const CellText cell = block.column(field)[row];
            if (isNullCell(cell)) return {};
            if (!out.empty()) out += kKeySeparator;
            out += cell;
        }
        return out;
    }
    std::vector<std::string> cells(const Block& block, std::size_t row) const {
        std::vector<std::string> out;
        for (const std::size_t field : rule_.fields) out.emplace_back(block.column(field)[row]);
        return out;
    }

    const Parts parts_;
    std::vector<std::string> names_;
    std::vector<std::size_t> keys_;
    std::deque<Lately> lately_;  ///< this batch first
    std::vector<Asked> asked_;
    std::vector<std::vector<std::string>> values_;  ///< beside asked_
};

class ReferenceCheck final : public FieldCheck {
public:
    ReferenceCheck(const RuleSpec& rule, const Parts& parts) : FieldCheck(rule), lookup_(*parts.lookup) {}
    void begin() override {
        values_.clear();
        numbers_.clear();
        rows_.clear();
    }
    core::Status mark(const Block& block, std::vector<std::uint8_t>&) override {
        for (std::size_t row = 0; row < block.count; ++row) {
            const CellText cell = block.column(field_)[row];
            if (isNullCell(cell) || !counts(block, row)) continue;
            const auto [place, isNew] = numbers_.emplace(std::string(cell), values_.size());
            if (isNew) values_.emplace_back(cell);
            rows_.emplace_back(static_cast<std::uint32_t>(block.first + row), place->second);
        }
        return {};
    }
    core::Result<std::vector<Hit>> settle() override {
        std::vector<Hit> out;
        if (values_.empty()) return out;
        YIMEN_TRY(const auto there, lookup_.exist(rule_.item, rule_.itemField, values_));
        for (const auto& [row, number] : rows_) {
            if (!there[number]) out.push_back({row, values_[number]});
        }
        return out;
    }

private:
    RowLookup& lookup_;
    std::vector<std::string> values_;  ///< of this batch, each once
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<std::pair<std::uint32_t, std::size_t>> rows_;
};

}  // namespace

std::unique_ptr<RuleSet::Check> uniqueCheck(const RuleSpec& rule, const Parts& parts) {
    return std::make_unique<UniqueCheck>(rule, parts);
}

std::unique_ptr<RuleSet::Check> referenceCheck(const RuleSpec& rule, const Parts& parts) {
    return std::make_unique<ReferenceCheck>(rule, parts);
}

}  // namespace yimen::sync::quality
