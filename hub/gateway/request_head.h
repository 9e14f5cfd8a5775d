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

/// What a request head is made of, besides the browser's.
struct HeadParts {
    std::string_view target;  ///< canonical path and query, as sent
    const Route& route;
    SystemEntry* entry = nullptr;                   ///< null for a public path: no jar, no identity then
    const adapter::HookDecision* script = nullptr;  ///< what the adapter's script wants; checked by hook_rules.h
};

/// Writes the request head a system sees: rebuilt from checked parts, never copied through.
/// kUnauthenticated when the session went away meanwhile. Loop thread; appends to `out` only.
core::Result<HeadNotes> writeRequestHead(const net::Exchange& exchange, const HeadParts& parts, std::string& out);

}  // namespace yimen::gateway
