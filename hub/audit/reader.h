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
    std::uint64_t beforeSeq = 0;  ///< only records before this one, for the next page; 0: from the newest
    std::size_t limit = 100;      ///< at most kMaxLimit

    static constexpr std::size_t kMaxLimit = 1000;
};

struct AuditPage {
    std::vector<AuditRecord> records;  ///< newest first
    std::uint64_t nextBefore = 0;      ///< beforeSeq of the next page; 0: there is none
};

/// Looks through the log, newest segment first. Lines that are not records are passed over (verify names them).
/// Blocks: worker threads. May run beside the writer.
core::Result<AuditPage> readAudit(const std::string& directory, const AuditQuery& query);

}  // namespace yimen::audit
