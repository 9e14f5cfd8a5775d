#include "sync/formats/text_decoder.h"

#include <emmintrin.h>
#include <iconv.h>
#include <simdjson.h>

#include <cstring>

#include "core/check.h"
#include "sync/formats/gbk_table.h"

namespace yimen::sync {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byteAt(const char* at) noexcept {
    return static_cast<std::uint8_t>(*at);
}

/// Length of the UTF-8 character at `at` (RFC 3629 section 4): 0 when it is none, -1 when the end cuts it.
int utf8Length(const char* at, const char* end) noexcept {
    const std::uint8_t first = byteAt(at);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (int i = 1; i < length; ++i) {
        if (at + i == end) return -1;
        const std::uint8_t next = byteAt(at + i);
        std::uint8_t low = 0x80;
        std::uint8_t high = 0xBF;
        if (i == 1 && first == 0xE0) low = 0xA0;
        if (i == 1 && first == 0xED) high = 0x9F;
        if (i == 1 && first == 0xF0) low = 0x90;
        if (i == 1 && first == 0xF4) high = 0x8F;
        if (next < low || next > high) return 0;
    }
    return length;
}

char* putUtf8(char* to, std::uint32_t point) noexcept {
    const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | (point >> 6U));
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | (point >> 12U));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | (point >> 18U));
        put(0x80U | ((point >> 12U) & 0x3FU));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
    return to;
}

/// Copies ASCII in steps of 16 bytes up to the first byte that is none, and says how many.
inline std::size_t copyAscii(const char* from, const char* end, char* to) noexcept {
    const char* at = from;
    while (end - at >= 16) {
        __m128i bytes;
        std::memcpy(&bytes, at, sizeof bytes);
        std::memcpy(to, &bytes, sizeof bytes);
        const int high = _mm_movemask_epi8(bytes);
        if (high != 0)
            return static_cast<std::size_t>(at - from) + static_cast<std::size_t>(__builtin_ctz(unsigned(high)));
        at += 16;
        to += 16;
    }
    while (at != end && byteAt(at) < 0x80) *to++ = *at++;
    return static_cast<std::size_t>(at - from);
}

}  // namespace

/// Four-byte sequences of GB18030: rare, so left to iconv.
class TextDecoder::FourBytes {
public:
    FourBytes() : converter_(iconv_open("UTF-8", "GB18030")) {
        YIMEN_CHECK(converter_ != iconv_t(-1));  // NOLINT: the form iconv(3) documents
    }
    ~FourBytes() { iconv_close(converter_); }
    FourBytes(const FourBytes&) = delete;
    FourBytes& operator=(const FourBytes&) = delete;

    /// Bytes written; 0 when it is no character.
    std::size_t convert(const char* from, char* to) {
        std::array<char, 4> in{from[0], from[1], from[2], from[3]};
        char* inAt = in.data();
        std::size_t left = in.size();
        char* outAt = to;
        std::size_t room = 8;
        iconv(converter_, nullptr, nullptr, nullptr, nullptr);
        if (iconv(converter_, &inAt, &left, &outAt, &room) != 0 || left != 0) return 0;
        return 8 - room;
    }

private:
    iconv_t converter_;
};

/// One stretch of input and where its text goes.
struct TextDecoder::Run {
    const char* at = nullptr;
    const char* end = nullptr;
    char* to = nullptr;
    bool cut = false;  ///< the character at `at` goes on behind `end`
    bool bad = false;  ///< it is known that not all of it is text

    /// Decodes up to the first fault, the end, or a cut character.
    void utf8();
    void doubleByte(const GbkTable& table, FourBytes* fourBytes);
    bool rare(const GbkTable& table, FourBytes* fourBytes);
    void utf16(bool big);
};

void TextDecoder::Run::utf8() {
    const auto size = static_cast<std::size_t>(end - at);
    if (!bad && simdjson::validate_utf8(at, size)) {
        std::memcpy(to, at, size);
        at = end;
        to += size;
        return;
    }
    while (at != end) {
        const std::size_t plain = copyAscii(at, end, to);
        at += plain;
        to += plain;
        if (at == end) return;
        const int length = utf8Length(at, end);
        cut = length < 0;
        if (length <= 0) return;
        std::memcpy(to, at, static_cast<std::size_t>(length));
        at += length;
        to += length;
    }
}

