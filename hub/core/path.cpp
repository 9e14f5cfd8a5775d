#include "core/path.h"

#include <array>

#include "core/ascii.h"

namespace yimen::core {

namespace {

bool isUnreserved(unsigned char c) {
    return isAlpha(static_cast<char>(c)) || isDigit(static_cast<char>(c)) || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

Error refuse(std::string_view why) {
    return makeError(ErrorCode::kInvalidInput, "this address cannot be accepted: " + std::string(why));
}

/// Value of the escape at text[at] ("%XY"), or -1.
int escapeAt(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size()) return -1;
    const int high = hexDigit(text[at + 1]);
    const int low = hexDigit(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool isSeparatorOrNul(int value) {
    return value == '/' || value == '\\' || value == 0;
}

/// "%252f" and friends: one decoding behind us would bring back what we refuse here.
bool doubleEncodesSeparator(std::string_view text, std::size_t at) {
    if (escapeAt(text, at) != '%' || at + 4 >= text.size()) return false;
    const int high = hexDigit(text[at + 3]);
    const int low = hexDigit(text[at + 4]);
    if (high < 0 || low < 0) return false;
    return isSeparatorOrNul(high * 16 + low) || high * 16 + low == '.';
}

/// `segment` has its unreserved escapes decoded already.
bool isDotSegment(std::string_view segment) {
    const auto name = segment.substr(0, segment.find(';'));
    return name == "." || name == "..";
}

struct Scan {
    bool canonical = true;
    std::string_view problem;
};

/// The escape at `i`.
Scan scanEscape(std::string_view path, std::size_t i) {
    const int value = escapeAt(path, i);
    if (value < 0) return {false, "'%' is not followed by two hexadecimal digits"};
    if (isSeparatorOrNul(value)) return {false, "it holds an encoded slash, backslash or NUL"};
    if (value < ' ' || value == 0x7F) return {false, "it holds an encoded control character"};
    if (doubleEncodesSeparator(path, i)) return {false, "it holds a doubly encoded separator"};
    const bool plain = isUnreserved(static_cast<unsigned char>(value));
    return {!plain && !isLowerHex(path[i + 1]) && !isLowerHex(path[i + 2]), {}};
}

Scan scanPath(std::string_view path) {
    Scan scan;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto c = static_cast<unsigned char>(path[i]);
        if (c <= ' ' || c >= 0x7F) return {false, "it holds a character that must be percent-encoded"};
        if (c == '\\') return {false, "it holds a backslash"};
        if (c == '/' && i > 0 && path[i - 1] == '/') scan.canonical = false;
        if (c != '%') continue;
        const Scan escape = scanEscape(path, i);
        if (!escape.problem.empty()) return escape;
        scan.canonical = scan.canonical && escape.canonical;
    }
    return scan;
}

void appendEscape(std::string& out, int value) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(value);
    if (isUnreserved(byte)) {
        out += static_cast<char>(byte);
        return;
    }
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
}

void rewrite(std::string_view path, std::string& out) {
    out.clear();
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '%') {
            appendEscape(out, escapeAt(path, i));
            i += 2;
        } else if (path[i] != '/' || out.empty() || out.back() != '/') {
            out += path[i];
        }
    }
}

bool hasDotSegment(std::string_view canonical) {
    std::size_t start = 1;
    while (start <= canonical.size()) {
        std::size_t end = canonical.find('/', start);
        if (end == std::string_view::npos) end = canonical.size();
        if (isDotSegment(canonical.substr(start, end - start))) return true;
        start = end + 1;
    }
    return false;
}

bool sameChar(char a, char b, bool ignoreCase) {
    return a == b || (ignoreCase && toLower(a) == toLower(b));
}

bool startsWith(std::string_view text, std::string_view prefix, bool ignoreCase) {
    if (text.size() < prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (!sameChar(text[i], prefix[i], ignoreCase)) return false;
    }
    return true;
}

/// Glob with '*' that never crosses '/'. Linear: remembers only the last star.
bool globMatches(std::string_view text, std::string_view pattern, bool ignoreCase) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && sameChar(text[t], pattern[p], ignoreCase)) {
            ++t;
            ++p;
        } else if (star != std::string_view::npos && text[mark] != '/') {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

/// As many leading segments of `path` as `head` has; all of `path` when it has fewer.
std::string_view leadingSegments(std::string_view path, std::string_view head) {
    std::size_t wanted = 0;
    for (const char c : head) wanted += c == '/' ? 1 : 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '/' && wanted-- == 0) return path.substr(0, i);
    }
    return path;
}

}  // namespace

Result<std::string_view> canonicalPath(std::string_view path, std::string& buffer) {
    if (path.empty() || path.front() != '/') return refuse("it does not start with '/'");
    const Scan scan = scanPath(path);
    if (!scan.problem.empty()) return refuse(scan.problem);
    std::string_view canonical = path;
    if (!scan.canonical) {
        rewrite(path, buffer);
        canonical = buffer;
    }
    if (hasDotSegment(canonical)) return refuse("it holds a '.' or '..' segment");
    return canonical;
}

Result<std::string> canonicalPath(std::string_view path) {
    std::string buffer;
    YIMEN_TRY(const std::string_view canonical, canonicalPath(path, buffer));
    return std::string(canonical);
}

TargetParts splitTarget(std::string_view target) noexcept {
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}, false};
    return {target.substr(0, mark), target.substr(mark + 1), true};
}

bool pathIsUnder(std::string_view path, std::string_view prefix, bool ignoreCase) noexcept {
    if (!startsWith(path, prefix, ignoreCase)) return false;
    if (prefix.ends_with('/')) return true;
    return path.size() == prefix.size() || path[prefix.size()] == '/';
}

bool pathMatches(std::string_view path, std::string_view pattern, bool ignoreCase) noexcept {
    if (pattern.ends_with("/**")) {
        const auto head = pattern.substr(0, pattern.size() - 3);
        if (head.find('*') == std::string_view::npos) return pathIsUnder(path, head, ignoreCase);
        return globMatches(leadingSegments(path, head), head, ignoreCase);
    }
    return globMatches(path, pattern, ignoreCase);
}

}  // namespace yimen::core
