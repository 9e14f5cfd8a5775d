#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "core/file.h"
#include "core/result.h"
#include "crypto/key_ring.h"

/// The files of a log: audit-00000001.jsonl, audit-00000002.jsonl, ... and audit.head. Inner part of this folder.
namespace yimen::audit {

inline constexpr const char* kSegmentType = "audit.segment";  ///< type of the first record of each segment

std::string segmentPath(const std::string& directory, std::uint64_t number);
std::string headPath(const std::string& directory);
/// Numbers of the segments there are, ascending.
core::Result<std::vector<std::uint64_t>> listSegments(const std::string& directory);

/// What a segment's first record says about how the segment is hashed.
struct SegmentKind {
    crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::kSm3;
    std::uint32_t keyId = 0;  ///< 0: not keyed
    bool operator==(const SegmentKind&) const = default;
};
AuditEvent segmentEvent(std::uint64_t number, const SegmentKind& kind);
std::optional<SegmentKind> segmentKind(const AuditRecord& first);
/// kNotFound when the ring (may be null) lacks the key.
core::Result<ChainHash> chainHash(const SegmentKind& kind, const crypto::KeyRing* ring);

/// The last record known to be on disk, written after each batch: a log that ends before it was cut.
struct Head {
    ChainState state;
    std::uint64_t segment = 0;
    SegmentKind kind;
};
std::string formatHead(const Head& head, const crypto::KeyRing* ring);
/// Nothing when there is no head file; kCorrupt when it does not check.
core::Result<std::optional<Head>> readHead(const std::string& directory, const crypto::KeyRing* ring);

/// Reads a file line by line in pieces. Not thread-safe.
class LineReader {
public:
    static core::Result<LineReader> open(const std::string& path);

    /// The next line without its end; false at the end of the file. The view holds until the next call.
    core::Result<bool> next(std::string_view& line);
    std::uint64_t lineNumber() const noexcept { return lineNumber_; }
    /// File offset after the last complete line.
    std::uint64_t offset() const noexcept { return offset_; }
    /// After next() returned false: bytes behind the last line end.
    std::string_view rest() const noexcept { return std::string_view(buffer_).substr(used_); }

private:
    explicit LineReader(core::FileDescriptor file) : file_(std::move(file)) {}
    core::Result<bool> fill();

    core::FileDescriptor file_;
    std::string buffer_;
    std::size_t used_ = 0;
    std::uint64_t lineNumber_ = 0;
    std::uint64_t offset_ = 0;
};

}  // namespace yimen::audit
