#pragma once

#include <memory>
#include <string>

#include "gateway/route.h"
#include "net/response_filter.h"

namespace yimen::gateway {

/// Writes the answer's head as the browser sees it: cookies that stay in the jar are left out, those the manifest
/// passes lose their Domain; Location and its like name the app host; a challenge for a password is never shown; pages
/// are not kept by the browser, so that nothing of them is left after signing out. `script` is what the adapter's
/// script wants, checked by hook_rules.h; what it sets passes the same rules as the system's own fields. Loop thread;
/// appends to `out`.
void writeAnswerHead(const net::ResponseHead& head, const Route& route, std::string& out,
                     const adapter::HookDecision* script = nullptr);

/// A rewriter for the body when the manifest asks for it and this answer is one of those, else null.
std::unique_ptr<net::BodyRewriter> rewriterFor(const net::ResponseHead& head, const Route& route);

}  // namespace yimen::gateway
