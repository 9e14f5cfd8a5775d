#include "adapter/cookie_jar.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/secret.h"

namespace yimen::adapter {

namespace {

using core::equalIgnoreCase;

/// RFC 6265 section 5.1.3: the host is the domain, or ends in it behind a dot and is no address.
bool domainMatches(std::string_view host, std::string_view domain) {
    if (host == domain) return true;
    const bool address = host.find_first_not_of("0123456789.") == std::string_view::npos || host.starts_with("[");
    return !address && host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.';
}

/// Section 5.1.4.
bool pathMatches(std::string_view path, std::string_view cookiePath) {
    if (!path.starts_with(cookiePath)) return false;
    return path.size() == cookiePath.size() || cookiePath.ends_with('/') || path[cookiePath.size()] == '/';
}

std::string defaultPath(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos || slash == 0 ? "/" : std::string(path.substr(0, slash));
}

/// Numbers and the month of a cookie date, however they are separated (section 5.1.1).
struct CookieDate {
    int day = -1;
    int month = -1;
    int year = -1;
    int hour = -1;
    int minute = 0;
    int second = 0;
};

int leadingNumber(std::string_view token) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < token.size() && digits < 4 && core::isDigit(token[digits]))
        value = value * 10 + (token[digits++] - '0');
    return digits == 0 ? -1 : value;
}

void readTime(std::string_view token, CookieDate& date) {
    int parts[3] = {-1, -1, -1};
    for (int& part : parts) {
        part = leadingNumber(token);
        const auto colon = token.find(':');
        if (colon == std::string_view::npos) break;
        token.remove_prefix(colon + 1);
    }
    if (parts[2] < 0 || date.hour >= 0) return;
    date.hour = parts[0];
    date.minute = parts[1];
    date.second = parts[2];
}

void readToken(std::string_view token, CookieDate& date) {
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (token.find(':') != std::string_view::npos) {
        readTime(token, date);
        return;
    }
    if (date.month < 0 && token.size() >= 3) {
        const auto at = kMonths.find(core::lowerCase(token.substr(0, 3)));
        if (at != std::string_view::npos && at % 3 == 0) {
            date.month = static_cast<int>(at / 3) + 1;
            return;
        }
    }
    const int number = leadingNumber(token);
    if (number < 0) return;
    if (date.day < 0 && number <= 31) {
        date.day = number;
    } else if (date.year < 0) {
        date.year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number;
    }
}

std::optional<core::WallTime> parseCookieDate(std::string_view text) {
    CookieDate date;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto isDelimiter = [](char c) { return !(core::isAlpha(c) || core::isDigit(c) || c == ':'); };
        while (at < text.size() && isDelimiter(text[at])) ++at;
        const std::size_t begin = at;
        while (at < text.size() && !isDelimiter(text[at])) ++at;
        if (at > begin) readToken(text.substr(begin, at - begin), date);
    }
    if (date.day < 1 || date.month < 1 || date.year < 1601 || date.hour < 0 || date.hour > 23) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year(date.year),
                                          std::chrono::month(static_cast<unsigned>(date.month)),
                                          std::chrono::day(static_cast<unsigned>(date.day))};
    if (!day.ok()) return std::nullopt;
    return core::WallTime(std::chrono::sys_days(day)) + std::chrono::hours(date.hour) +
           std::chrono::minutes(date.minute) + std::chrono::seconds(date.second);
}

/// Max-Age wins over Expires (section 5.3 step 3).
struct Lifetime {
    std::optional<core::WallTime> maxAge;
    std::optional<core::WallTime> expires;
};

std::optional<core::WallTime> parseMaxAge(std::string_view value, core::WallTime now) {
    const bool negative = value.starts_with('-');
    if (negative) value.remove_prefix(1);
    if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (negative) return core::fromUnixSeconds(0);
    std::int64_t seconds = 0;
    constexpr std::int64_t kTenYears = 10LL * 366 * 86400;
    for (const char c : value) seconds = std::min(kTenYears, seconds * 10 + (c - '0'));
    return seconds == 0 ? core::fromUnixSeconds(0) : now + std::chrono::seconds(seconds);
}

