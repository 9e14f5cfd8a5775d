#include "sync/mapping/mapper.h"

#include <algorithm>
#include <map>

#include "sync/formats/utf8.h"
#include "sync/mapping/gather.h"
#include "sync/mapping/place_step.h"
#include "sync/mapping/script.h"
#include "sync/mapping/steps.h"
#include "sync/quality/rules.h"
#include "sync/raw_row.h"
#include "sync/row_hash.h"

namespace yimen::sync {

namespace {

using mapping::Block;
using mapping::CellText;
using mapping::FieldSpec;

std::int64_t todayIn(const core::Clock& clock, std::int64_t zoneSeconds) {
    constexpr std::int64_t kDaySeconds = 86'400;
    return (core::toUnixSeconds(clock.wall()) + zoneSeconds) / kDaySeconds;
}

class CompiledMapper final : public Mapper {
public:
    CompiledMapper(std::vector<FieldSpec> fields, std::vector<SourceField> columns, const MapperServices& services)
        : fields_(std::move(fields)), columns_(std::move(columns)), services_(services) {}

    core::Status compile(const ItemSpec& item);
    core::Status map(const Batch& in, Mapped& out) override;

private:
    void refreshTables();
    void refuseBadText(Block& block);
    core::Status mapBlock(Block& block);
    void forgetDeleted(Block& block);
    void emit(Block& block, Mapped& out);
    void reject(const Block& block, const mapping::Fault& fault, Mapped& out) const;
    std::optional<std::uint64_t> keyOf(const Block& block, std::size_t row) const;

    std::vector<FieldSpec> fields_;
    std::vector<SourceField> columns_;
    MapperServices services_;
    std::vector<mapping::CodeTableSpec> tableSpecs_;
    std::map<std::string, mapping::CodeTable, std::less<>> tables_;
    std::int64_t tablesDay_ = 0;
    mapping::StepContext context_;
    std::optional<mapping::Gather> gather_;
    std::unique_ptr<mapping::Script> script_;
    std::vector<mapping::Steps> steps_;
    mapping::Steps places_;
    std::unique_ptr<quality::RuleSet> rules_;
    std::vector<mapping::Steps> masks_;
    std::vector<std::size_t> keys_;
    std::vector<std::uint8_t> keyed_;  ///< rows of the block whose key could be made
    Block block_;
    std::string rowText_;
    std::vector<Batch::Cell> rowCells_;
};

core::Status CompiledMapper::compile(const ItemSpec& item) {
    config::YamlErrors errors;
    if (item.codes) tableSpecs_ = mapping::readCodeTables(*item.codes, errors);
    YIMEN_TRY_STATUS(errors.status());
    refreshTables();
    context_.keyedHash = services_.keyedHash;
    context_.table = [this](const std::string& name) -> const mapping::CodeTable* {
        const auto found = tables_.find(name);
        return found == tables_.end() ? nullptr : &found->second;
    };
    YIMEN_TRY(gather_, mapping::Gather::compile(fields_, item.deletes, columns_));
    YIMEN_TRY(script_, mapping::Script::compile(item, {fields_, columns_, context_, *services_.clock}));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        YIMEN_TRY(auto steps, mapping::compileSteps(fields_[i], context_));
        steps_.push_back(std::move(steps));
        YIMEN_TRY(auto masks, mapping::compileMask(fields_[i], context_));
        masks_.push_back(std::move(masks));
        if (fields_[i].field.key) keys_.push_back(i);
        if (fields_[i].coordinate) places_.push_back(mapping::placeStep(fields_, i));
    }
    rowCells_.resize(fields_.size());
    if (!item.quality) return {};
    auto rules = quality::readRules(*item.quality, fields_, item.codes ? &*item.codes : nullptr, errors);
    YIMEN_TRY_STATUS(errors.status());
    rules_ = std::make_unique<quality::RuleSet>(
        std::move(rules),
        quality::RuleSet::Parts{fields_, context_, *services_.clock, services_.lookup, item.table.code});
    return rules_->prepare(columns_);
}

void CompiledMapper::refreshTables() {
    constexpr std::int64_t kDistrictZone = 8 * 3600;
    const std::int64_t today = todayIn(*services_.clock, kDistrictZone);
    if (today == tablesDay_ && !tables_.empty()) return;
    tablesDay_ = today;
    for (const auto& spec : tableSpecs_) tables_.insert_or_assign(spec.name, mapping::CodeTable(spec.on(today)));
}

core::Status CompiledMapper::map(const Batch& in, Mapped& out) {
    if (in.columns() != columns_.size()) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "the source gives " + std::to_string(in.columns()) + " columns where it described " +
                                   std::to_string(columns_.size()) +
                                   ": run the item again, so that its columns are read anew");
    }
    out.reset(fields_.size());
    refreshTables();
    if (rules_) rules_->begin(out.rules);
    const std::string_view arena = in.arena();
    const bool clean = validUtf8(arena) && arena.find('\0') == std::string_view::npos;
    for (std::size_t first = 0; first < in.rows(); first += mapping::kBlockRows) {
        block_.open(in, first, std::min(mapping::kBlockRows, in.rows() - first), fields_.size());
        if (!clean) refuseBadText(block_);
        YIMEN_TRY_STATUS(mapBlock(block_));
        emit(block_, out);
    }
    return rules_ ? rules_->settle(in, columns_, out) : core::Status();
}

