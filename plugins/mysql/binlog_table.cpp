#include "binlog_table.h"

#include <functional>

#include "binlog_bytes.h"

namespace yimen::mysql {

namespace {

/// As the server's limit for columns of a table.
constexpr std::uint64_t kMostColumns = 4096;

/// Kinds of optional metadata.
enum class Meta : std::uint8_t {
    kSignedness = 1,
    kDefaultCharset,
    kColumnCharset,
    kColumnName,
    kSetValues,
    kEnumValues,
    kGeometry,
    kPrimaryKey,
    kPrefixedKey,
    kElementDefaultCharset,
    kElementCharset,
};

bool isNumber(const LogColumn& column) {
    switch (column.type) {
        case LogType::kTiny:
        case LogType::kShort:
        case LogType::kInt24:
        case LogType::kLong:
        case LogType::kLongLong:
        case LogType::kFloat:
        case LogType::kDouble:
        case LogType::kDecimal:
        case LogType::kYear:
            return true;
        default:
            return false;
    }
}

bool isText(const LogColumn& column) {
    switch (column.type) {
        case LogType::kVarchar:
        case LogType::kVarString:
        case LogType::kString:
        case LogType::kBlob:
        case LogType::kBlobCompressed:
        case LogType::kVarcharCompressed:
            return true;
        default:
            return false;
    }
}

bool isEnum(const LogColumn& column) {
    return column.type == LogType::kEnum;
}
bool isSet(const LogColumn& column) {
    return column.type == LogType::kSet;
}
bool isElement(const LogColumn& column) {
    return isEnum(column) || isSet(column);
}

/// CHAR, ENUM and SET share one type; two bytes say which, and a length of up to ten bits.
void readString(LogColumn& column, Bytes& meta) {
    const std::uint8_t first = meta.byte();
    column.size = meta.byte();
    const bool longer = (first & 0x30U) != 0x30U;
    const unsigned type = longer ? first | 0x30U : first;
    if (longer) column.size |= ((first & 0x30U) ^ 0x30U) << 4U;
    column.type = static_cast<LogType>(type);
    if (isEnum(column) ? column.size < 1 || column.size > 2 : isSet(column) && (column.size < 1 || column.size > 8)) {
        failCorrupt("an ENUM or SET of a size that is none");
    }
    if (!isElement(column) && column.type != LogType::kString) failCorrupt("a CHAR of an unknown kind");
}

void readSizes(LogColumn& column, Bytes& meta) {
    const auto require = [](bool holds) {
        if (!holds) failCorrupt("a column of a size that is none");
    };
    switch (column.type) {
        case LogType::kFloat:
        case LogType::kDouble:
            require(meta.byte() == (column.type == LogType::kFloat ? 4 : 8));
            break;
        case LogType::kTimestamp:
        case LogType::kDatetime:
        case LogType::kTime:
            column.precision = meta.byte();
            require(column.precision <= 6);
            break;
        case LogType::kBlob:
        case LogType::kBlobCompressed:
        case LogType::kGeometry:
        case LogType::kJson:
            column.size = meta.byte();
            require(column.size >= 1 && column.size <= 4);
            break;
        case LogType::kVarchar:
        case LogType::kVarString:
        case LogType::kVarcharCompressed:
            column.size = static_cast<std::uint32_t>(meta.little(2));
            break;
        case LogType::kDecimal:
            column.precision = meta.byte();
            column.scale = meta.byte();
            require(column.precision >= 1 && column.precision <= 65 && column.scale <= column.precision);
            break;
        case LogType::kBit: {
            const std::uint8_t bits = meta.byte();
            column.size = meta.byte();
            require(bits < 8 && column.size <= 8 && column.size + bits > 0);
            column.precision = static_cast<std::uint8_t>(column.size * 8 + bits);
            if (bits > 0) ++column.size;
            require(column.size <= 8);
            break;
        }
        case LogType::kString:
            readString(column, meta);
            break;
        case LogType::kTiny:
        case LogType::kShort:
        case LogType::kInt24:
        case LogType::kLong:
        case LogType::kLongLong:
        case LogType::kYear:
        case LogType::kDate:
        case LogType::kOldTime:
        case LogType::kOldDatetime:
        case LogType::kOldTimestamp:
            break;
        default:
            failCorrupt("a column of the unknown type " + std::to_string(static_cast<unsigned>(column.type)));
    }
}

using Chosen = bool (*)(const LogColumn&);

/// Calls `take` for the columns of one kind, in their order.
void forEach(LogTable& table, Chosen chosen, const std::function<void(LogColumn&)>& take) {
    for (LogColumn& column : table.columns) {
        if (chosen(column)) take(column);
    }
}

/// One for all, then pairs of those that have another: number among the columns of that kind, value.
void readDefault(LogTable& table, Chosen chosen, Bytes in) {
    std::vector<LogColumn*> of;
    const std::uint64_t common = in.packed();
    forEach(table, chosen, [&](LogColumn& column) {
        column.collation = common;
        of.push_back(&column);
    });
    while (!in.empty()) {
        const std::uint64_t number = in.packed();
        if (number >= of.size()) failCorrupt("a character set of no column");
        of[number]->collation = in.packed();
    }
}

void readElements(LogTable& table, Chosen chosen, Bytes in) {
    forEach(table, chosen, [&](LogColumn& column) {
        const std::uint64_t count = in.packed();
        if (count > in.left()) failCorrupt("more words than bytes");
        column.elements.clear();
        for (std::uint64_t i = 0; i < count; ++i) column.elements.emplace_back(in.packedText());
    });
}

void readKey(LogTable& table, Bytes in, bool prefixes) {
    while (!in.empty()) {
        const std::uint64_t column = in.packed();
        if (column >= table.columns.size()) failCorrupt("a key of no column");
        table.primaryKey.push_back(column);
        if (prefixes) in.packed();
    }
}

void readMeta(LogTable& table, Meta kind, std::string_view value) {
    Bytes in(value);
    switch (kind) {
        case Meta::kSignedness: {
            std::size_t number = 0;
            forEach(table, isNumber, [&](LogColumn& column) {
                if (number / 8 >= value.size()) failCorrupt("the signs end too early");
                column.isUnsigned =
                    (unsigned{static_cast<unsigned char>(value[number / 8])} >> (7 - number % 8) & 1U) != 0;
                ++number;
            });
            break;
        }
        case Meta::kDefaultCharset:
            return readDefault(table, isText, in);
        case Meta::kElementDefaultCharset:
            return readDefault(table, isElement, in);
        case Meta::kColumnCharset:
            return forEach(table, isText, [&](LogColumn& column) { column.collation = in.packed(); });
        case Meta::kElementCharset:
            return forEach(table, isElement, [&](LogColumn& column) { column.collation = in.packed(); });
        case Meta::kColumnName:
            for (LogColumn& column : table.columns) column.name = in.packedText();
            table.named = true;
            break;
        case Meta::kSetValues:
            return readElements(table, isSet, in);
        case Meta::kEnumValues:
            return readElements(table, isEnum, in);
        case Meta::kPrimaryKey:
            return readKey(table, in, false);
        case Meta::kPrefixedKey:
            return readKey(table, in, true);
        case Meta::kGeometry:
        default:  // visibility, kinds of vectors: nothing that a row's bytes depend on
            break;
    }
}

}  // namespace

TableName readTableName(std::string_view body) {
    Bytes in(body);
    TableName out;
    out.id = in.little(6);
    in.take(2);
    out.database = in.take(in.byte());
    in.take(1);
    out.table = in.take(in.byte());
    in.take(1);
    out.description = in.rest();
    return out;
}

LogTable readLogTable(std::string_view description) {
    Bytes in(description);
    const std::uint64_t count = in.packed();
    if (count > kMostColumns) failCorrupt("more columns than a table can have");
    const std::string_view types = in.take(count);
    Bytes sizes(in.packedText());
    in.take((count + 7) / 8);  // which may be null: each row says which are
    LogTable out;
    out.columns.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        out.columns[i].type = static_cast<LogType>(static_cast<unsigned char>(types[i]));
        readSizes(out.columns[i], sizes);
    }
    if (!sizes.empty()) failCorrupt("sizes of no column");
    while (!in.empty()) {
        const auto kind = static_cast<Meta>(in.byte());
        readMeta(out, kind, in.packedText());
    }
    return out;
}

}  // namespace yimen::mysql
