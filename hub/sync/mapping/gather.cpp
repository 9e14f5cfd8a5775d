#include "sync/mapping/gather.h"

#include <algorithm>

#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

core::Result<std::size_t> findColumn(const std::string& name, const std::string& where,
                                     const std::vector<SourceField>& columns) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == name) return i;
        names.push_back(columns[i].name);
    }
    std::string message = where + ": the source has no column '" + name + "'";
    if (const auto near = config::nearestWord(name, names); !near.empty()) {
        message += ": did you mean '" + std::string(near) + "'?";
    } else {
        message += "; it has:";
        constexpr std::size_t kMaxNamed = 40;
        for (std::size_t i = 0; i < std::min(names.size(), kMaxNamed); ++i) message.append(" ").append(names[i]);
    }
    return core::makeError(core::ErrorCode::kInvalidInput, std::move(message));
}

/// The part-th piece (from 1) of a text; null when it has fewer.
CellText pieceOf(CellText text, std::string_view by, std::size_t part) noexcept {
    for (std::size_t i = 1;; ++i) {
        const std::size_t end = text.find(by);
        if (i == part) {
            const CellText piece = text.substr(0, end);
            return piece.empty() ? kEmptyCell : piece;
        }
        if (end == CellText::npos) return kNullCell;
        text.remove_prefix(end + by.size());
    }
}

/// The trimmed texts of several columns; nulls are left out, null when all are.
CellText joined(Block& block, std::size_t row, const std::vector<std::size_t>& columns, std::string_view by) {
    std::size_t size = 0;
    for (const std::size_t column : columns) size += block.source(row, column).size() + by.size();
    char* const out = block.arena.room(size + 1);
    std::size_t used = 0;
    bool any = false;
    for (const std::size_t column : columns) {
        const CellText cell = block.source(row, column);
        if (isNullCell(cell)) continue;
        if (any) used += by.copy(out + used, by.size());
        const CellText text = trimmed(cell);
        used += text.copy(out + used, text.size());
        any = true;
    }
    return any ? block.arena.commit(used) : kNullCell;
}

}  // namespace

core::Result<Gather> Gather::compile(const std::vector<FieldSpec>& fields, const DeleteRule& deletes,
                                     const std::vector<SourceField>& columns) {
    Gather out(fields);
    for (const FieldSpec& field : fields) {
        auto& numbers = out.columns_.emplace_back();
        for (const auto& name : field.columns) {
            YIMEN_TRY(const std::size_t number, findColumn(name, field.where, columns));
            numbers.push_back(number);
        }
    }
    if (deletes.how == DeleteRule::How::kFlag) {
        YIMEN_TRY(out.flag_, findColumn(deletes.field, "deletes.field", columns));
        out.flagValues_ = deletes.values;
    }
    return out;
}

void Gather::readFlag(Block& block) const {
    for (std::size_t row = 0; row < block.count; ++row) {
        const CellText cell = block.source(row, *flag_);
        if (isNullCell(cell)) continue;
        const CellText text = trimmed(cell);
        const bool gone = flagValues_.empty()
                              ? !text.empty()
                              : std::find(flagValues_.begin(), flagValues_.end(), text) != flagValues_.end();
        if (gone) block.ops[row] = Op::kDelete;
    }
}

void Gather::fill(Block& block, std::size_t field) const {
    const FieldSpec& spec = (*fields_)[field];
    const auto column = block.column(field);
    switch (spec.origin) {
        case Origin::kColumn:
            for (std::size_t row = 0; row < block.count; ++row) column[row] = block.source(row, columns_[field][0]);
            return;
        case Origin::kConstant:
            std::fill(column.begin(), column.end(), spec.text.empty() ? kEmptyCell : CellText(spec.text));
            return;
        case Origin::kSplit:
            for (std::size_t row = 0; row < block.count; ++row) {
                const CellText cell = block.source(row, columns_[field][0]);
                column[row] = isNullCell(cell) ? kNullCell : pieceOf(cell, spec.text, spec.part);
            }
            return;
        case Origin::kJoin:
            for (std::size_t row = 0; row < block.count; ++row) {
                column[row] = joined(block, row, columns_[field], spec.text);
            }
            return;
        case Origin::kExpression:
        case Origin::kScript:
            std::fill(column.begin(), column.end(), kNullCell);
            return;
    }
}

void Gather::run(Block& block) const {
    if (flag_) readFlag(block);
    for (std::size_t field = 0; field < fields_->size(); ++field) fill(block, field);
}

}  // namespace yimen::sync::mapping
