#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "gateway/route.h"
#include "gateway/system_sessions.h"
#include "net/exchange.h"

namespace yimen::gateway {

/// What the caller wants to know about the head that was written.
struct HeadNotes {
    std::size_t forgedFields = 0;  ///< fields that claimed an identity; dropped
};

/// Writes the request head a system sees: rebuilt from checked parts, never copied through. The target is the canonical
/// path and the query that policy decided on. `entry` is null for a public path: no jar, no identity then.
/// kUnauthenticated when the session went away meanwhile. Loop thread; appends to `out` only.
core::Result<HeadNotes> writeRequestHead(const net::Exchange& exchange, std::string_view target, const Route& route,
                                         SystemEntry* entry, std::string& out);

}  // namespace yimen::gateway
