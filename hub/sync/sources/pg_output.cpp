#include "sync/sources/pg_output.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Status;

/// Integers in network order, bounds checked: once something is missing, everything is.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : left_(bytes), size_(bytes.size()) {}

    std::uint64_t integer(std::size_t bytes) noexcept {
        std::uint64_t out = 0;
        for (const char c : take(bytes)) out = out << 8U | static_cast<unsigned char>(c);
        return out;
    }
    std::uint8_t letter() noexcept { return static_cast<std::uint8_t>(integer(1)); }
    std::uint32_t int32() noexcept { return static_cast<std::uint32_t>(integer(4)); }
    std::uint16_t int16() noexcept { return static_cast<std::uint16_t>(integer(2)); }
    std::string_view take(std::size_t bytes) noexcept {
        if (bytes > left_.size()) {
            whole_ = false;
            left_ = {};
            return {};
        }
        const std::string_view out = left_.substr(0, bytes);
        left_.remove_prefix(bytes);
        return out;
    }
    /// Up to a NUL, which is passed.
    std::string_view word() noexcept {
        const std::size_t end = left_.find('\0');
        if (end == std::string_view::npos) {
            whole_ = false;
            left_ = {};
            return {};
        }
        const std::string_view out = take(end);
        take(1);
        return out;
    }
    /// The letter that comes next, not passed.
    char next() const noexcept { return left_.empty() ? '\0' : left_.front(); }
    bool whole() const noexcept { return whole_; }
    bool done() const noexcept { return whole_ && left_.empty(); }
    std::size_t at() const noexcept { return size_ - left_.size(); }
    std::size_t left() const noexcept { return left_.size(); }

private:
    std::string_view left_;
    std::size_t size_;
    bool whole_ = true;
};

/// False when it is no TupleData.
bool readRow(Cursor& cursor, std::vector<PgCell>& into) {
    into.clear();
    const std::uint16_t columns = cursor.int16();
    for (std::uint16_t i = 0; i < columns && cursor.whole(); ++i) {
        switch (cursor.letter()) {
            case 'n':
                into.push_back({PgCell::State::kNull, {}});
                break;
            case 'u':
                into.push_back({PgCell::State::kUnchanged, {}});
                break;
            case 't':
                into.push_back({PgCell::State::kText, cursor.take(cursor.int32())});
                break;
            default:
                return false;
        }
    }
    return cursor.whole();
}

bool readRelation(Cursor& cursor, PgRelation& into) {
    into.id = cursor.int32();
    into.schema = cursor.word();
    into.table = cursor.word();
    cursor.letter();  // replica identity: each change says itself what it carries
    into.columns.clear();
    const std::uint16_t columns = cursor.int16();
    for (std::uint16_t i = 0; i < columns && cursor.whole(); ++i) {
        const bool key = (cursor.letter() & 1U) != 0;
        into.columns.push_back({std::string(cursor.word()), key});
        cursor.take(8);  // type and modifier: describe() asks the catalogue
    }
    return cursor.whole();
}

bool readOld(Cursor& cursor, PgChange& into) {
    into.old = cursor.letter() == 'K' ? PgChange::Old::kKey : PgChange::Old::kRow;
    return readRow(cursor, into.before);
}

bool readUpdate(Cursor& cursor, PgChange& into) {
    into.kind = PgChange::Kind::kUpdate;
    into.relation = cursor.int32();
    if ((cursor.next() == 'K' || cursor.next() == 'O') && !readOld(cursor, into)) return false;
    return cursor.letter() == 'N' && readRow(cursor, into.row);
}

bool readDelete(Cursor& cursor, PgChange& into) {
    into.kind = PgChange::Kind::kDelete;
    into.relation = cursor.int32();
    return (cursor.next() == 'K' || cursor.next() == 'O') && readOld(cursor, into);
}

bool readTruncate(Cursor& cursor, PgChange& into) {
    into.kind = PgChange::Kind::kTruncate;
    const std::uint32_t count = cursor.int32();
    cursor.letter();
    if (count > cursor.left() / 4) return false;
    for (std::uint32_t i = 0; i < count; ++i) into.truncated.push_back(cursor.int32());
    return true;
}

bool readRest(char letter, Cursor& cursor, PgChange& into) {
    switch (letter) {
        case 'B':
            into.kind = PgChange::Kind::kBegin;
            into.end = cursor.integer(8);
            cursor.take(8 + 4);
            return true;
        case 'C':
            into.kind = PgChange::Kind::kCommit;
            cursor.take(1 + 8);
            into.end = cursor.integer(8);
            cursor.take(8);
            return true;
        case 'R':
            into.kind = PgChange::Kind::kRelation;
            if (!readRelation(cursor, into.described)) return false;
            into.relation = into.described.id;
            return true;
        case 'I':
            into.kind = PgChange::Kind::kInsert;
            into.relation = cursor.int32();
            return cursor.letter() == 'N' && readRow(cursor, into.row);
        case 'U':
            return readUpdate(cursor, into);
        case 'D':
            return readDelete(cursor, into);
        case 'T':
            return readTruncate(cursor, into);
        case 'O':
        case 'Y':
        case 'M':
            cursor.take(cursor.left());
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string lsnText(Lsn lsn) {
    std::array<char, 20> out{};
    const int size = std::snprintf(out.data(), out.size(), "%X/%X", static_cast<unsigned>(lsn >> 32U),
                                   static_cast<unsigned>(lsn & 0xffffffffU));
    return {out.data(), static_cast<std::size_t>(size)};
}

std::optional<Lsn> parseLsn(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto part = [](std::string_view digits) -> std::optional<std::uint32_t> {
        std::uint32_t value = 0;
        const char* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, value, 16);
        return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
    };
    const auto high = part(text.substr(0, slash));
    const auto low = part(text.substr(slash + 1));
    if (!high || !low) return std::nullopt;
    return Lsn{*high} << 32U | *low;
}

Status decodePgOutput(std::string_view bytes, PgChange& into) {
    into.kind = PgChange::Kind::kOther;
    into.old = PgChange::Old::kNone;
    into.before.clear();
    into.row.clear();
    into.truncated.clear();
    Cursor cursor(bytes);
    const char letter = static_cast<char>(cursor.letter());
    if (readRest(letter, cursor, into) && cursor.done()) return {};
    return core::makeError(ErrorCode::kCorrupt,
                           "复制日志的消息无法解读 / a message of the replication log cannot be read, at byte " +
                               std::to_string(cursor.at()) + " of " + std::to_string(bytes.size()));
}

}  // namespace yimen::sync
