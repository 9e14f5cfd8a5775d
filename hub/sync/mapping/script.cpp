#include "sync/mapping/script.h"

#include <algorithm>
#include <charconv>

#include "sync/formats/utf8.h"

namespace yimen::sync::mapping {

namespace {

/// Rows of each block whose answers are looked through for names that are no field.
constexpr std::size_t kLookedAt = 4;

lua::Limits scriptLimits() {
    lua::Limits limits;
    limits.maxBytes = std::size_t{192} << 20U;  // a row may hold a cell of 64 MiB
    limits.maxChurnBytes = std::size_t{512} << 20U;
    limits.maxInstructions = 1'000'000;
    limits.maxLibrarySteps = 1'000'000;
    limits.maxTime = std::chrono::seconds(5);  // of a block of rows
    limits.maxStringBytes = std::size_t{16} << 20U;
    limits.generational = true;
    return limits;
}

std::vector<std::string> namesOf(const std::vector<SourceField>& columns) {
    std::vector<std::string> out;
    for (const auto& column : columns) out.push_back(column.name);
    return out;
}

/// Number of the field whose expression stands on the line that a message names; from 0.
std::size_t expressionOf(std::string_view message) noexcept {
    constexpr std::string_view kName = "expression:";
    const std::size_t at = message.find(kName);
    std::size_t line = 0;
    if (at != std::string_view::npos) {
        std::from_chars(message.data() + at + kName.size(), message.data() + message.size(), line);
    }
    return line < 2 ? 0 : line - 2;
}

}  // namespace

Script::Script(const Parts& parts, Private) : parts_(parts), functions_(parts.context) {
    state_ = std::make_unique<lua::State>(scriptLimits(), parts.clock, std::vector<lua::HostBinding>{}, library());
    cells_.resize(std::max<std::size_t>(parts.columns.size(), lua::kMaxTextArguments));
}

core::Result<std::unique_ptr<Script>> Script::compile(const ItemSpec& item, const Parts& parts) {
    const auto isExpression = [](const FieldSpec& f) { return f.origin == Origin::kExpression; };
    const bool any = std::any_of(parts.fields.begin(), parts.fields.end(), isExpression);
    if (item.script.empty() && !any) return std::unique_ptr<Script>();
    auto out = std::make_unique<Script>(parts, Private());
    if (any) YIMEN_TRY_STATUS(out->compileExpressions());
    if (!item.script.empty()) YIMEN_TRY_STATUS(out->compileScript(item));
    return out;
}

/// One expression per line, so that the line of an error says which. Each is compiled alone first: what is no single
/// expression does not get into the whole.
core::Status Script::compileExpressions() {
    std::string all = "return {map = function(row) return {\n";
    std::vector<std::string> names;
    for (std::size_t i = 0; i < parts_.fields.size(); ++i) {
        const FieldSpec& field = parts_.fields[i];
        if (field.origin != Origin::kExpression) continue;
        std::string text = field.text;
        std::replace(text.begin(), text.end(), '\n', ' ');
        const auto alone = lua::Chunk::compile("return (" + text + ")", "expression");
        if (!alone.ok())
            return core::makeError(core::ErrorCode::kInvalidInput, field.where + ": " + alone.error().message);
        all += "[\"" + field.field.name + "\"] = (" + text + "),\n";
        names.push_back(field.field.name);
        expressionFields_.push_back(i);
        keysByScript_ = keysByScript_ || field.field.key;
    }
    YIMEN_TRY(const auto chunk, lua::Chunk::compile(all + "} end}", "expression"));
    YIMEN_TRY(const int module, state_->load(chunk));
    expressions_.emplace(*state_, *state_->function(module, "map"), namesOf(parts_.columns), std::move(names));
    return {};
}

core::Status Script::compileScript(const ItemSpec& item) {
    YIMEN_TRY(const auto chunk, lua::Chunk::compile(item.script, item.scriptName));
    YIMEN_TRY(const int module, state_->load(chunk));
    batch_ = state_->function(module, "map_batch");
    const auto map = state_->function(module, "map");
    if (!batch_ && !map) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               item.scriptName + ": must return a table with map(row) or map_batch(b)");
    }
    std::vector<std::string> names;
    for (const auto& field : parts_.fields) {
        names.push_back(field.field.name);
        keysByScript_ = keysByScript_ || (field.field.key && field.origin == Origin::kScript);
    }
    if (map) rows_.emplace(*state_, *map, namesOf(parts_.columns), std::move(names));
    return {};
}

/// Rows that are gone need no more than their key; the script is asked only where it makes one.
bool Script::counts(const Block& block, std::size_t row) const noexcept {
    return block.states[row] == Block::State::kGood && (block.ops[row] == Op::kUpsert || keysByScript_);
}

