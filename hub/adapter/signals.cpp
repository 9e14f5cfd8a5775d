#include "adapter/signals.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/url.h"

namespace yimen::adapter {

namespace {

/// Path and query of a Location, without scheme and host.
std::string_view targetOf(std::string_view location) {
    const auto scheme = location.find("://");
    const auto query = location.find_first_of("?#");
    if (scheme != std::string_view::npos && (query == std::string_view::npos || scheme < query)) {
        const auto path = location.find('/', scheme + 3);
        return path == std::string_view::npos ? std::string_view("/") : location.substr(path);
    }
    return location;
}

bool setsCookie(HeaderRefs headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(), [&](const HeaderRef& field) {
        if (!core::equalIgnoreCase(field.name, "set-cookie") || !field.value.starts_with(name)) return false;
        const auto rest = field.value.substr(name.size());
        return rest.size() > 1 && rest[0] == '=' && rest[1] != ';' && !rest.starts_with("=\"\"");
    });
}

bool isText(HeaderRefs headers) {
    const auto type = findHeader(headers, "content-type");
    if (!type) return true;
    const std::string lower = core::lowerCase(*type);
    return lower.starts_with("text/") || lower.find("json") != std::string::npos ||
           lower.find("xml") != std::string::npos || lower.find("javascript") != std::string::npos;
}

}  // namespace

std::optional<std::string_view> findHeader(HeaderRefs headers, std::string_view name) noexcept {
    for (const auto& field : headers) {
        if (core::equalIgnoreCase(field.name, name)) return field.value;
    }
    return std::nullopt;
}

bool globMatches(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool matchesHead(const Matcher& matcher, const ResponseView& response) noexcept {
    if (!matcher.status.empty() &&
        std::find(matcher.status.begin(), matcher.status.end(), response.status) == matcher.status.end()) {
        return false;
    }
    if (!matcher.header.empty()) {
        const auto value = findHeader(response.headers, matcher.header);
        if (!value || (matcher.headerValue && value->find(*matcher.headerValue) == std::string_view::npos))
            return false;
    }
    if (!matcher.location.empty()) {
        const auto location = findHeader(response.headers, "location");
        if (!location || !globMatches(matcher.location, targetOf(*location))) return false;
    }
    return matcher.cookie.empty() || setsCookie(response.headers, matcher.cookie);
}

bool matchesBytes(const Matcher& matcher, std::string_view body) noexcept {
    if (!matcher.bodyContains.empty() && body.find(matcher.bodyContains) == std::string_view::npos) return false;
    if (matcher.bodyStarts.empty()) return true;
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    const auto start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body.substr(start).starts_with(matcher.bodyStarts);
}

TrafficInspector::TrafficInspector(const Signals& signals) {
    const auto take = [this](const std::vector<Matcher>& matchers, Verdict verdict) {
        for (const auto& matcher : matchers) {
            entries_.push_back({matcher, verdict});
            looksAtBodies_ = looksAtBodies_ || matcher.needsBody();
        }
    };
    take(signals.expired, Verdict::kExpired);
    take(signals.secondSession, Verdict::kSecondSession);
    take(signals.maintenance, Verdict::kMaintenance);
}

Verdict TrafficInspector::inspect(const ResponseView& response) const noexcept {
    for (const auto& entry : entries_) {
        if (!entry.matcher.needsBody() && matchesHead(entry.matcher, response)) return entry.verdict;
    }
    return Verdict::kOk;
}

bool TrafficInspector::needsBodyPrefix(const ResponseView& response) const noexcept {
    if (!looksAtBodies_ || !isText(response.headers)) return false;
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.matcher.needsBody() && matchesHead(entry.matcher, response);
    });
}

Verdict TrafficInspector::inspectBody(const ResponseView& response, std::string_view prefix) const noexcept {
    for (const auto& entry : entries_) {
        if (entry.matcher.needsBody() && matchesHead(entry.matcher, response) && matchesBytes(entry.matcher, prefix)) {
            return entry.verdict;
        }
    }
    return Verdict::kOk;
}

}  // namespace yimen::adapter
