#pragma once

#include "web/caller.h"

namespace yimen::web {

/// Says in which browser a code was right before; see identity::SecondFactors.
inline constexpr const char* kCodeDeviceCookie = "__Host-yimen-code";

/// One try to prove a second factor, whichever door it came through (page or JSON). Blocking: io pool. Thread-safe.
class StepUp {
public:
    explicit StepUp(const Hub& hub) : hub_(hub) {}

    /// Checks the code, writes step_up.ok or step_up.failed, and raises the session's level. Without the audit line the
    /// level stays as it was (kUnavailable).
    identity::CodeVerdict prove(const http::Request& request, const Caller& caller, const core::Secret& typed) const;
    /// After a code that was right in another way (the one that confirms a set-up).
    void raise(const Caller& caller) const;
    /// Remembers the browser.
    static void setCookie(http::Response& response, const std::string& deviceCookie);

private:
    const Hub& hub_;
};

/// What the rules say of a call to the hub itself, beside the roles the code asks for: a step-up that is due (403
/// `insufficient_user_authentication`, RFC 9470) or a rule that denies (403 `forbidden`). Rules that say nothing leave
/// it to the roles.
std::optional<http::Response> refusedByRules(const Hub& hub, const http::Request& request, const Caller& caller);

}  // namespace yimen::web
