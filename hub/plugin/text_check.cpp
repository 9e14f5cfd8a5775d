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

/// What the byte behind a lead byte may be, and the length they announce (Unicode 15, table 3-7).
struct Announced {
    std::size_t length = 0;  ///< 0: no character begins so
    unsigned least = 0x80;
    unsigned most = 0xBF;
};

Announced announcedBy(unsigned char lead) noexcept {
    if (lead >= 0xC2 && lead <= 0xDF) return {2};
    if (lead >= 0xE0 && lead <= 0xEF) return {3, lead == 0xE0 ? 0xA0U : 0x80U, lead == 0xED ? 0x9FU : 0xBFU};
    if (lead >= 0xF0 && lead <= 0xF4) return {4, lead == 0xF0 ? 0x90U : 0x80U, lead == 0xF4 ? 0x8FU : 0xBFU};
    return {};
}

/// Length of the character that begins at `at`; 0 when none does.
std::size_t characterAt(std::string_view text, std::size_t at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return 1;
    const Announced announced = announcedBy(lead);
    if (announced.length == 0 || text.size() - at < announced.length) return 0;
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if (second < announced.least || second > announced.most) return 0;
    for (std::size_t i = 2; i < announced.length; ++i) {
        if (!isTail(text[at + i])) return 0;
    }
    return announced.length;
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
