#include "binlog_values.h"

#include <bit>

#include "binlog_bytes.h"
#include "binlog_charset.h"
#include "binlog_numbers.h"
#include "binlog_times.h"

namespace yimen::mysql {

namespace {

void appendText(const Display& display, std::string_view bytes, std::string& out) {
    if (display.charset != nullptr) {
        display.charset->append(bytes, out);
    } else {
        appendHex(bytes, out);
    }
}

void appendInteger(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    const std::uint64_t value = Bytes(bytes).little(bytes.size());
    const unsigned unused = 64U - 8U * static_cast<unsigned>(bytes.size());
    if (column.isUnsigned) return appendPadded(value, display.zeros, out);
    out += std::to_string(static_cast<std::int64_t>(value << unused) >> unused);
}

void appendEnum(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    const std::uint64_t number = Bytes(bytes).little(bytes.size());
    if (number == 0) return;  // what an invalid word was stored as
    if (number > column.elements.size()) failCorrupt("an ENUM beyond its words");
    appendText(display, column.elements[number - 1], out);
}

void appendSet(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    const std::uint64_t members = Bytes(bytes).little(bytes.size());
    bool first = true;
    for (unsigned i = 0; i < 64; ++i) {
        if ((members >> i & 1U) == 0) continue;
        if (i >= column.elements.size()) failCorrupt("a SET beyond its words");
        if (!std::exchange(first, false)) out += ',';
        appendText(display, column.elements[i], out);
    }
}

void appendZeroed(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    const std::size_t from = out.size();
    appendDecimal(column.precision, column.scale, bytes, out);
    const std::size_t size = out.size() - from;
    if (size < display.zeros) out.insert(from, display.zeros - size, '0');
}

/// BINARY(n) stands in the log without the zero bytes at its end.
void appendString(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    appendText(display, bytes, out);
    if (display.charset == nullptr && bytes.size() < column.size) out.append((column.size - bytes.size()) * 2, '0');
}

}  // namespace

void appendHex(std::string_view bytes, std::string& out) {
    static constexpr char kDigits[] = "0123456789abcdef";
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4U];
        out += kDigits[static_cast<unsigned char>(c) & 0xFU];
    }
}

std::size_t cellSize(const LogColumn& column) {
    switch (column.type) {
        case LogType::kTiny:
        case LogType::kYear:
            return 1;
        case LogType::kShort:
            return 2;
        case LogType::kInt24:
            return 3;
        case LogType::kLong:
        case LogType::kFloat:
            return 4;
        case LogType::kLongLong:
        case LogType::kDouble:
            return 8;
        case LogType::kDecimal:
            return decimalSize(column.precision, column.scale);
        case LogType::kEnum:
        case LogType::kSet:
        case LogType::kBit:
            return column.size;
        default:
            return timeSize(column.type, column.precision);
    }
}

void appendCell(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out) {
    switch (column.type) {
        case LogType::kTiny:
        case LogType::kShort:
        case LogType::kInt24:
        case LogType::kLong:
        case LogType::kLongLong:
            return appendInteger(column, display, bytes, out);
        case LogType::kYear: {
            const std::uint64_t year = Bytes(bytes).little(1);
            return appendPadded(year == 0 ? 0 : 1900 + year, 4, out);
        }
        case LogType::kFloat: {
            const auto bits = static_cast<std::uint32_t>(Bytes(bytes).little(4));
            return appendReal(static_cast<double>(std::bit_cast<float>(bits)), true, display.decimals, out);
        }
        case LogType::kDouble:
            return appendReal(std::bit_cast<double>(Bytes(bytes).little(8)), false, display.decimals, out);
        case LogType::kDecimal:
            return appendZeroed(column, display, bytes, out);
        case LogType::kEnum:
            return appendEnum(column, display, bytes, out);
        case LogType::kSet:
            return appendSet(column, display, bytes, out);
        case LogType::kString:
            return appendString(column, display, bytes, out);
        case LogType::kVarchar:
        case LogType::kVarString:
        case LogType::kBlob:
            return appendText(display, bytes, out);
        case LogType::kBit:
        case LogType::kGeometry:
            return appendHex(bytes, out);
        case LogType::kBlobCompressed:
        case LogType::kVarcharCompressed:
        case LogType::kJson:
            throw sdk::Failure(YIMEN_INVALID,
                               "此列的类型不能由日志读取 / a column of this type cannot be read from the log: '" +
                                   column.name + "', leave it out of read.columns");
        default:
            return appendTime(column.type, column.precision, display.zone, bytes, out);
    }
}

}  // namespace yimen::mysql