void TextDecoder::Run::doubleByte(const GbkTable& table, FourBytes* fourBytes) {
    while (at != end) {
        if (byteAt(at) < 0x80) {
            const std::size_t plain = copyAscii(at, end, to);
            at += plain;
            to += plain;
            continue;
        }
        // Pairs: what a Chinese text has most of.
        while (end - at >= 2 && byteAt(at) >= 0x80) {
            const std::uint32_t entry = table.utf8[std::size_t{byteAt(at)} << 8U | byteAt(at + 1)];
            if (entry == 0) break;
            std::memcpy(to, &entry, sizeof entry);
            to += GbkTable::lengthOf(entry);
            at += 2;
        }
        if (at != end && byteAt(at) >= 0x80 && !rare(table, fourBytes)) return;
    }
}

/// A character of one or four bytes at `at`; false when there is none, or not all of it.
bool TextDecoder::Run::rare(const GbkTable& table, FourBytes* fourBytes) {
    if (const std::uint32_t single = table.single[byteAt(at)]; single != 0) {
        std::memcpy(to, &single, sizeof single);
        to += GbkTable::lengthOf(single);
        ++at;
        return true;
    }
    if (end - at < 2) {
        cut = byteAt(at) >= 0x81 && byteAt(at) <= 0xFE;
        return false;
    }
    const bool four = fourBytes != nullptr && byteAt(at) >= 0x81 && byteAt(at + 1) >= 0x30 && byteAt(at + 1) <= 0x39;
    cut = four && end - at < 4;
    const std::size_t length = four && !cut ? fourBytes->convert(at, to) : 0;
    to += length;
    at += length == 0 ? 0 : 4;
    return length > 0;
}

void TextDecoder::Run::utf16(bool big) {
    const auto unit = [&](const char* from) -> std::uint32_t {
        return big ? std::uint32_t{byteAt(from)} << 8U | byteAt(from + 1)
                   : std::uint32_t{byteAt(from + 1)} << 8U | byteAt(from);
    };
    while (at != end) {
        cut = end - at < 2;
        if (cut) return;
        std::uint32_t point = unit(at);
        std::size_t used = 2;
        if (point >= 0xDC00 && point <= 0xDFFF) return;
        if (point >= 0xD800 && point <= 0xDBFF) {
            cut = end - at < 4;
            if (cut) return;
            const std::uint32_t low = unit(at + 2);
            if (low < 0xDC00 || low > 0xDFFF) return;
            point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
            used = 4;
        }
        to = putUtf8(to, point);
        at += used;
    }
}

TextDecoder::TextDecoder(Charset charset) : charset_(charset) {
    if (charset == Charset::kGb18030) fourBytes_ = std::make_unique<FourBytes>();
}
TextDecoder::~TextDecoder() = default;
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;

/// Decodes the whole run, faults included; what a cut character leaves goes to the carry.
void TextDecoder::decodeRun(Run& run, bool last, std::vector<DecodeFault>& faults) {
    const char* const begin = run.at;
    const char* const out = run.to;
    while (true) {
        switch (charset_) {
            case Charset::kUtf8:
                run.utf8();
                break;
            case Charset::kGbk:
            case Charset::kGb18030:
                run.doubleByte(gbkTable(charset_), fourBytes_.get());
                break;
            case Charset::kUtf16Le:
            case Charset::kUtf16Be:
                run.utf16(charset_ == Charset::kUtf16Be);
                break;
        }
        if (run.at == run.end || (run.cut && !last)) break;
        run.cut = false;
        run.bad = true;
        faults.push_back({input_ + static_cast<std::uint64_t>(run.at - begin),
                          output_ + static_cast<std::uint64_t>(run.to - out), byteAt(run.at)});
        std::memcpy(run.to, kReplacement.data(), kReplacement.size());
        run.to += kReplacement.size();
        ++run.at;
    }
    input_ += static_cast<std::uint64_t>(run.at - begin);
    output_ += static_cast<std::uint64_t>(run.to - out);
}

std::size_t TextDecoder::decode(std::string_view piece, bool last, char* out, std::vector<DecodeFault>& faults) {
    char* to = out;
    // Byte by byte while a character of the piece before is open: at most three bytes.
    while (carried_ > 0 && (!piece.empty() || last)) {
        if (!piece.empty()) {
            carry_[carried_++] = piece.front();
            piece.remove_prefix(1);
        }
        Run run{carry_.data(), carry_.data() + carried_, to};
        decodeRun(run, last && piece.empty(), faults);
        to = run.to;
        carried_ = static_cast<std::size_t>(run.end - run.at);
        std::memmove(carry_.data(), run.at, carried_);
    }
    Run run{piece.data(), piece.data() + piece.size(), to};
    if (!piece.empty()) decodeRun(run, last, faults);
    carried_ = carried_ + static_cast<std::size_t>(run.end - run.at);
    if (run.at != run.end) std::memcpy(carry_.data(), run.at, carried_);
    return static_cast<std::size_t>(run.to - out);
}

}  // namespace yimen::sync
