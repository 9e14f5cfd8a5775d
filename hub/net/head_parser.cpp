#include "net/head_parser.h"

#include <cstring>

#include "core/ascii.h"
#include "net/char_table.h"
#include "net/field_rules.h"

namespace yimen::net {
namespace {

constexpr std::size_t kMaxMethod = 32;

/// True when every byte is allowed in a field value. Eight bytes at a time; a word that holds an HTAB or something
/// forbidden is looked at byte by byte.
bool validValue(std::string_view value) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = 0x8080808080808080U;
    const char* at = value.data();
    std::size_t left = value.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        const std::uint64_t controls = (word - kOnes * 0x20) & ~word & kHighs;
        const std::uint64_t flipped = word ^ (kOnes * 0x7F);
        const std::uint64_t deletes = (flipped - kOnes) & ~flipped & kHighs;
        if ((controls | deletes) != 0 && !allOf({at, 8}, kValueChar)) return false;
    }
    return allOf({at, left}, kValueChar);
}

/// The next line without its CRLF. The scanner has made sure that each LF has its CR; a CR elsewhere fails the
/// character table of whatever it stands in.
std::string_view takeLine(std::string_view& rest) noexcept {
    const std::size_t feed = rest.find('\n');
    if (feed == std::string_view::npos || feed == 0) {
        const std::string_view all = rest;
        rest = {};
        return all;
    }
    const std::string_view line = rest.substr(0, feed - 1);
    rest.remove_prefix(feed + 1);
    return line;
}

struct FieldLimits {
    std::size_t maxFieldBytes;
    std::size_t maxFields;
    bool keepUnderscores;
};

/// Field lines up to the blank line. No white space around the name (RFC 9112 section 5.1), no obs-fold (5.2), no
/// line without a colon.
HeadError parseFields(std::string_view rest, const FieldLimits& limits, std::vector<Field>& fields) {
    std::size_t seen = 0;
    while (true) {
        const std::string_view line = takeLine(rest);
        if (line.empty()) return HeadError::kNone;
        std::size_t length = 0;
        while (length < line.size() && isClass(line[length], kTokenChar)) ++length;
        if (length == 0 || length == line.size() || line[length] != ':') return HeadError::kBad;
        if (++seen > limits.maxFields || line.size() > limits.maxFieldBytes) return HeadError::kFieldsTooLarge;
        const std::string_view value = line.substr(length + 1);
        if (!validValue(value)) return HeadError::kBad;
        const std::string_view name = line.substr(0, length);
        if (!limits.keepUnderscores && name.find('_') != std::string_view::npos) continue;
        fields.push_back({name, core::trim(value), identifyField(name), false});
    }
}

/// "host", "host:8080", "[::1]:8080". No user info, no escapes, no empty host (RFC 9112 section 3.2).
bool validHost(std::string_view host) noexcept {
    std::size_t length = 0;
    if (host.starts_with('[')) {
        length = host.find(']');
        if (length == std::string_view::npos || length < 3) return false;
        if (!allOf(host.substr(1, length - 1), kHostV6Char)) return false;
        ++length;
    } else {
        while (length < host.size() && isClass(host[length], kHostChar)) ++length;
        if (length == 0) return false;
    }
    if (length == host.size()) return true;
    const std::string_view port = host.substr(length + 1);
    return host[length] == ':' && !port.empty() && port.size() <= 5 && allOf(port, kDigitChar);
}

HeadError parseRequestLine(std::string_view line, std::size_t maxTarget, RequestHead& head) {
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos || first == 0 || first > kMaxMethod) return HeadError::kBad;
    const std::size_t second = line.find(' ', first + 1);
    if (second == std::string_view::npos) return HeadError::kBad;
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (!allOf(head.method, kTokenChar) || head.target.empty()) return HeadError::kBad;
    if (!allOf(head.target, kTargetChar)) return HeadError::kBad;
    if (version.size() != 8 || !version.starts_with("HTTP/") || !isClass(version[5], kDigitChar) || version[6] != '.' ||
        !isClass(version[7], kDigitChar)) {
        return HeadError::kBad;
    }
    if (head.target.size() > maxTarget) return HeadError::kTargetTooLong;
    if (version[5] != '1' || version[7] > '1') return HeadError::kVersionRefused;
    if (head.method == "CONNECT" || head.method == "TRACE") return HeadError::kMethod;
    head.http11 = version[7] == '1';
    return HeadError::kNone;
}

/// Absolute form must name the same authority as Host, or two systems could read two hosts (RFC 9112 section 3.2.2
/// lets the target win; we refuse instead). Authority and asterisk form are refused by the leading '/'.
bool normaliseTarget(RequestHead& head) noexcept {
    if (!head.target.starts_with('/')) {
        const std::size_t scheme = head.target.find("://");
        if (scheme == std::string_view::npos) return false;
        const std::string_view name = head.target.substr(0, scheme);
        if (!core::equalIgnoreCase(name, "http") && !core::equalIgnoreCase(name, "https")) return false;
        std::string_view rest = head.target.substr(scheme + 3);
        const std::size_t slash = rest.find('/');
        if (!core::equalIgnoreCase(rest.substr(0, slash), head.host)) return false;
        head.target = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
    }
    return head.target.substr(0, head.target.find('?')).find('\\') == std::string_view::npos;
}

