#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "binlog_table.h"

namespace yimen::mysql {

/// Bytes of a date or time with `digits` digits of a second.
std::size_t timeSize(LogType type, unsigned digits);

/// DATE, TIME, DATETIME, TIMESTAMP (`zone` seconds east of Greenwich) as the server writes them; also the forms that
/// tables have which were made before MySQL 5.6 or MariaDB 10.1, without parts of a second.
void appendTime(LogType type, unsigned digits, std::int32_t zone, std::string_view bytes, std::string& out);

}  // namespace yimen::mysql
