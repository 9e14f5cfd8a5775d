#pragma once

#include <mysql.h>

#include <memory>
#include <string>

#include <mariadb_rpl.h>

#include "binlog_event.h"
#include "connection.h"
#include "log_position.h"
#include "log_server.h"

namespace yimen::mysql {

/// The events of a server's binlog as they come. One thread. While nothing happens the server says so ten times a
/// second. libmariadb asks for them (COM_BINLOG_DUMP) and hands over packets; mariadb_rpl_fetch() of Debian 12's 3.3.20
/// gives up with "Malformed packet" where one file of a log ends and the next begins.
class LogStream {
public:
    /// Begins at `from`. `serverId` tells the followers of a server apart: another with the same one is cut off. A
    /// Failure (YIMEN_INVALID) when the server has no log from there any more.
    LogStream(const sdk::Host& host, const sdk::Config& config, const LogServer& server, std::uint32_t serverId,
              const LogPlace& from);

    /// The next event; good until the next call. Failures: YIMEN_UNAVAILABLE when the server ends the stream or goes
    /// silent.
    Event next();
    /// Which log is being read: as LogPosition::log. Of the file that the last event stood in.
    const std::string& log() const noexcept { return log_; }

private:
    struct CloseLog {
        void operator()(MARIADB_RPL* log) const noexcept { mariadb_rpl_close(log); }
    };
    static bool checked(std::string_view event);
    [[noreturn]] void fail() const;

    Connection connection_;
    LogPlace from_;
    std::unique_ptr<MARIADB_RPL, CloseLog> stream_;
    bool checksum_;
    std::string log_;
};

}  // namespace yimen::mysql
