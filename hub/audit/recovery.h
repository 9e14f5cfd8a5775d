#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/segments.h"
#include "core/result.h"
#include "crypto/key_ring.h"

namespace yimen::audit {

/// What was found at start and where writing goes on. Inner part of this folder.
struct Recovery {
    ChainState state;                 ///< the next record continues this
    std::uint64_t segment = 0;        ///< last segment there is; 0: none
    std::uint64_t size = 0;           ///< of that segment, complete lines only
    std::optional<SegmentKind> kind;  ///< of that segment
    std::uint64_t tornBytes = 0;      ///< bytes of a half-written line that were moved aside
    std::string damage;               ///< empty: nothing wrong; else what, for the record audit.damaged
};

/// Looks at the last segment and audit.head. A last line without its end was never answered for: it is moved to
/// <segment>.torn and cut off. A complete line is never touched. Blocks; at start, before the writer runs.
core::Result<Recovery> recover(const std::string& directory, const crypto::KeyRing* ring);

}  // namespace yimen::audit
