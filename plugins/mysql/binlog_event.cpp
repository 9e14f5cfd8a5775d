#include "binlog_event.h"

#include <array>

#include "binlog_bytes.h"

namespace yimen::mysql {

namespace {

constexpr std::size_t kHead = 19;
constexpr std::size_t kChecksum = 4;
constexpr unsigned kArtificial = 0x20;
constexpr unsigned kIgnorable = 0x80;

constexpr std::array<std::uint32_t, 256> crcTable() {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < out.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1U ^ ((value & 1U) != 0 ? 0xedb88320U : 0U);
        out[i] = value;
    }
    return out;
}

}  // namespace

bool checksumHolds(std::string_view bytes) {
    static constexpr auto kTable = crcTable();
    if (bytes.size() < kChecksum) return false;
    std::uint32_t crc = 0xffffffffU;
    for (const char c : bytes.substr(0, bytes.size() - kChecksum)) {
        crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xffU] ^ crc >> 8U;
    }
    return Bytes(bytes.substr(bytes.size() - kChecksum)).little(kChecksum) == (crc ^ 0xffffffffU);
}

Event readEvent(std::string_view bytes, bool checksum) {
    Bytes in(bytes);
    Event out;
    out.timestamp = static_cast<std::uint32_t>(in.little(4));
    out.type = static_cast<EventType>(in.byte());
    out.server = static_cast<std::uint32_t>(in.little(4));
    const std::uint64_t length = in.little(4);
    out.next = static_cast<std::uint32_t>(in.little(4));
    const std::uint64_t flags = in.little(2);
    out.artificial = (flags & kArtificial) != 0;
    out.ignorable = (flags & kIgnorable) != 0;
    // A format event always ends with a checksum, used or not.
    const std::size_t tail = checksum || out.type == EventType::kFormat ? kChecksum : 0;
    if (length != bytes.size() || bytes.size() < kHead + tail) failCorrupt("its length is not what it says");
    out.body = in.take(bytes.size() - kHead - tail);
    return out;
}

bool readsChecksum(const Event& event) {
    Bytes in(event.body);
    if (in.little(2) != 4) failCorrupt("a binlog of another version than 4");
    in.take(50 + 4);
    if (in.byte() != kHead) failCorrupt("heads of events of another size");
    const std::string_view sizes = in.rest();  // of the fixed part of each event, then the kind of checksum
    if (sizes.empty()) failCorrupt("a format without the kind of checksum");
    switch (sizes.back()) {
        case 0:
            return false;
        case 1:
            return true;
        default:
            failCorrupt("a checksum of an unknown kind");
    }
}

Rotate readRotate(const Event& event) {
    Bytes in(event.body);
    Rotate out;
    out.position = in.little(8);
    out.file = in.rest();
    if (out.file.empty()) failCorrupt("a log file without a name");
    return out;
}

Query readQuery(const Event& event) {
    Bytes in(event.body);
    in.take(4 + 4);  // thread, seconds
    const std::uint8_t database = in.byte();
    in.take(2);  // error
    in.take(in.little(2));
    Query out;
    out.database = in.take(database);
    in.take(1);
    out.text = in.rest();
    return out;
}

Gtid readGtid(const Event& event) {
    Bytes in(event.body);
    in.take(8 + 4);  // number, domain
    const std::uint8_t flags = in.byte();
    return {(flags & 0x01U) != 0, (flags & 0x40U) != 0};
}

}  // namespace yimen::mysql
