#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>
#include <yimen/table_read.hpp>

#include "binlog_charset.h"
#include "binlog_values.h"
#include "connection.h"
#include "log_position.h"

namespace yimen::mysql {

/// What is asked of a server and its table before the log is followed. Each refusal says what has to be set.
struct LogServer {
    bool isMariadb = false;
    bool checksum = false;  ///< events end with one
    LogPlace end;           ///< of the log, now

    /// A Failure (YIMEN_INVALID) when rows are not logged, or not as they have to be.
    static LogServer ask(Connection& connection, const std::string& database);
};

/// Begins a transaction that sees the table as it was at one place of the log; the place. On MySQL all tables are
/// locked for a moment.
LogPlace beginSnapshot(Connection& connection, const LogServer& server);

/// The followed table as it is declared now.
struct LogPlan {
    struct Column {
        std::string name;
        Display display;  ///< without a character set: each event names its own
    };
    std::string database;
    std::string table;
    std::vector<Column> columns;                    ///< in the order of the cells
    std::vector<std::string> key;                   ///< of read.key; the primary key counts too
    std::map<std::uint64_t, std::string> charsets;  ///< by the number of a collation

    /// A Failure (YIMEN_INVALID) for a view, a column that the log has in another form than a SELECT, no key.
    static LogPlan ask(Connection& connection, const sdk::Config& config, const sdk::TableRead& read,
                       const sdk::SqlWords& words);
};

}  // namespace yimen::mysql
