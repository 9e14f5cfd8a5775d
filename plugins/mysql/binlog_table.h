#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::mysql {

/// How a column's bytes stand in a row event (types of columns of the protocol, what they really are).
enum class LogType : std::uint8_t {
    kTiny = 1,
    kShort = 2,
    kLong = 3,
    kFloat = 4,
    kDouble = 5,
    kOldTimestamp = 7,
    kLongLong = 8,
    kInt24 = 9,
    kDate = 10,
    kOldTime = 11,
    kOldDatetime = 12,
    kYear = 13,
    kVarchar = 15,
    kBit = 16,
    kTimestamp = 17,
    kDatetime = 18,
    kTime = 19,
    kBlobCompressed = 140,
    kVarcharCompressed = 141,
    kJson = 245,
    kDecimal = 246,
    kEnum = 247,
    kSet = 248,
    kBlob = 252,
    kVarString = 253,
    kString = 254,
    kGeometry = 255,
};

struct LogColumn {
    LogType type = LogType::kLong;
    std::uint8_t precision = 0;  ///< digits of a decimal, digits of a second, bits of a BIT
    std::uint8_t scale = 0;      ///< digits behind the point of a decimal
    std::uint32_t size = 0;      ///< bytes: of a CHAR or VARCHAR at most, of the length of a BLOB, of an ENUM, SET, BIT
    bool isUnsigned = false;
    std::uint64_t collation = 63;  ///< 63: bytes without a character set
    std::string name;
    std::vector<std::string> elements;  ///< words of an ENUM or SET, in the column's character set
};

/// A table as the row events behind it have it (TABLE_MAP_EVENT with binlog_row_metadata=FULL).
struct LogTable {
    std::vector<LogColumn> columns;
    std::vector<std::size_t> primaryKey;
    bool named = false;  ///< the names of the columns were there
};

/// Which table a kTableMap is of; `description` is what readLogTable() takes apart.
struct TableName {
    std::uint64_t id = 0;
    std::string_view database;
    std::string_view table;
    std::string_view description;
};
TableName readTableName(std::string_view body);

/// A Failure (YIMEN_CORRUPT) for what is no such description.
LogTable readLogTable(std::string_view description);

}  // namespace yimen::mysql
