#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/url.h"

namespace yimen::http {

/// Where a person may be sent after signing in: a path of the hub, or an address on the host of a known system.
/// Immutable; thread-safe when `isAppHost` is.
class ReturnTargets {
public:
    static constexpr std::size_t kMaxLength = 2048;

    /// `isAppHost` is asked with the lower-case host name, without port, of an address whose scheme and port are the
    /// hub's own.
    ReturnTargets(core::Url hub, std::function<bool(std::string_view)> isAppHost)
        : hub_(std::move(hub)), isAppHost_(std::move(isAppHost)) {}

    /// The target in the form to send: a path ("/go/qu-oa?x=1") or an absolute address on an app host. Refuses every
    /// other spelling that some browser reads as another site: "//host", "/\host", "https:host", "https:///host",
    /// user info, tabs and line ends, backslashes, look-alike hosts, other ports, other schemes.
    core::Result<std::string> accept(std::string_view target) const;
    /// As accept(); `fallback` instead of an error.
    std::string acceptOr(std::string_view target, std::string_view fallback) const;

private:
    core::Url hub_;
    std::function<bool(std::string_view)> isAppHost_;
};

}  // namespace yimen::http