HeadError finishRequest(RequestHead& head, std::vector<Field>& fields) {
    FramingFields found;
    if (!collectFraming(fields, found)) return HeadError::kBad;
    if (found.hosts != 1 || !validHost(found.host) || found.namesHost) return HeadError::kBad;
    head.host = found.host;
    if (found.chunked && (found.hasLength || !head.http11)) return HeadError::kBad;
    if (!normaliseTarget(head)) return HeadError::kBad;
    head.bodyKind = found.chunked ? BodyKind::kChunked : found.hasLength ? BodyKind::kLength : BodyKind::kNone;
    head.contentLength = found.length;
    head.keepAlive = !found.close && (head.http11 || found.keepAlive);
    head.upgrade = head.http11 && found.namesUpgrade && found.hasUpgrade && !head.hasBody();
    if (found.hasExpect && head.http11) {
        if (found.badExpect) return HeadError::kExpectation;
        head.expectContinue = true;
    }
    return HeadError::kNone;
}

bool parseStatusLine(std::string_view line, ResponseHead& head) noexcept {
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || (line[7] != '0' && line[7] != '1') || line[8] != ' ') {
        return false;
    }
    const std::string_view status = line.substr(9, 3);
    if (!allOf(status, kDigitChar) || status[0] < '1' || status[0] > '5') return false;
    // The space before an empty reason is required by RFC 9112 section 4 but often left out; nothing depends on it.
    if (line.size() > 12 && line[12] != ' ') return false;
    head.status = (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
    head.http11 = line[7] == '1';
    head.reason = line.size() > 13 ? line.substr(13) : std::string_view();
    return validValue(head.reason);
}

/// RFC 9112 section 6.3, refusing what it lets a recipient repair.
bool frameResponse(const FramingFields& found, ResponseContext context, ResponseHead& head) noexcept {
    const bool noBody = head.status < 200 || head.status == 204;
    if (found.chunked && (found.hasLength || !head.http11 || noBody)) return false;
    if (noBody && found.hasLength && found.length != 0) return false;
    head.contentLength = found.length;
    head.hasContentLength = found.hasLength;
    if (noBody || head.status == 304 || context.headRequest) {
        head.bodyKind = BodyKind::kNone;
    } else if (found.chunked) {
        head.bodyKind = BodyKind::kChunked;
    } else {
        head.bodyKind = found.hasLength ? BodyKind::kLength : BodyKind::kUntilClose;
    }
    head.keepAlive = !found.close && (head.http11 || found.keepAlive) && head.bodyKind != BodyKind::kUntilClose;
    head.upgrade = head.status == 101;
    return !head.upgrade || (context.upgradeAsked && found.namesUpgrade && found.hasUpgrade && head.http11);
}

}  // namespace

HeadScanner::Outcome HeadScanner::scan(std::string_view bytes) noexcept {
    while (seen_ < bytes.size()) {
        const std::size_t feed = bytes.find('\n', seen_);
        if (feed == std::string_view::npos) break;
        if (feed == line_ || bytes[feed - 1] != '\r') return Outcome::kBad;
        const bool blank = feed == line_ + 1;
        const bool first = line_ == start_;
        seen_ = line_ = feed + 1;
        if (!blank) continue;
        if (!first) return Outcome::kComplete;
        if (start_ != 0) return Outcome::kBad;
        start_ = line_;
    }
    seen_ = bytes.size();
    return Outcome::kMore;
}

int statusFor(HeadError error) noexcept {
    switch (error) {
        case HeadError::kMethod:
            return 405;
        case HeadError::kTargetTooLong:
            return 414;
        case HeadError::kExpectation:
            return 417;
        case HeadError::kFieldsTooLarge:
            return 431;
        case HeadError::kVersionRefused:
            return 505;
        case HeadError::kNone:
        case HeadError::kBad:
            break;
    }
    return 400;
}

HeadError parseRequest(std::string_view bytes, const ServerLimits& limits, std::vector<Field>& fields,
                       RequestHead& head) {
    fields.clear();
    head = RequestHead();
    std::string_view rest = bytes;
    const std::string_view line = takeLine(rest);
    if (const HeadError error = parseRequestLine(line, limits.maxTargetBytes, head); error != HeadError::kNone) {
        return error;
    }
    const FieldLimits fieldLimits{limits.maxFieldBytes, limits.maxFields, limits.underscoreNames};
    if (const HeadError error = parseFields(rest, fieldLimits, fields); error != HeadError::kNone) return error;
    head.fields = fields;
    return finishRequest(head, fields);
}

bool parseResponse(std::string_view bytes, ResponseContext context, std::vector<Field>& fields, ResponseHead& head) {
    constexpr std::size_t kMaxFields = 256;
    fields.clear();
    head = ResponseHead();
    std::string_view rest = bytes;
    if (!parseStatusLine(takeLine(rest), head)) return false;
    if (parseFields(rest, {bytes.size(), kMaxFields, true}, fields) != HeadError::kNone) return false;
    head.fields = fields;
    FramingFields found;
    return collectFraming(fields, found) && frameResponse(found, context, head);
}

}  // namespace yimen::net
