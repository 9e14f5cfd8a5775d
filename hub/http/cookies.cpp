#include "http/cookies.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/log.h"

namespace yimen::http {
namespace {

/// cookie-octet of RFC 6265 section 4.1.1.
bool isCookieOctet(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

bool isCookieValue(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return std::all_of(value.begin(), value.end(), isCookieOctet);
}

std::string_view sameSiteWord(SameSite sameSite) noexcept {
    switch (sameSite) {
        case SameSite::kStrict:
            return "Strict";
        case SameSite::kLax:
            return "Lax";
        case SameSite::kNone:
            return "None";
    }
    return "Strict";
}

}  // namespace

Params parseCookies(const std::vector<std::string_view>& fields) {
    Params cookies;
    std::size_t pairs = 0;
    for (std::string_view rest : fields) {
        while (!rest.empty() && pairs < kMaxCookies) {
            const std::size_t end = rest.find(';');
            const std::string_view pair = core::trim(rest.substr(0, end));
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
            ++pairs;
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos) continue;
            const std::string_view name = pair.substr(0, equals);
            const std::string_view value = pair.substr(equals + 1);
            if (isToken(name) && isCookieValue(value)) cookies.add(std::string(name), std::string(value));
        }
    }
    return cookies;
}

core::Result<std::string> SetCookie::field() const {
    if (!isToken(name) || !std::all_of(value.begin(), value.end(), isCookieOctet)) {
        return core::makeError(core::ErrorCode::kInvalidInput, "a cookie cannot have this name or value");
    }
    std::string text = name + "=" + value + "; Path=/; Secure";
    if (httpOnly) text += "; HttpOnly";
    text += "; SameSite=";
    text += sameSiteWord(sameSite);
    if (maxAge) text += "; Max-Age=" + std::to_string(maxAge->count());
    return text;
}

std::string expiredCookie(std::string_view name) {
    return std::string(name) + "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
}

void addCookie(Response& response, const SetCookie& cookie) {
    const auto field = cookie.field();
    if (!field.ok()) {
        core::logError("http.cookie.refused", {{"name", cookie.name}});
        return;
    }
    response.headers.add("Set-Cookie", *field);
}

}  // namespace yimen::http
