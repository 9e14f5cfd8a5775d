#include "audit/recovery.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"

namespace yimen::audit {

namespace {

/// The last segment, read from its first to its last complete line.
struct Scan {
    std::uint64_t records = 0;
    ChainState last;
    std::uint64_t size = 0;
    std::string rest;
    std::optional<SegmentKind> kind;
    std::string damage;
    std::string hashAtHead;  ///< hash of the record audit.head names, when it is in here
};

void noteDamage(Scan& scan, std::uint64_t line, std::string_view what) {
    if (scan.damage.empty()) scan.damage = "line " + std::to_string(line) + ": " + std::string(what);
}

void takeLine(Scan& scan, std::string_view line, std::uint64_t number, const crypto::KeyRing* ring) {
    const auto record = parseRecord(line);
    if (!record.ok()) {
        noteDamage(scan, number, record.error().message);
        return;
    }
    if (scan.records == 0) scan.kind = segmentKind(*record);
    const bool follows = scan.records == 0 || (record->seq == scan.last.seq + 1 && record->prev == scan.last.hash);
    if (!follows) noteDamage(scan, number, "the chain is broken");
    const auto hash = scan.kind ? chainHash(*scan.kind, ring) : core::Result<ChainHash>(core::Error{});
    if (!hash.ok() || !hashFits(line, *hash)) noteDamage(scan, number, "the hash does not fit");
    ++scan.records;
    scan.last = {record->seq, record->hash};
}

core::Result<Scan> scanSegment(const std::string& path, const crypto::KeyRing* ring, std::uint64_t headSeq) {
    YIMEN_TRY(auto reader, LineReader::open(path));
    Scan scan;
    for (std::string_view line;;) {
        YIMEN_TRY(const bool more, reader.next(line));
        if (!more) break;
        takeLine(scan, line, reader.lineNumber(), ring);
        if (scan.last.seq == headSeq) scan.hashAtHead = scan.last.hash;
    }
    scan.size = reader.offset();
    scan.rest = std::string(reader.rest());
    return scan;
}

/// Appends the half line to <segment>.torn, makes that durable, then cuts it off the segment.
core::Status moveAside(const std::string& path, const Scan& scan) {
    const std::string aside = path + ".torn";
    const core::FileDescriptor out(::open(aside.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!out.valid()) return core::fileError("cannot create", aside, errno);
    YIMEN_TRY_STATUS(core::writeAll(out.get(), scan.rest + "\n"));
    if (::fsync(out.get()) != 0) return core::fileError("cannot sync", aside, errno);
    const core::FileDescriptor segment(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!segment.valid()) return core::fileError("cannot open", path, errno);
    if (::ftruncate(segment.get(), static_cast<off_t>(scan.size)) != 0)
        return core::fileError("cannot cut", path, errno);
    if (::fsync(segment.get()) != 0) return core::fileError("cannot sync", path, errno);
    return {};
}

/// What audit.head says against what the segments hold.
void compareWithHead(const core::Result<std::optional<Head>>& head, const Scan& scan, Recovery& out) {
    if (!head.ok()) {
        if (out.damage.empty()) out.damage = head.error().message;
        return;
    }
    if (!head->has_value()) {
        if (out.state.seq > 0 && out.damage.empty()) out.damage = "audit.head is missing";
        return;
    }
    const ChainState& known = (*head)->state;
    if (known.seq > out.state.seq) {
        out.damage = "records " + std::to_string(out.state.seq + 1) + " to " + std::to_string(known.seq) +
                     " are missing at the end";
        out.state = known;
    } else if (!scan.hashAtHead.empty() && scan.hashAtHead != known.hash && out.damage.empty()) {
        out.damage = "record " + std::to_string(known.seq) + " is not the one audit.head knows";
    }
}

/// True when a crash came between making a segment and writing its first record: nothing is lost by starting it again.
bool isUnborn(const Scan& scan) {
    return scan.records == 0 && scan.size == 0;
}

}  // namespace

core::Result<Recovery> recover(const std::string& directory, const crypto::KeyRing* ring) {
    YIMEN_TRY(auto segments, listSegments(directory));
    const auto head = readHead(directory, ring);
    const std::uint64_t headSeq = head.ok() && head->has_value() ? (*head)->state.seq : 0;
    Recovery out;
    Scan scan;
    while (!segments.empty()) {
        const std::string path = segmentPath(directory, segments.back());
        YIMEN_TRY(scan, scanSegment(path, ring, headSeq));
        out.tornBytes += scan.rest.size();
        if (!scan.rest.empty()) YIMEN_TRY_STATUS(moveAside(path, scan));
        if (!isUnborn(scan)) break;
        if (::unlink(path.c_str()) != 0) return core::fileError("cannot remove", path, errno);
        segments.pop_back();
        scan = Scan();
    }
    if (!segments.empty()) {
        out.segment = segments.back();
        out.state = scan.last;
        out.size = scan.size;
        out.kind = scan.kind;
        if (!scan.damage.empty()) {
            out.damage = segmentPath("", out.segment).substr(1) + " " + scan.damage;
        }
    }
    compareWithHead(head, scan, out);
    return out;
}

}  // namespace yimen::audit
