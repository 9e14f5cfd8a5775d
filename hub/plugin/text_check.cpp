#include "plugin/text_check.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "core/bytes.h"
#include "core/json.h"

namespace yimen::plugin {

namespace {

using sync::Batch;

bool isTail(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Length of the character that begins at `at`; 0 when none does.
std::size_t characterAt(std::string_view text, std::size_t at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t left = text.size() - at;
    const auto second = left > 1 ? static_cast<unsigned char>(text[at + 1]) : 0U;
    if (lead < 0x80) return 1;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool range = (lead != 0xE0 || second >= 0xA0) && (lead != 0xED || second < 0xA0);
        return left >= 3 && range && isTail(text[at + 1]) && isTail(text[at + 2]) ? 3 : 0;
    }
    if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && isTail(text[at + 1]) ? 2 : 0;
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool range = (lead != 0xF0 || second >= 0x90) && (lead != 0xF4 || second < 0x90);
        return left >= 4 && range && isTail(text[at + 1]) && isTail(text[at + 2]) && isTail(text[at + 3]) ? 4 : 0;
    }
    return 0;
}

/// A cell of a sweep that found no fault is good when no character is cut at its ends.
bool isWhole(const Batch& batch, const Batch::Cell& cell) noexcept {
    if (cell.length <= 0) return true;
    const std::string_view arena = batch.arena();
    const std::size_t end = cell.offset + static_cast<std::size_t>(cell.length);
    return !isTail(arena[cell.offset]) && (end == arena.size() || !isTail(arena[end]));
}

bool allIsWell(const Batch& batch) noexcept {
    if (!isUtf8(batch.arena())) return false;
    bool whole = true;
    for (const Batch::Cell& cell : batch.cells()) whole = whole && isWhole(batch, cell);
    return whole;
}

bool rowIsGood(const Batch& batch, std::size_t row) noexcept {
    for (std::size_t column = 0; column < batch.columns(); ++column) {
        if (!isUtf8(batch.text(row, column))) return false;
    }
    return true;
}

sync::Reject rejectOf(const Batch& batch, std::size_t row, const std::vector<std::string>& columns) {
    sync::Reject out;
    out.origin = batch.origin(row);
    out.rule = "format";
    core::Json raw = core::Json::object();
    for (std::size_t column = 0; column < batch.columns(); ++column) {
        const std::string name = column < columns.size() ? columns[column] : "column " + std::to_string(column + 1);
        const std::string_view text = batch.text(row, column);
        if (batch.isNull(row, column)) {
            raw[name] = nullptr;
        } else if (isUtf8(text)) {
            raw[name] = text;
        } else {
            raw[name] = "\\x" + core::toHex(core::asBytes(text));
            if (out.field.empty()) out.field = name;
        }
    }
    out.message =
        "字符编码不是 UTF-8 / the column '" + out.field + "' is not UTF-8: look at the source's character set";
    out.raw = core::writeJson(raw);
    return out;
}

}  // namespace

bool isUtf8(std::string_view text) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t word = 0;
        while (at + sizeof word <= text.size()) {
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & kHighBits) != 0) break;
            at += sizeof word;
        }
        // As long as the text is not ASCII, character by character.
        while (at < text.size()) {
            const std::size_t length = characterAt(text, at);
            if (length == 0) return false;
            at += length;
            if (length == 1 && at + sizeof word <= text.size() && static_cast<unsigned char>(text[at]) < 0x80) break;
        }
    }
    return true;
}

std::vector<sync::Reject> takeOutBadText(Batch& batch, const std::vector<std::string>& columns) {
    std::vector<sync::Reject> out;
    if (allIsWell(batch)) return out;
    Batch good;
    good.reset(batch.columns());
    for (std::size_t row = 0; row < batch.rows(); ++row) {
        if (!rowIsGood(batch, row)) {
            out.push_back(rejectOf(batch, row, columns));
            continue;
        }
        const std::size_t kept = good.addRow(batch.op(row), batch.origin(row));
        for (std::size_t column = 0; column < batch.columns(); ++column) {
            // It lay in a batch already: another one can hold it too.
            if (!batch.isNull(row, column)) (void)good.set(kept, column, batch.text(row, column));
        }
    }
    std::swap(batch, good);
    return out;
}

}  // namespace yimen::plugin
