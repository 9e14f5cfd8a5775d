#include "audit/segment_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/log.h"

namespace yimen::audit {

namespace {

constexpr unsigned kFileMode = 0600;

ChainHash hashOrPlain(const SegmentKind& kind, const crypto::KeyRing* ring) {
    auto hash = chainHash(kind, ring);
    YIMEN_CHECK(hash.ok());  // the kind was made from this very ring
    return *hash;
}

}  // namespace

SegmentWriter::SegmentWriter(Options options, std::shared_ptr<const crypto::KeyRing> ring, const core::Clock& clock,
                             Disk& disk)
    : options_(std::move(options)),
      ring_(std::move(ring)),
      clock_(clock),
      disk_(disk),
      hash_(hashOrPlain(options_.kind, ring_.get())) {}

core::Status SegmentWriter::open(const Recovery& found) {
    state_ = found.state;
    segment_ = found.segment;
    YIMEN_TRY_STATUS(openHead());
    if (found.segment == 0 || !found.damage.empty() || found.kind != options_.kind) return {};
    const std::string path = segmentPath(options_.directory, segment_);
    file_ = core::FileDescriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    if (!file_.valid()) return core::fileError("cannot open", path, errno);
    size_ = found.size;
    return {};
}

core::Status SegmentWriter::openHead() {
    const std::string path = headPath(options_.directory);
    head_ = core::FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
    if (!head_.valid()) return core::fileError("cannot open", path, errno);
    return {};
}

/// In place, after the lines are durable. Not synced each time: after a power cut an older head is still true, only
/// less sharp; after a kill it is exact.
void SegmentWriter::writeHead() {
    const std::string text = formatHead({state_, segment_, options_.kind}, ring_.get());
    const auto done = ::pwrite(head_.get(), text.data(), text.size(), 0);
    if (done != static_cast<ssize_t>(text.size())) core::logError("audit.head.failed", {{"reason", "cannot write"}});
}

core::Status SegmentWriter::beginSegment() {
    const std::string path = segmentPath(options_.directory, segment_ + 1);
    if (file_.valid()) close();
    core::FileDescriptor next(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kFileMode));
    if (!next.valid()) return core::fileError("cannot create", path, errno);
    core::FileDescriptor previous = std::move(file_);
    const std::uint64_t previousSize = size_;
    file_ = std::move(next);
    ++segment_;
    size_ = 0;
    ChainState after = state_;
    const std::string line = formatRecord(segmentEvent(segment_, options_.kind), clock_.wall(), hash_, after) + "\n";
    auto status = writeLines(line, after);
    if (status.ok()) status = core::syncDirectory(options_.directory);
    if (status.ok()) return status;
    // Back to the segment before: the new one holds nothing that was answered for.
    ::unlink(path.c_str());
    file_ = std::move(previous);
    size_ = previousSize;
    --segment_;
    needsRepair_ = false;
    return status;
}

core::Status SegmentWriter::ensureSegment() {
    if (needsRepair_) YIMEN_TRY_STATUS(repair());
    if (file_.valid() && size_ < options_.segmentSize) return {};
    const ChainState before = state_;
    auto status = beginSegment();
    if (!status.ok()) state_ = before;
    return status;
}

core::Status SegmentWriter::repair() {
    YIMEN_TRY_STATUS(disk_.truncate(file_.get(), size_));
    needsRepair_ = false;
    return {};
}

core::Status SegmentWriter::writeLines(const std::string& lines, const ChainState& after) {
    auto status = disk_.write(file_.get(), lines);
    if (status.ok()) status = disk_.sync(file_.get());
    if (!status.ok()) {
        needsRepair_ = true;
        if (const auto repaired = repair(); !repaired.ok()) core::logError("audit.repair.failed", {});
        return status;
    }
    size_ += lines.size();
    state_ = after;
    writeHead();
    return {};
}

core::Status SegmentWriter::write(std::span<const AuditEvent> events) {
    YIMEN_TRY(const auto free, disk_.freeBytes(options_.directory));
    if (free < options_.minFree) {
        return core::makeError(core::ErrorCode::kUnavailable, "the disk of the audit log is full");
    }
    YIMEN_TRY_STATUS(ensureSegment());
    std::string lines;
    ChainState after = state_;
    const auto now = clock_.wall();
    for (const auto& event : events) {
        lines += formatRecord(event, now, hash_, after);
        lines += '\n';
    }
    return writeLines(lines, after);
}

void SegmentWriter::close() {
    if (head_.valid() && ::fsync(head_.get()) != 0) core::logError("audit.head.failed", {{"reason", "cannot sync"}});
}

}  // namespace yimen::audit
