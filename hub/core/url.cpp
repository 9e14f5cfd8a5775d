#include "core/url.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"

namespace yimen::core {

namespace {

Error badUrl(std::string_view why) {
    return makeError(ErrorCode::kInvalidInput, "not an acceptable web address: " + std::string(why));
}

bool isCleanByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7F && c != '\\' && c != '"' && c != '<' && c != '>';
}

bool isHostByte(char c) {
    return isAlpha(c) || isDigit(c) || c == '-' || c == '.' || c == '_';
}

bool isHost(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    if (host.front() == '[') {
        if (host.back() != ']' || host.size() < 4) return false;
        const auto literal = host.substr(1, host.size() - 2);
        return std::all_of(literal.begin(), literal.end(),
                           [](char c) { return hexDigit(c) >= 0 || c == ':' || c == '.'; });
    }
    return std::all_of(host.begin(), host.end(), isHostByte) && host.front() != '.' &&
           host.find("..") == std::string_view::npos;
}

Result<std::uint16_t> parsePort(std::string_view digits) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value == 0 || value > 65535) {
        return badUrl("the port must be a number from 1 to 65535");
    }
    return static_cast<std::uint16_t>(value);
}

Status parseAuthority(std::string_view authority, Url& url) {
    if (authority.find('@') != std::string_view::npos) return badUrl("a user name before '@' is not allowed");
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    url.port = url.secure() ? 443 : 80;
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        YIMEN_TRY(url.port, parsePort(authority.substr(colon + 1)));
        authority = authority.substr(0, colon);
    }
    if (!isHost(authority)) return badUrl("the host name is not valid");
    url.host = lowerCase(authority);
    return {};
}

void splitQuery(std::string_view rest, Url& url) {
    const auto mark = rest.find('?');
    url.path = std::string(rest.substr(0, mark));
    url.hasQuery = mark != std::string_view::npos;
    url.query = url.hasQuery ? std::string(rest.substr(mark + 1)) : std::string();
    if (url.path.empty()) url.path = "/";
}

/// RFC 3986 section 5.2.4.
std::string removeDotSegments(std::string_view path) {
    std::vector<std::string_view> kept;
    std::size_t start = 1;
    bool directory = false;
    while (start <= path.size()) {
        std::size_t end = path.find('/', start);
        if (end == std::string_view::npos) end = path.size();
        const auto segment = path.substr(start, end - start);
        directory = segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (segment != ".") {
            kept.push_back(segment);
        }
        start = end + 1;
    }
    std::string out;
    for (const auto segment : kept) {
        out += '/';
        out += segment;
    }
    if (directory || out.empty()) out += '/';
    return out;
}

bool hasScheme(std::string_view reference) {
    const auto colon = reference.find(':');
    if (colon == std::string_view::npos || colon == 0 || !isAlpha(reference.front())) return false;
    return std::all_of(reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return isAlpha(c) || isDigit(c) || c == '+' || c == '-' || c == '.'; });
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    for (const char c : text) {
        if (!isCleanByte(c)) return badUrl("it holds a character that is not allowed there");
    }
    const auto separator = text.find("://");
    if (separator == std::string_view::npos) return badUrl("it must start with http:// or https://");
    Url url;
    url.scheme = lowerCase(text.substr(0, separator));
    if (url.scheme != "http" && url.scheme != "https") return badUrl("it must start with http:// or https://");
    if (text.find('#') != std::string_view::npos) return badUrl("a part after '#' is not allowed");
    const auto rest = text.substr(separator + 3);
    const auto end = rest.find_first_of("/?");
    YIMEN_TRY_STATUS(parseAuthority(rest.substr(0, end), url));
    splitQuery(end == std::string_view::npos ? std::string_view() : rest.substr(end), url);
    return url;
}

std::string Url::authority() const {
    const bool usual = port == (secure() ? 443 : 80);
    return usual ? host : host + ':' + std::to_string(port);
}

std::string Url::origin() const {
    return scheme + "://" + authority();
}

std::string Url::target() const {
    return hasQuery ? path + '?' + query : path;
}

Result<Url> Url::resolve(std::string_view reference) const {
    reference = reference.substr(0, reference.find('#'));
    for (const char c : reference) {
        if (!isCleanByte(c)) return badUrl("it holds a character that is not allowed there");
    }
    if (reference.empty()) return *this;
    if (hasScheme(reference)) return parse(reference);
    if (reference.starts_with("//")) return parse(scheme + ':' + std::string(reference));
    Url url = *this;
    if (reference.front() == '?') {
        url.hasQuery = true;
        url.query = std::string(reference.substr(1));
        return url;
    }
    if (reference.front() == '/') {
        splitQuery(reference, url);
    } else {
        splitQuery(path.substr(0, path.rfind('/') + 1) + std::string(reference), url);
    }
    url.path = removeDotSegments(url.path);
    return url;
}

std::string percentEncode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() * 3);
    for (const char c : text) {
        if (isAlpha(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

Result<std::string> percentDecode(std::string_view text, bool plusIsSpace) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plusIsSpace) {
            out += ' ';
            continue;
        }
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return makeError(ErrorCode::kInvalidInput, "'%' is not followed by two hexadecimal digits");
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Result<FormPairs> parseForm(std::string_view text, std::size_t maxPairs) {
    FormPairs pairs;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        if (pairs.size() >= maxPairs) {
            return makeError(ErrorCode::kTooLarge, "more than " + std::to_string(maxPairs) + " form fields");
        }
        const auto equals = pair.find('=');
        YIMEN_TRY(std::string name, percentDecode(pair.substr(0, equals), true));
        std::string value;
        if (equals != std::string_view::npos) {
            YIMEN_TRY(value, percentDecode(pair.substr(equals + 1), true));
        }
        pairs.emplace_back(std::move(name), std::move(value));
    }
    return pairs;
}

std::string writeForm(const FormPairs& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        out += percentEncode(name);
        out += '=';
        out += percentEncode(value);
    }
    return out;
}

}  // namespace yimen::core
