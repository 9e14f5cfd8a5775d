#include "gateway/file_name.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/unicode.h"
#include "core/url.h"

namespace yimen::gateway {

namespace {

constexpr std::string_view kParameter = "filename=";

bool hasHighByte(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

std::string readableFileName(std::string_view disposition, std::string_view charset) {
    if (!hasHighByte(disposition)) return {};
    const auto lower = core::lowerCase(disposition);
    const auto at = lower.find(kParameter);
    if (at == std::string::npos || lower.find("filename*") != std::string::npos) return {};
    auto rest = disposition.substr(at + kParameter.size());
    const bool quoted = !rest.empty() && rest.front() == '"';
    if (quoted) rest.remove_prefix(1);
    // No second byte of a GBK or GB18030 character is a quote or a semicolon, so the end can be found in the bytes.
    const auto end = std::min(rest.find(quoted ? '"' : ';'), rest.size());
    const auto raw = core::trim(rest.substr(0, end));
    std::string name(raw);
    if (!core::isValidUtf8(raw)) {
        auto decoded = core::decodeCharset(raw, charset);
        if (!decoded.ok()) return {};
        name = *decoded;
    }
    rest.remove_prefix(std::min(end + (quoted ? 1 : 0), rest.size()));
    std::string out(disposition.substr(0, at));
    out += "filename*=UTF-8''";
    out += core::percentEncode(name);
    out += rest;
    return out;
}

}  // namespace yimen::gateway
