#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <yimen/table_read.hpp>

namespace yimen::odbc {

/// How one database behind ODBC says what we need. Dialects differ in quoting, in how a text becomes the watermark's
/// type, in going back in time, and in how a read sees one state of the data.
struct Dialect {
    std::string name;
    sdk::SqlWords words;
    std::vector<std::string> snapshot;  ///< statements before a full read; empty: the isolation of the driver
};

/// "sqlserver", "oracle", "dm", "kingbase", "postgresql", "sqlite", "generic". `time`: the watermark is a time, so that
/// parameters have to become one where the database does not do it by itself.
Dialect dialectOf(std::string_view name, bool time);

/// Words of the schema's enum.
#define YIMEN_ODBC_DIALECTS R"(["sqlserver", "oracle", "dm", "kingbase", "postgresql", "sqlite", "generic"])"

}  // namespace yimen::odbc
