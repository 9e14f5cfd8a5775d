#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "crypto/key_ring.h"

namespace yimen::audit {

/// One place where the log is not what was written.
struct ChainBreak {
    std::string file;        ///< name without directory
    std::uint64_t line = 0;  ///< from 1; 0: the whole file
    std::uint64_t seq = 0;   ///< number of the record expected there
    std::string reason;
};

struct VerifyReport {
    bool ok = false;
    std::uint64_t records = 0;
    std::uint64_t segments = 0;
    std::string head;                ///< hash of the last record, hex
    std::vector<ChainBreak> breaks;  ///< in order, at most kMaxBreaks; the first one is where to look
    bool openTail = false;           ///< the last line has no end: a writer is at it, or it was killed

    static constexpr std::size_t kMaxBreaks = 100;
};

struct VerifyOptions {
    std::string directory;
    /// The configuration says the log is keyed: a last segment without a key is then a break. A segment without a key
    /// behind one with a key always is.
    bool expectKeyed = false;
};

/// Reads the whole log and checks every hash, number and link, and the end against audit.head. Finds changed bits,
/// removed, added and swapped records, removed segments and a cut end. Does not write; may run beside the writer.
/// Blocks: command line and worker threads. An error only when the log cannot be read at all.
core::Result<VerifyReport> verify(const VerifyOptions& options, const crypto::KeyRing* ring);

}  // namespace yimen::audit
