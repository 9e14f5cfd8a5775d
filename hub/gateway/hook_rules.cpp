#include "gateway/hook_rules.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"

namespace yimen::gateway {

namespace {

using adapter::LoginKind;
using core::equalIgnoreCase;

/// What the gateway rebuilds on the way in, besides HeaderGuard's list.
constexpr std::array<std::string_view, 2> kOwnRequestFields{"Accept-Encoding", "Content-Encoding"};

constexpr std::array<std::string_view, 27> kOwnAnswerFields{"Connection",
                                                            "Keep-Alive",
                                                            "Proxy-Connection",
                                                            "Transfer-Encoding",
                                                            "Content-Length",
                                                            "TE",
                                                            "Trailer",
                                                            "Upgrade",
                                                            "Set-Cookie",
                                                            "Set-Cookie2",
                                                            "WWW-Authenticate",
                                                            "Proxy-Authenticate",
                                                            "Proxy-Authentication-Info",
                                                            "Authentication-Info",
                                                            "Content-Encoding",
                                                            "Content-Range",
                                                            "Date",
                                                            "Cache-Control",
                                                            "Expires",
                                                            "Pragma",
                                                            "Strict-Transport-Security",
                                                            "Alt-Svc",
                                                            "Public-Key-Pins",
                                                            "Clear-Site-Data",
                                                            "NEL",
                                                            "Report-To",
                                                            "Expect-CT"};

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
    return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return equalIgnoreCase(one, name); });
}

bool engineWrites(const adapter::Login& login, std::string_view name) noexcept {
    switch (login.kind) {
        case LoginKind::kHttpBasic:
        case LoginKind::kHttpDigest:
        case LoginKind::kJsonBearer:
            return equalIgnoreCase(name, "Authorization");
        case LoginKind::kTrustedHeader: {
            const auto& header = login.header;
            return equalIgnoreCase(name, header.timeHeader) || equalIgnoreCase(name, header.signatureHeader) ||
                   std::any_of(header.headers.begin(), header.headers.end(),
                               [&](const auto& one) { return equalIgnoreCase(one.first, name); });
        }
        default:
            return false;
    }
}

/// Declared by the manifest as an identity this system believes, so that browsers cannot send it.
bool isDeclaredIdentity(const adapter::Manifest& manifest, std::string_view name) noexcept {
    return std::any_of(manifest.headers.identity.begin(), manifest.headers.identity.end(), [&](std::string_view rule) {
        if (!rule.ends_with('*')) return equalIgnoreCase(rule, name);
        rule.remove_suffix(1);
        return name.size() >= rule.size() && equalIgnoreCase(rule, name.substr(0, rule.size()));
    });
}

core::Error refused(std::string_view name) {
    return core::makeError(core::ErrorCode::kDenied,
                           "a script may not set or remove '" + std::string(name) + "': see adapters/README.md");
}

}  // namespace

bool scriptMayTouchRequestField(const Route& route, std::string_view name) noexcept {
    if (isOneOf(kOwnRequestFields, name) || engineWrites(route.manifest().login, name)) return false;
    switch (route.guard.fateOf(name)) {
        case FieldFate::kPass:
            return true;
        case FieldFate::kForged:
            return isDeclaredIdentity(route.manifest(), name);
        case FieldFate::kDrop:
            return equalIgnoreCase(name, "Authorization") && isDeclaredIdentity(route.manifest(), name);
        default:
            return false;
    }
}

bool scriptMayTouchAnswerField(std::string_view name) noexcept {
    return !isOneOf(kOwnAnswerFields, name);
}

core::Status checkRequestDecision(const Route& route, const adapter::HookDecision& decision) {
    for (const auto& [name, value] : decision.set) {
        if (!scriptMayTouchRequestField(route, name)) return refused(name);
    }
    for (const auto& name : decision.remove) {
        if (!scriptMayTouchRequestField(route, name)) return refused(name);
    }
    return {};
}

core::Status checkAnswerDecision(const adapter::HookDecision& decision) {
    for (const auto& [name, value] : decision.set) {
        if (!scriptMayTouchAnswerField(name)) return refused(name);
    }
    for (const auto& name : decision.remove) {
        if (!scriptMayTouchAnswerField(name)) return refused(name);
    }
    return {};
}

}  // namespace yimen::gateway
