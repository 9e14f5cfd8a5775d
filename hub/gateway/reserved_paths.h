#pragma once

#include <string>
#include <string_view>

#include "gateway/route.h"
#include "net/exchange.h"

namespace yimen::gateway {

/// What belongs to the hub on every app host: everything below /.yimen. No system ever sees it. Values, any thread.
inline constexpr std::string_view kEnterPath = "/.yimen/enter";
inline constexpr std::string_view kSignedOutPath = "/.yimen/signed-out";
bool isReserved(std::string_view canonicalPath) noexcept;

/// What a person brings from the hub host: a one-time code, and where to go on this host. A destination that is not a
/// canonical path of the system, or that could end a header line, becomes the system's home.
struct EntryWish {
    std::string code;
    std::string to;
};
EntryWish readEntry(std::string_view query, const Route& route);

/// Sets this host's own cookie and leads on; the address with the code is in no Referer.
net::Reply enteredReply(const std::string& cookie, const std::string& to);
/// Shown as an image by the sign-out page, so that this host's cookie and pages leave the browser at once.
net::Reply signedOutReply();

}  // namespace yimen::gateway