core::Status Script::runBatch(Block& block) {
    lua::Table columns;
    columns.fields.reserve(parts_.columns.size());
    for (std::size_t i = 0; i < parts_.columns.size(); ++i) {
        columns.fields.emplace_back(parts_.columns[i].name, lua::Value(handleOf(i)));
    }
    if (made_.size() < parts_.columns.size()) made_.resize(parts_.columns.size());
    for (auto& cells : made_) cells.clear();
    madeCount_ = 0;
    block_ = &block;
    const auto answer = state_->call(*batch_, {lua::Value(std::move(columns))});
    core::Status status;
    if (!answer.ok()) {
        status = answer.error();
    } else if (answer->table() == nullptr) {
        status = core::makeError(core::ErrorCode::kInvalidInput, "map_batch gives a table of columns");
    } else {
        for (const auto& [name, value] : answer->table()->fields) {
            const auto field = std::find_if(parts_.fields.begin(), parts_.fields.end(),
                                            [&name = name](const FieldSpec& f) { return f.field.name == name; });
            const auto cells = column(value.text() != nullptr ? CellText(*value.text()) : kEmptyCell);
            if (field == parts_.fields.end() || !cells.ok()) {
                status =
                    core::makeError(core::ErrorCode::kInvalidInput,
                                    "map_batch gave '" + name + "', which is " +
                                        (cells.ok() ? "no field of this item" : "no column: " + cells.error().message));
                break;
            }
            const auto to = block.column(static_cast<std::size_t>(field - parts_.fields.begin()));
            std::copy(cells->begin(), cells->end(), to.begin());
        }
    }
    block_ = nullptr;
    return status;
}

void Script::refuse(Block& block, std::size_t row, const std::string& message, bool expressions) {
    const std::string_view rule = !rule_.empty() ? rule_ : expressions ? "expression" : "lua";
    std::string_view field = "map";
    if (expressions)
        field =
            parts_.fields[expressionFields_[std::min(expressionOf(message), expressionFields_.size() - 1)]].field.name;
    block.reject(row, field, rule, "脚本报错 / the script failed: " + message);
}

namespace {

/// Valid UTF-8 without NUL. Checked at once: when all of it is valid, a part is too if it does not begin within a
/// character.
bool wellFormed(const lua::RowCaller& caller) noexcept {
    if (!validUtf8(caller.bytes()) || caller.bytes().find('\0') != CellText::npos) return false;
    const auto texts = caller.texts();
    return std::none_of(texts.begin(), texts.end(), [](CellText text) {
        return !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U;
    });
}

}  // namespace

core::Status Script::takeRow(Block& block, std::size_t row, lua::RowCaller& caller, bool expressions) {
    const auto texts = caller.texts();
    if (!wellFormed(caller)) {
        block.reject(
            row, "map", "text",
            "脚本给出的文字不是有效的 UTF-8，或含 NUL / the script gave text that is not valid UTF-8, or holds NUL");
        return {};
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::size_t field = expressions ? expressionFields_[i] : i;
        if (isNullCell(texts[i])) continue;
        block.column(field)[row] = block.arena.copy(texts[i]);
    }
    if (expressions || row >= kLookedAt) return {};
    YIMEN_TRY(const std::string strange, caller.strangeName());
    if (strange.empty()) return {};
    return core::makeError(core::ErrorCode::kInvalidInput,
                           "map gave '" + strange + "', which is no field of this item");
}

core::Status Script::runRows(Block& block, lua::RowCaller& caller, bool expressions) {
    caller.begin();
    for (std::size_t row = 0; row < block.count; ++row) {
        if (!counts(block, row)) continue;
        for (std::size_t i = 0; i < parts_.columns.size(); ++i) cells_[i] = block.source(row, i);
        arena_.reset();
        rule_ = {};
        const auto answer = caller.call({cells_.data(), parts_.columns.size()});
        if (!answer.ok() && answer.error().code == core::ErrorCode::kTooLarge) return answer.error();
        if (!answer.ok()) {
            refuse(block, row, answer.error().message, expressions);
        } else if (*answer == lua::RowAnswer::kRow) {
            YIMEN_TRY_STATUS(takeRow(block, row, caller, expressions));
        } else if (caller.reason().empty()) {
            block.states[row] = Block::State::kDropped;
        } else {
            block.reject(row, "map", "script", caller.reason());
        }
    }
    return {};
}

core::Status Script::run(Block& block) {
    if (expressions_) YIMEN_TRY_STATUS(runRows(block, *expressions_, true));
    if (batch_) YIMEN_TRY_STATUS(runBatch(block));
    if (rows_) YIMEN_TRY_STATUS(runRows(block, *rows_, false));
    return {};
}

}  // namespace yimen::sync::mapping