/// Texts that no shared database takes: found here rather than by halving batches at the target.
void CompiledMapper::refuseBadText(Block& block) {
    for (std::size_t row = 0; row < block.count; ++row) {
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            const CellText cell = block.source(row, column);
            const bool zero = cell.find('\0') != CellText::npos;
            if (!zero && validUtf8(cell)) continue;
            block.reject(
                row, columns_[column].name, "text",
                zero ? "文字中有 NUL 字符；请在来源删除 / the text holds a NUL character; remove it at the source"
                     : "文字不是有效的 UTF-8；请核对来源字符集 / not valid UTF-8; check the charset of the source");
        }
    }
}

core::Status CompiledMapper::mapBlock(Block& block) {
    gather_->run(block);
    if (script_) YIMEN_TRY_STATUS(script_->run(block));
    forgetDeleted(block);
    // Keys first: a row that is refused for another field still says which record it is.
    for (const std::size_t key : keys_) {
        for (auto& step : steps_[key]) step->run(block, key);
    }
    keyed_.resize(block.count);
    for (std::size_t row = 0; row < block.count; ++row) keyed_[row] = block.states[row] == Block::State::kGood ? 1 : 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (fields_[i].field.key) continue;
        for (auto& step : steps_[i]) step->run(block, i);
    }
    for (auto& step : places_) step->run(block, 0);
    if (rules_) YIMEN_TRY_STATUS(rules_->run(block));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        for (auto& step : masks_[i]) step->run(block, i);
    }
    forgetDeleted(block);
    return {};
}

/// Of a record that is gone only the key counts: what else it says can neither be wrong nor be stored.
void CompiledMapper::forgetDeleted(Block& block) {
    const auto gone = [](Op op) { return op == Op::kDelete; };
    if (std::none_of(block.ops.begin(), block.ops.end(), gone)) return;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (fields_[i].field.key) continue;
        const auto column = block.column(i);
        for (std::size_t row = 0; row < block.count; ++row) {
            if (block.ops[row] == Op::kDelete) column[row] = mapping::kNullCell;
        }
    }
}

void CompiledMapper::emit(Block& block, Mapped& out) {
    for (std::size_t row = 0; row < block.count; ++row) {
        if (block.states[row] == Block::State::kDropped) ++out.dropped;
        if (block.states[row] != Block::State::kGood) continue;
        std::size_t size = 0;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            size += block.cells[i * mapping::kBlockRows + row].size();
        }
        if (rowText_.size() < size) rowText_.resize(size * 2);
        std::size_t used = 0;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const CellText cell = block.cells[i * mapping::kBlockRows + row];
            const std::int32_t length = mapping::isNullCell(cell) ? -1 : static_cast<std::int32_t>(cell.size());
            rowCells_[i] = {static_cast<std::uint32_t>(used), length};
            cell.copy(rowText_.data() + used, cell.size());
            used += cell.size();
        }
        const std::uint64_t origin = block.in->origin(block.first + row);
        if (out.rows.appendRow(origin, {rowText_.data(), used}, rowCells_)) {
            out.rows.setOp(out.rows.rows() - 1, block.ops[row]);
            out.sources.push_back(static_cast<std::uint32_t>(block.first + row));
        } else {
            block.reject(row, fields_.front().field.name, "too_large",
                         "整行超过 64 MiB；请改存文件 / the row is over 64 MiB; keep such contents as files");
        }
    }
    std::stable_sort(block.faults.begin(), block.faults.end(),
                     [](const auto& a, const auto& b) { return a.row < b.row; });
    for (const auto& fault : block.faults) reject(block, fault, out);
}

std::optional<std::uint64_t> CompiledMapper::keyOf(const Block& block, std::size_t row) const {
    if (keyed_[row] == 0) return std::nullopt;
    std::vector<std::string_view> cells;
    for (const std::size_t key : keys_) {
        if (!masks_[key].empty()) return std::nullopt;  // a refused row is not masked: the target knows another key
        cells.push_back(block.column(key)[row]);
        if (mapping::isNullCell(cells.back())) return std::nullopt;
    }
    return keyHash(cells);
}

void CompiledMapper::reject(const Block& block, const mapping::Fault& fault, Mapped& out) const {
    out.rejected.push_back({.origin = block.in->origin(block.first + fault.row),
                            .rule = std::string(fault.rule),
                            .field = std::string(fault.field),
                            .message = fault.message,
                            .raw = rawRowText(columns_, *block.in, block.first + fault.row),
                            .key = keyOf(block, fault.row)});
    out.refusedSources.push_back(static_cast<std::uint32_t>(block.first + fault.row));
    const Reject& made = out.rejected.back();
    const auto same = [&](const RuleCount& count) {
        return count.rule == made.rule && count.field == made.field && count.severity == "reject";
    };
    auto count = std::find_if(out.rules.begin(), out.rules.end(), same);
    if (count == out.rules.end()) count = out.rules.insert(count, {made.rule, made.field, "reject", 0, {}});
    quality::addToCount(*count, made.origin);
}

}  // namespace

core::Result<std::unique_ptr<Mapper>> compileMapper(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                    const MapperServices& services) {
    config::YamlErrors errors;
    auto fields = mapping::readFields(item.fields, !item.script.empty(), errors);
    YIMEN_TRY_STATUS(errors.status());
    auto mapper = std::make_unique<CompiledMapper>(std::move(fields), columns, services);
    YIMEN_TRY_STATUS(mapper->compile(item));
    return std::unique_ptr<Mapper>(std::move(mapper));
}

core::Result<std::unique_ptr<Mapper>> compileMapper(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                    const core::Clock& clock) {
    return compileMapper(item, columns, MapperServices{.clock = &clock, .keyedHash = {}, .lookup = nullptr});
}

}  // namespace yimen::sync
