#include "log_stream.h"

#include <mysqld_error.h>

#include <algorithm>

#include "binlog_bytes.h"

namespace yimen::mysql {

namespace {

/// A server says ten times a second that nothing happens; one that says nothing for so long is away.
constexpr std::int64_t kSilenceMs = 60'000;
constexpr const char* kHeartbeat = "SET @master_heartbeat_period = 100000000, @source_heartbeat_period = 100000000";
/// What mysql_net_read_packet() says of an error: the library's `packet_error`, as it makes it of its 32 bits.
constexpr unsigned long kNoPacket = 0xffffffffUL;
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
    if (mariadb_rpl_open(stream_.get()) != 0) fail();
    // The server begins with the name of the file and its format; a place that it does not have it says here.
    for (unsigned i = 0; i < kMostAtOnce && log_.empty(); ++i) next();
}

Event LogStream::next() {
    MYSQL* const handle = connection_.handle();
    const unsigned long size = mysql_net_read_packet(handle);
    if (size == kNoPacket) fail();
    const std::string_view packet(static_cast<const char*>(static_cast<const void*>(handle->net.read_pos)), size);
    constexpr char kEnd = '\xfe';
    if (packet.empty() || (packet.front() == kEnd && packet.size() < 9)) fail();
    const std::string_view event = packet.substr(1);
    const Event out = readEvent(event, checksum_ && checked(event));
    if (out.type == EventType::kFormat) {
        checksum_ = readsChecksum(out);
        log_ = std::to_string(out.timestamp) + "-" + std::to_string(out.server);
    } else if (out.type == EventType::kRotate) {
        log_.clear();
    }
    return out;
}

/// Whether the event ends with a checksum. Those that the server makes up for us may do without; in others it must
/// hold.
bool LogStream::checked(std::string_view event) {
    if (checksumHolds(event)) return true;
    if (!readEvent(event, false).artificial) failCorrupt("its checksum does not hold");
    return false;
}

void LogStream::fail() const {
    const unsigned number = mysql_errno(connection_.handle());
    const std::string words = mysql_error(connection_.handle());
    if (words.find("same server_uuid") != std::string::npos) {
        throw sdk::Failure(YIMEN_UNAVAILABLE,
                           "另有跟随者用同一个 server_id / another follower or replica of the server has the same "
                           "number, give each its own read.log.server_id: " +
                               words);
    }
    if (number == ER_MASTER_FATAL_ERROR_READING_BINLOG) {
        throw sdk::Failure(
            YIMEN_INVALID,
            "服务器已没有此处的日志，其间的变更已丢失，请整读一次 / the server has no log from " + from_.file + ":" +
                std::to_string(from_.at) +
                " on, changes in between are lost: read the item completely (--full). It says: " + words);
    }
    if (number != 0) failWith(number, words.c_str());
    throw sdk::Failure(YIMEN_UNAVAILABLE, "服务器结束了日志流 / the server ended the stream of its log");
}

}  // namespace yimen::mysql
