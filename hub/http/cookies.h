#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace yimen::http {

inline constexpr std::size_t kMaxCookies = 100;  ///< pairs read from one request; the rest is ignored

/// Reads Cookie fields (RFC 6265 section 5.4 as sent, section 4.1.1 as grammar): pairs whose name is not a token or
/// whose value has characters a cookie cannot have are left out; surrounding quotes stay part of the value; a repeated
/// name stays repeated, so that Params::one() finds nothing rather than an attacker's copy.
Params parseCookies(const std::vector<std::string_view>& fields);

enum class SameSite { kStrict, kLax, kNone };

/// A cookie of the hub's own. Defaults are the ones to use: Secure, HttpOnly, SameSite=Lax, Path=/, no Domain.
struct SetCookie {
    std::string name;  ///< begin with "__Host-": browsers then refuse it from other hosts and from plain HTTP
    std::string value;
    SameSite sameSite = SameSite::kLax;
    bool httpOnly = true;
    std::optional<std::chrono::seconds> maxAge;  ///< nothing: until the browser closes; 0: delete

    /// The value of a Set-Cookie field (RFC 6265 section 4.1). kInvalidInput for a name or value a cookie cannot have.
    core::Result<std::string> field() const;
};

/// The field that deletes a cookie made by SetCookie.
std::string expiredCookie(std::string_view name);
/// Adds the Set-Cookie field, or logs and leaves it out when it cannot be written.
void addCookie(Response& response, const SetCookie& cookie);

}  // namespace yimen::http
