#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "audit/disk.h"
#include "audit/recovery.h"
#include "audit/segments.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/result.h"

namespace yimen::audit {

/// Writes records to the current segment, opens the next one, keeps audit.head. One thread; inner part of this folder.
class SegmentWriter {
public:
    struct Options {
        std::string directory;
        SegmentKind kind;
        std::uint64_t segmentSize = 64ULL * 1024 * 1024;
        std::uint64_t minFree = 64ULL * 1024 * 1024;
    };

    SegmentWriter(Options options, std::shared_ptr<const crypto::KeyRing> ring, const core::Clock& clock, Disk& disk);

    /// Goes on where the files end, or begins a segment when they are damaged or hashed in another way.
    core::Status open(const Recovery& found);
    /// All events on disk when this succeeds; none of them in the log when it fails.
    core::Status write(std::span<const AuditEvent> events);
    /// Makes audit.head itself durable; at the end.
    void close();

    const ChainState& state() const noexcept { return state_; }

private:
    core::Status ensureSegment();
    core::Status beginSegment();
    core::Status writeLines(const std::string& lines, const ChainState& after);
    core::Status repair();
    core::Status openHead();
    void writeHead();

    Options options_;
    std::shared_ptr<const crypto::KeyRing> ring_;
    const core::Clock& clock_;
    Disk& disk_;
    ChainHash hash_;
    ChainState state_;
    core::FileDescriptor file_;
    core::FileDescriptor head_;
    std::uint64_t segment_ = 0;
    std::uint64_t size_ = 0;    ///< of the segment, acknowledged lines only
    bool needsRepair_ = false;  ///< bytes behind size_ may be there from a failed batch
};

}  // namespace yimen::audit
