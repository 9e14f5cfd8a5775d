#include "gateway/reserved_paths.h"

#include "core/path.h"
#include "core/url.h"
#include "gateway/gate.h"

namespace yimen::gateway {

namespace {

constexpr std::string_view kReserved = "/.yimen";

std::string destination(const std::string& wanted, const Route& route) {
    const auto parts = core::splitTarget(wanted);
    auto path = core::canonicalPath(parts.path);
    if (!path.ok() || isReserved(*path)) return route.manifest().paths.home;
    for (const char c : parts.query) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '#' || static_cast<unsigned char>(c) >= 0x7F) return *path;
    }
    return parts.hasQuery ? *path + '?' + std::string(parts.query) : *path;
}

}  // namespace

bool isReserved(std::string_view canonicalPath) noexcept {
    return core::pathIsUnder(canonicalPath, kReserved);
}

EntryWish readEntry(std::string_view query, const Route& route) {
    EntryWish wish;
    std::string to;
    if (const auto pairs = core::parseForm(query); pairs.ok()) {
        // The first of each name, as everywhere.
        for (auto it = pairs->rbegin(); it != pairs->rend(); ++it) {
            if (it->first == "code") wish.code = it->second;
            if (it->first == "to") to = it->second;
        }
    }
    wish.to = destination(to, route);
    return wish;
}

net::Reply enteredReply(const std::string& cookie, const std::string& to) {
    return net::Reply::redirect(303, to)
        .with("Set-Cookie", std::string(kAppCookie) + '=' + cookie + "; Path=/; Secure; HttpOnly; SameSite=Lax")
        .with("Referrer-Policy", "no-referrer")
        .with("Cache-Control", "no-store");
}

net::Reply signedOutReply() {
    return net::Reply::empty(204)
        .with("Set-Cookie", std::string(kAppCookie).append("=; Path=/; Secure; HttpOnly; Max-Age=0"))
        .with("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"")
        .with("Cache-Control", "no-store");
}

}  // namespace yimen::gateway
