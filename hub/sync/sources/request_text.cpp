#include "sync/sources/request_text.h"

#include "core/ascii.h"
#include "core/bytes.h"
#include "core/json.h"
#include "core/url.h"
#include "crypto/digest.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;

std::string xmlEscaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '&':
                out += "&amp;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&apos;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

core::Result<std::string> filtered(std::string_view name, std::string value) {
    if (const auto algorithm = crypto::digestFromName(name)) {
        return core::toHex(crypto::digest(*algorithm, core::asBytes(value)));
    }
    if (name == "base64") return core::toBase64(core::asBytes(value));
    if (name == "encode") return core::percentEncode(value);
    if (name == "xml") return xmlEscaped(value);
    if (name == "json") {
        const std::string quoted = core::writeJson(core::Json(std::move(value)));
        return quoted.substr(1, quoted.size() - 2);
    }
    if (name == "lower") return core::lowerCase(value);
    if (name == "upper") {
        for (char& c : value) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
        return value;
    }
    return core::makeError(ErrorCode::kInvalidInput,
                           "unknown filter \"" + std::string(name) +
                               "\": use md5, sha1, sha256, sm3, base64, encode, xml, json, lower, upper");
}

/// Calls `literal` for text and `place` for what stands between braces.
template <typename Literal, typename Place>
core::Status walk(std::string_view text, const Literal& literal, const Place& place) {
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool twice = at + 1 < text.size() && text[at + 1] == c;
        if ((c == '{' || c == '}') && twice) {
            literal(text.substr(at, 1));
            at += 2;
        } else if (c == '{') {
            const std::size_t end = text.find('}', at);
            if (end == std::string_view::npos)
                return core::makeError(ErrorCode::kInvalidInput, "a { is not closed by }");
            YIMEN_TRY_STATUS(place(text.substr(at + 1, end - at - 1)));
            at = end + 1;
        } else if (c == '}') {
            return core::makeError(ErrorCode::kInvalidInput, "a } without its {: write }} for the character");
        } else {
            literal(text.substr(at, 1));
            ++at;
        }
    }
    return {};
}

}  // namespace

core::Result<std::optional<std::string>> fillText(std::string_view text, const TextValues& values) {
    std::string out;
    bool absent = false;
    const auto literal = [&](std::string_view part) { out += part; };
    const auto place = [&](std::string_view what) -> core::Status {
        std::size_t bar = what.find('|');
        auto value = values(what.substr(0, bar));
        if (!value) {
            absent = true;
            return {};
        }
        while (bar != std::string_view::npos) {
            what.remove_prefix(bar + 1);
            bar = what.find('|');
            YIMEN_TRY(value, filtered(what.substr(0, bar), std::move(*value)));
        }
        out += *value;
        return {};
    };
    YIMEN_TRY_STATUS(walk(text, literal, place));
    return absent ? std::optional<std::string>() : std::optional<std::string>(std::move(out));
}

core::Result<std::vector<std::string>> textNames(std::string_view text) {
    std::vector<std::string> names;
    const auto place = [&](std::string_view what) -> core::Status {
        std::size_t bar = what.find('|');
        names.emplace_back(what.substr(0, bar));
        while (bar != std::string_view::npos) {
            what.remove_prefix(bar + 1);
            bar = what.find('|');
            if (auto known = filtered(what.substr(0, bar), ""); !known.ok()) return known.error();
        }
        return {};
    };
    YIMEN_TRY_STATUS(walk(
        text, [](std::string_view) {}, place));
    return names;
}

}  // namespace yimen::sync
