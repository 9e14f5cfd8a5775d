#include "sync/sources/pg_copy_lines.h"

#include <cstring>
#include <string_view>

namespace yimen::sync {

namespace {

char unescaped(char c) noexcept {
    switch (c) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'v':
            return '\v';
        default:  // a backslash; the server writes no octal or hexadecimal forms
            return c;
    }
}

/// Undoes the escapes of one field in place; its new length, or -1 for a null.
std::int32_t decode(char* field, std::size_t length) noexcept {
    const auto* escape = static_cast<const char*>(std::memchr(field, '\\', length));
    if (escape == nullptr) return static_cast<std::int32_t>(length);
    if (length == 2 && field[1] == 'N' && escape == field) return -1;
    auto out = static_cast<std::size_t>(escape - field);
    for (std::size_t in = out; in < length; ++in) {
        char c = field[in];
        if (c == '\\' && in + 1 < length) c = unescaped(field[++in]);
        field[out++] = c;
    }
    return static_cast<std::int32_t>(out);
}

}  // namespace

bool PgCopyLines::cut(std::span<char> line) {
    char* const begin = line.data();
    const bool escapes = std::memchr(begin, '\\', line.size()) != nullptr;
    std::size_t at = 0;
    for (std::size_t column = 0; column < cells_.size(); ++column) {
        const auto* tab = static_cast<const char*>(std::memchr(begin + at, '\t', line.size() - at));
        const bool last = column + 1 == cells_.size();
        if ((tab == nullptr) != last) return false;
        const std::size_t end = last ? line.size() : static_cast<std::size_t>(tab - begin);
        cells_[column].offset = static_cast<std::uint32_t>(at);
        cells_[column].length = escapes ? decode(begin + at, end - at) : static_cast<std::int32_t>(end - at);
        at = end + 1;
    }
    return true;
}

PgCopyLines::Outcome PgCopyLines::add(std::span<char> line, std::uint64_t origin, Batch& into) {
    if (!line.empty() && line.back() == '\n') line = line.first(line.size() - 1);
    if (!cut(line)) return Outcome::kMalformed;
    if (into.appendRow(origin, {line.data(), line.size()}, cells_)) return Outcome::kAdded;
    // The whole line is more than one cell may be: cell by cell.
    const std::size_t row = into.addRow(Op::kUpsert, origin);
    for (std::size_t column = 0; column < cells_.size(); ++column) {
        const Batch::Cell cell = cells_[column];
        if (cell.length < 0) continue;
        if (!into.set(row, column, {line.data() + cell.offset, static_cast<std::size_t>(cell.length)})) {
            into.dropLastRow();
            return Outcome::kTooLarge;
        }
    }
    return Outcome::kAdded;
}

}  // namespace yimen::sync
