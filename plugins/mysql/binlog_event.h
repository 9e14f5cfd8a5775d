#pragma once

#include <cstdint>
#include <string_view>

namespace yimen::mysql {

/// The events that matter to a follower; MySQL's numbers below 160, MariaDB's own from there
/// (mariadb.com/kb/en/replication-protocol, dev.mysql.com/doc/dev/mysql-server: binlog events).
enum class EventType : std::uint8_t {
    kQuery = 2,
    kStop = 3,
    kRotate = 4,
    kFormat = 15,
    kXid = 16,
    kTableMap = 19,
    kOldWrite = 20,
    kOldDelete = 22,
    kWriteV1 = 23,
    kUpdateV1 = 24,
    kDeleteV1 = 25,
    kIncident = 26,
    kHeartbeat = 27,
    kWriteV2 = 30,
    kUpdateV2 = 31,
    kDeleteV2 = 32,
    kXaPrepare = 38,
    kPartialUpdate = 39,
    kPayload = 40,
    kGtid = 162,
    kQueryCompressed = 165,
    kDeleteCompressedV2 = 171,
};

/// The common head of an event and what is behind it, without the checksum. Views into the bytes it was read from.
struct Event {
    std::uint32_t timestamp = 0;
    EventType type = EventType::kStop;
    std::uint32_t server = 0;
    std::uint32_t next = 0;  ///< where the next event stands in the file; 0: this one stands in no file
    bool artificial = false;
    bool ignorable = false;
    std::string_view body;
};
/// `checksum`: four bytes of one stand at the end.
Event readEvent(std::string_view bytes, bool checksum);

/// Whether the last four bytes are the checksum (CRC-32 of zlib) of those before them.
bool checksumHolds(std::string_view bytes);

/// kFormat: whether the events of the file behind it end with a checksum.
bool readsChecksum(const Event& event);

/// kRotate: the log goes on there.
struct Rotate {
    std::uint64_t position = 0;
    std::string_view file;
};
Rotate readRotate(const Event& event);

/// kQuery: a statement as it was run.
struct Query {
    std::string_view database;  ///< that unqualified names belong to
    std::string_view text;
};
Query readQuery(const Event& event);

/// kGtid of MariaDB: a group of events begins.
struct Gtid {
    bool standalone = false;  ///< one statement, no commit behind it
    bool preparedXa = false;  ///< whether it holds is decided by a later XA COMMIT or ROLLBACK
};
Gtid readGtid(const Event& event);

inline bool isWrite(EventType type) noexcept {
    return type == EventType::kWriteV1 || type == EventType::kWriteV2;
}
inline bool isUpdate(EventType type) noexcept {
    return type == EventType::kUpdateV1 || type == EventType::kUpdateV2;
}
inline bool isDelete(EventType type) noexcept {
    return type == EventType::kDeleteV1 || type == EventType::kDeleteV2;
}

}  // namespace yimen::mysql