void applyAttribute(std::string_view attribute, const core::Url& url, core::WallTime now, Cookie& cookie,
                    Lifetime& life) {
    const auto equals = attribute.find('=');
    const auto name = core::trim(attribute.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::string_view() : core::trim(attribute.substr(equals + 1));
    if (equalIgnoreCase(name, "path")) {
        cookie.path = value.starts_with('/') ? std::string(value) : defaultPath(url.path);
    } else if (equalIgnoreCase(name, "domain")) {
        const std::string domain = core::lowerCase(value.starts_with('.') ? value.substr(1) : value);
        cookie.hostOnly = domain.empty() || !domainMatches(url.host, domain);
        cookie.domain = cookie.hostOnly ? url.host : domain;
    } else if (equalIgnoreCase(name, "secure")) {
        // A system behind plain HTTP that says Secure means its own front; its cookie must still come back to it.
        cookie.secure = url.secure();
    } else if (equalIgnoreCase(name, "max-age")) {
        life.maxAge = parseMaxAge(value, now);
    } else if (equalIgnoreCase(name, "expires")) {
        life.expires = parseCookieDate(value);
    }
}

bool hasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

CookieJar::~CookieJar() {
    clear();
}

void CookieJar::clear() {
    for (auto& cookie : cookies_) core::wipeText(cookie.value);
    cookies_.clear();
}

bool CookieJar::store(std::string_view setCookie, const core::Url& url, core::WallTime now) {
    if (setCookie.size() > kMaxCookieBytes || hasControl(setCookie)) return false;
    auto end = setCookie.find(';');
    const auto pair = setCookie.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return false;
    Cookie cookie;
    cookie.name = core::trim(pair.substr(0, equals));
    cookie.value = core::trim(pair.substr(equals + 1));
    if (cookie.name.empty()) return false;
    cookie.domain = url.host;
    cookie.path = defaultPath(url.path);
    cookie.created = now;
    Lifetime life;
    while (end != std::string_view::npos) {
        setCookie.remove_prefix(end + 1);
        end = setCookie.find(';');
        applyAttribute(core::trim(setCookie.substr(0, end)), url, now, cookie, life);
    }
    const auto expires = life.maxAge ? life.maxAge : life.expires;
    cookie.persistent = expires.has_value();
    if (expires) cookie.expires = *expires;
    insert(std::move(cookie), now);
    return true;
}

void CookieJar::insert(Cookie cookie, core::WallTime now) {
    const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& other) {
        return other.name == cookie.name && other.domain == cookie.domain && other.path == cookie.path;
    });
    const bool dead = cookie.persistent && cookie.expires <= now;
    if (same != cookies_.end()) {
        cookie.created = same->created;  // section 5.3 step 11
        core::wipeText(same->value);
        if (dead) {
            cookies_.erase(same);
        } else {
            *same = std::move(cookie);
        }
        return;
    }
    if (dead) return;
    if (cookies_.size() >= kMaxCookies) cookies_.erase(cookies_.begin());
    cookies_.push_back(std::move(cookie));
}

void CookieJar::put(std::string_view name, std::string_view value, const core::Url& origin, core::WallTime now) {
    Cookie cookie;
    cookie.name = name;
    cookie.value = value;
    cookie.domain = origin.host;
    cookie.path = "/";
    cookie.secure = origin.secure();
    cookie.created = now;
    insert(std::move(cookie), now);
}

std::string CookieJar::header(std::string_view host, std::string_view path, bool secure, core::WallTime now) const {
    std::vector<const Cookie*> chosen;
    for (const auto& cookie : cookies_) {
        if (cookie.persistent && cookie.expires <= now) continue;
        if (cookie.secure && !secure) continue;
        if (cookie.hostOnly ? cookie.domain != host : !domainMatches(host, cookie.domain)) continue;
        if (pathMatches(path, cookie.path)) chosen.push_back(&cookie);
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](const Cookie* a, const Cookie* b) { return a->path.size() > b->path.size(); });
    std::string out;
    for (const Cookie* cookie : chosen) {
        if (!out.empty()) out += "; ";
        out.append(cookie->name).append("=").append(cookie->value);
    }
    return out;
}

bool CookieJar::has(std::string_view name) const noexcept {
    return std::any_of(cookies_.begin(), cookies_.end(), [&](const Cookie& cookie) { return cookie.name == name; });
}

}  // namespace yimen::adapter
