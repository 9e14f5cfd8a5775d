#include "log_stream.h"

#include <mysqld_error.h>

#include <algorithm>

namespace yimen::mysql {

namespace {

/// A server says ten times a second that nothing happens; one that says nothing for so long is away.
constexpr std::int64_t kSilenceMs = 60'000;
constexpr const char* kHeartbeat = "SET @master_heartbeat_period = 100000000, @source_heartbeat_period = 100000000";
constexpr unsigned kMostAtOnce = 256;

unsigned silence(const sdk::Config& config) {
    return static_cast<unsigned>((std::min(config.number("source.read_timeout", kSilenceMs), kSilenceMs) + 999) / 1000);
}

}  // namespace

LogStream::LogStream(const sdk::Host& host, const sdk::Config& config, const LogServer& server, std::uint32_t serverId,
                     const LogPlace& from)
    : connection_(host, config, silence(config)), from_(from), checksum_(server.checksum) {
    connection_.run(kHeartbeat);
    connection_.run(
        "SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum");
    // Its own events as they are: groups with their GTID.
    if (server.isMariadb) connection_.run("SET @mariadb_slave_capability = 4");
    stream_.reset(mariadb_rpl_init(connection_.handle()));
    if (!stream_) throw sdk::Failure(YIMEN_UNAVAILABLE, "内存不足 / no memory to follow a log");
    mariadb_rpl_optionsv(stream_.get(), MARIADB_RPL_SERVER_ID, serverId);
    mariadb_rpl_optionsv(stream_.get(), MARIADB_RPL_FILENAME, from.file.c_str(), from.file.size());
    mariadb_rpl_optionsv(stream_.get(), MARIADB_RPL_START, static_cast<unsigned long>(from.at));
    mariadb_rpl_optionsv(stream_.get(), MARIADB_RPL_FLAGS, 0U);
    mariadb_rpl_optionsv(stream_.get(), MARIADB_RPL_VERIFY_CHECKSUM, 1U);
    if (mariadb_rpl_open(stream_.get()) != 0) fail();
    // The server begins with the name of the file and its format; a place that it does not have it says here.
    for (unsigned i = 0; i < kMostAtOnce && log_.empty(); ++i) next();
}

Event LogStream::next() {
    MARIADB_RPL_EVENT* const got = mariadb_rpl_fetch(stream_.get(), event_.get());
    if (got == nullptr) {
        (void)event_.release();  // the library has freed it
        fail();
    }
    if (got != event_.get()) {
        (void)event_.release();
        event_.reset(got);
    }
    const std::string_view raw(static_cast<const char*>(static_cast<const void*>(got->raw_data)), got->raw_data_size);
    const Event out = readEvent(raw.substr(std::min(raw.size(), got->raw_data_ofs)), checksum_);
    if (out.type == EventType::kFormat) {
        checksum_ = readsChecksum(out);
        log_ = std::to_string(out.timestamp) + "-" + std::to_string(out.server);
    } else if (out.type == EventType::kRotate) {
        log_.clear();
    }
    return out;
}

void LogStream::fail() const {
    const unsigned number = mysql_errno(connection_.handle());
    const std::string words = mysql_error(connection_.handle());
    if (number == ER_MASTER_FATAL_ERROR_READING_BINLOG) {
        throw sdk::Failure(
            YIMEN_INVALID,
            "服务器已没有此处的日志，其间的变更已丢失，请整读一次 / the server has no log from " + from_.file + ":" +
                std::to_string(from_.at) +
                " on, changes in between are lost: read the item completely (--full). It says: " + words);
    }
    if (number != 0) failWith(number, words.c_str());
    const char* own = mariadb_rpl_error(stream_.get());
    throw sdk::Failure(YIMEN_UNAVAILABLE,
                       "服务器结束了日志流 / the server ended the stream of its log" +
                           (own == nullptr || *own == '\0' ? std::string() : ": " + std::string(own)));
}

}  // namespace yimen::mysql
