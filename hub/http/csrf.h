#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "core/url.h"
#include "crypto/key.h"
#include "http/message.h"

namespace yimen::http {

/// Decides whether a state change comes from a page of the hub itself. Immutable, thread-safe.
class CsrfGuard {
public:
    /// `origin` is the hub's own. `key` is for this purpose only.
    CsrfGuard(const crypto::Key& key, core::Url origin) : key_(key), origin_(std::move(origin)) {}

    /// The token of a session: HMAC-SHA256 over its id, Base64url. The same for the life of the session, so that many
    /// tabs work; worth nothing in another session.
    std::string tokenFor(std::string_view sessionId) const;

    /// Sec-Fetch-Site, then Origin, then Referer must name the hub's own origin exactly (scheme, host and port); a
    /// request that carries none of the three is refused. Safe methods pass.
    core::Status checkOrigin(const Request& request) const;
    /// checkOrigin and the token in the field X-CSRF-Token or, when `form` is given, in its member `csrf_token`.
    /// kDenied names what is missing.
    core::Status check(const Request& request, std::string_view sessionId, const Params* form = nullptr) const;

private:
    crypto::Key key_;
    core::Url origin_;
};

/// The token of a login form, before there is a session. A random cookie is shared by all tabs; each tab's form holds
/// its own token, which seals its own destination to that cookie, so that two tabs signing in end where each began.
/// Immutable, thread-safe.
class LoginForms {
public:
    static constexpr const char* kCookie = "__Host-yimen-login";
    static constexpr std::chrono::minutes kLifetime{60};  ///< how long a login page may stay open before it is used

    struct Issued {
        std::string cookie;  ///< value to set; the one given when it was well-formed
        std::string token;   ///< hidden field `csrf` of the form
    };

    LoginForms(const crypto::Key& key, core::Random& random, const core::Clock& clock)
        : key_(key), random_(random), clock_(clock) {}

    /// `presented` is the value of kCookie, or "". `returnTo` must have passed ReturnTargets already.
    Issued issue(std::string_view presented, std::string_view returnTo) const;
    /// The destination sealed in `token`. kDenied when the token is not of this cookie or too old: show the form again.
    core::Result<std::string> redeem(std::string_view cookie, std::string_view token) const;

private:
    core::Bytes mac(std::string_view cookie, std::string_view payload) const;

    crypto::Key key_;
    core::Random& random_;
    const core::Clock& clock_;
};

}  // namespace yimen::http
