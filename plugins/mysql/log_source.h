#pragma once

#include <memory>
#include <string_view>
#include <yimen/table_read.hpp>

#include "log_position.h"
#include "log_server.h"

namespace yimen::mysql {

/// `read.log`: a table followed by the binlog of its server, every change of a row, in the order of the commits.
///
/// The first read, and each complete one, reads the table as it was at one place of the log; the next goes on from
/// there. A complete read that was interrupted goes on with the table as it is then, but from the first place in the
/// log: what changed meanwhile comes twice and ends equal. Rows of a transaction larger than a batch reach the target
/// in parts, with the position before it.
class LogSource {
public:
    /// Refuses what does not go with a log.
    LogSource(const sdk::Host& host, const sdk::Config& config, const sdk::TableRead& read, sdk::SqlWords words);

    std::unique_ptr<sdk::Reader> open(sdk::Mode mode, std::string_view position) const;

private:
    std::unique_ptr<sdk::Reader> load(std::unique_ptr<Connection> connection, const LogServer& server, LogPosition at,
                                      bool begins) const;
    /// For those who use the log for what: a backfill must not cut off the follower beside it.
    std::uint32_t serverId(std::string_view use) const;

    sdk::Host host_;
    sdk::Config config_;
    sdk::TableRead read_;
    sdk::SqlWords words_;
};

}  // namespace yimen::mysql
