#include "gateway/header_guard.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"

namespace yimen::gateway {

namespace {

using core::equalIgnoreCase;

/// Anything that starts with one of these is a statement about who or where the client is.
constexpr std::array<std::string_view, 9> kGuardedPrefixes{"x-remote-",       "x-forwarded-", "x-yimen-",
                                                           "x-auth-request-", "x-webauth-",   "x-user-",
                                                           "x-ssl-",          "x-client-",    "x-original-"};
constexpr std::array<std::string_view, 14> kGuardedNames{"forwarded",
                                                         "remote-user",
                                                         "remote-addr",
                                                         "x-real-ip",
                                                         "x-user",
                                                         "x-remote",
                                                         "x-rewrite-url",
                                                         "x-authenticated-user",
                                                         "x-cluster-client-ip",
                                                         "true-client-ip",
                                                         "x-host",
                                                         "x-http-host-override",
                                                         "auth-user",
                                                         "iv-user"};

struct Known {
    std::string_view name;
    FieldFate fate;
};

/// Fields with a meaning of their own on the way in. Authorization is dropped: the hub signs on, never the browser.
constexpr std::array<Known, 18> kKnown{{{"host", FieldFate::kDrop},
                                        {"connection", FieldFate::kDrop},
                                        {"keep-alive", FieldFate::kDrop},
                                        {"proxy-connection", FieldFate::kDrop},
                                        {"proxy-authorization", FieldFate::kDrop},
                                        {"proxy-authenticate", FieldFate::kDrop},
                                        {"te", FieldFate::kDrop},
                                        {"trailer", FieldFate::kDrop},
                                        {"transfer-encoding", FieldFate::kDrop},
                                        {"content-length", FieldFate::kDrop},
                                        {"expect", FieldFate::kDrop},
                                        {"upgrade", FieldFate::kDrop},
                                        {"http2-settings", FieldFate::kDrop},
                                        {"authorization", FieldFate::kDrop},
                                        {"via", FieldFate::kDrop},
                                        {"cookie", FieldFate::kCookie},
                                        {"referer", FieldFate::kReferer},
                                        {"origin", FieldFate::kOrigin}}};

/// First letters that begin any name above; all other fields need no folding.
constexpr bool mayMatter(char first) noexcept {
    switch (core::toLower(first)) {
        case 'a':
        case 'c':
        case 'e':
        case 'f':
        case 'h':
        case 'i':
        case 'k':
        case 'o':
        case 'p':
        case 'r':
        case 't':
        case 'u':
        case 'v':
        case 'x':
            return true;
        default:
            return false;
    }
}

bool isGuarded(std::string_view folded) noexcept {
    if (folded.starts_with("x-")) {
        for (const auto prefix : kGuardedPrefixes) {
            if (folded.starts_with(prefix)) return true;
        }
    }
    return std::find(kGuardedNames.begin(), kGuardedNames.end(), folded) != kGuardedNames.end();
}

}  // namespace

std::string_view foldFieldName(std::string_view name, char (&buffer)[64]) noexcept {
    if (name.size() > sizeof(buffer)) return {};
    std::size_t length = 0;
    for (const char c : name) buffer[length++] = c == '_' ? '-' : core::toLower(c);
    return {buffer, length};
}

HeaderGuard::HeaderGuard(const std::vector<std::string>& systemNames) {
    for (const auto& name : systemNames) {
        char buffer[64];
        guarded_.emplace_back(foldFieldName(name, buffer));
    }
}

FieldFate HeaderGuard::fateOf(std::string_view name) const noexcept {
    if (guarded_.empty() && !mayMatter(name.front())) return FieldFate::kPass;
    char buffer[64];
    const std::string_view folded = foldFieldName(name, buffer);
    if (folded.empty()) return FieldFate::kPass;
    if (isGuarded(folded) || isSystemName(folded)) return FieldFate::kForged;
    for (const auto& known : kKnown) {
        if (folded != known.name) continue;
        // "Content_Length" and its like are not the field itself, but a careless server may take them for it.
        return equalIgnoreCase(name, known.name) ? known.fate : FieldFate::kForged;
    }
    return FieldFate::kPass;
}

bool HeaderGuard::isSystemName(std::string_view folded) const noexcept {
    return std::any_of(guarded_.begin(), guarded_.end(), [folded](std::string_view name) {
        return folded == name || (name.ends_with('*') && folded.starts_with(name.substr(0, name.size() - 1)));
    });
}

}  // namespace yimen::gateway
