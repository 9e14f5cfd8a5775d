#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/record.h"
#include "core/result.h"

namespace yimen::audit {

/// What to look for; empty members do not filter.
struct AuditQuery {
    std::optional<core::WallTime> from;  ///< at or after
    std::optional<core::WallTime> to;    ///< before
    std::string type;                    ///< a whole type, or "login." for all that begin so
    std::string actor;
    std::string system;
    std::string object;           ///< what it was about: subject, system or the value of a field, whole
    std::uint64_t beforeSeq = 0;  ///< only records before this one, for the next page; 0: from the newest
    std::size_t limit = 100;      ///< at most kMaxLimit
    /// Bytes of the log looked through for one page; the segment under way is looked through to its end.
    std::uint64_t maxBytes = std::uint64_t{256} << 20U;

    static constexpr std::size_t kMaxLimit = 1000;
};

struct AuditPage {
    std::vector<AuditRecord> records;  ///< newest first
    std::uint64_t nextBefore = 0;      ///< beforeSeq of the next page; 0: there is none
    bool cut = false;                  ///< maxBytes were passed before the page was full: there may be more
};

/// Looks through the log, newest segment first; segments of another time are not opened beyond their first line. Lines
/// that are not records are passed over (verify names them). Blocks: worker threads. May run beside the writer.
core::Result<AuditPage> readAudit(const std::string& directory, const AuditQuery& query);

}  // namespace yimen::audit
