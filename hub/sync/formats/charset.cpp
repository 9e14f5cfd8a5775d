#include "sync/formats/charset.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/ascii.h"
#include "sync/formats/text_decoder.h"

namespace yimen::sync {

namespace {

constexpr std::array<std::pair<std::string_view, Charset>, 14> kNames{{
    {"utf-8", Charset::kUtf8},
    {"utf8", Charset::kUtf8},
    {"us-ascii", Charset::kUtf8},
    {"ascii", Charset::kUtf8},
    {"gbk", Charset::kGbk},
    {"gb2312", Charset::kGbk},
    {"cp936", Charset::kGbk},
    {"windows-936", Charset::kGbk},
    {"x-gbk", Charset::kGbk},
    {"gb18030", Charset::kGb18030},
    {"gb-18030", Charset::kGb18030},
    {"utf-16le", Charset::kUtf16Le},
    {"utf-16be", Charset::kUtf16Be},
    {"utf-16", Charset::kUtf16Le},
}};

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::size_t kDeclarationBytes = 2048;

bool startsAt(std::string_view text, std::size_t at, std::string_view word) {
    return text.size() - at >= word.size() && core::equalIgnoreCase(text.substr(at, word.size()), word);
}

/// The value behind `key=`, with or without quotes.
std::optional<Charset> valueAfter(std::string_view text, std::string_view key) {
    for (std::size_t at = 0; at + key.size() < text.size(); ++at) {
        if (!startsAt(text, at, key)) continue;
        std::size_t begin = at + key.size();
        while (begin < text.size() && (text[begin] == ' ' || text[begin] == '=')) ++begin;
        if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) ++begin;
        const std::size_t end = text.find_first_of("\"' ;/?>\r\n\t", begin);
        return charsetFromName(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    }
    return std::nullopt;
}

std::optional<Charset> namedInside(std::string_view head) {
    const std::string_view start = head.substr(0, kDeclarationBytes);
    if (start.starts_with("<?xml")) return valueAfter(start.substr(0, start.find("?>")), "encoding");
    for (std::size_t at = 0; at < start.size(); ++at) {
        if (start[at] == '<' && startsAt(start, at, "<meta")) {
            if (const auto found = valueAfter(start.substr(at, start.find('>', at) - at), "charset")) return found;
        }
    }
    return std::nullopt;
}

/// What decoding the head in a charset shows.
struct Look {
    std::size_t faults = 0;
    std::size_t beyondAscii = 0;  ///< characters that are no ASCII, faults left out
};

Look lookAs(std::string_view head, Charset charset) {
    constexpr std::size_t kStep = 4096;
    TextDecoder decoder(charset);
    std::string out(TextDecoder::roomFor(kStep), '\0');
    std::vector<DecodeFault> faults;
    Look look;
    for (; !head.empty(); head.remove_prefix(std::min(kStep, head.size()))) {
        const std::size_t length = decoder.decode(head.substr(0, kStep), false, out.data(), faults);
        for (std::size_t i = 0; i < length; ++i)
            look.beyondAscii += static_cast<unsigned char>(out[i]) >= 0xC0 ? 1U : 0U;
    }
    look.faults = faults.size();
    look.beyondAscii -= look.faults;
    return look;
}

/// UTF-8, perhaps with a little damage: text in GBK is nothing but faults when it is read as UTF-8.
bool isUtf8(std::string_view head) {
    const Look look = lookAs(head, Charset::kUtf8);
    return look.faults == 0 || look.beyondAscii > 8 * look.faults;
}

}  // namespace

std::string_view toString(Charset charset) noexcept {
    switch (charset) {
        case Charset::kUtf8:
            return "utf-8";
        case Charset::kGbk:
            return "gbk";
        case Charset::kGb18030:
            return "gb18030";
        case Charset::kUtf16Le:
            return "utf-16le";
        case Charset::kUtf16Be:
            return "utf-16be";
    }
    return "utf-8";
}

std::optional<Charset> charsetFromName(std::string_view name) noexcept {
    for (const auto& [word, charset] : kNames) {
        if (core::equalIgnoreCase(name, word)) return charset;
    }
    return std::nullopt;
}

std::optional<Charset> charsetOfContentType(std::string_view value) noexcept {
    return valueAfter(value, "charset");
}

DetectedCharset detectCharset(std::string_view head, std::optional<Charset> declared) {
    DetectedCharset found;
    if (head.starts_with(kUtf8Mark)) {
        found.markBytes = kUtf8Mark.size();
    } else if (head.starts_with("\xFF\xFE")) {
        found.charset = Charset::kUtf16Le;
        found.markBytes = 2;
    } else if (head.starts_with("\xFE\xFF")) {
        found.charset = Charset::kUtf16Be;
        found.markBytes = 2;
    } else if (declared == Charset::kUtf16Le || declared == Charset::kUtf16Be) {
        found.charset = *declared;
    } else if (!isUtf8(head)) {
        const bool onlyGbk = declared == Charset::kGbk && lookAs(head, Charset::kGbk).faults == 0;
        found.charset = onlyGbk ? Charset::kGbk : Charset::kGb18030;
    }
    found.inDocument = namedInside(head.substr(found.markBytes));
    const auto differs = [&](std::optional<Charset> said) {
        if (!said || *said == found.charset) return false;
        return !(*said == Charset::kGbk && found.charset == Charset::kGb18030);
    };
    const bool plain =
        std::all_of(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    found.lied = !plain && (differs(declared) || differs(found.inDocument));
    return found;
}

}  // namespace yimen::sync
