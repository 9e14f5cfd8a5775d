#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "binlog_table.h"

namespace yimen::mysql {

class Charset;

/// What the log does not say of a column and a SELECT shows: its declaration as it is now.
struct Display {
    unsigned zeros = 0;                ///< ZEROFILL: at least so many digits
    std::optional<unsigned> decimals;  ///< FLOAT(m,d), DOUBLE(m,d): always d digits behind the point; of a second
    const Charset* charset = nullptr;  ///< nothing: bytes, given as hexadecimal text
    std::int32_t zone = 0;             ///< seconds east of Greenwich, for TIMESTAMP
};

/// Bytes of a cell in the log, for the types where the column alone tells.
std::size_t cellSize(const LogColumn& column);

/// Appends the text that a SELECT gives for these bytes of a cell. A Failure (YIMEN_CORRUPT) for bytes that are no
/// value of the column.
void appendCell(const LogColumn& column, const Display& display, std::string_view bytes, std::string& out);

void appendHex(std::string_view bytes, std::string& out);

}  // namespace yimen::mysql
