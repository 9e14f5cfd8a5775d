#include "core/unicode.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include <memory>
#include <mutex>

#include "core/ascii.h"
#include "core/check.h"

namespace yimen::core {

namespace {

constexpr int kMaxUsernameCharacters = 64;

struct ConverterCloser {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using ConverterPtr = std::unique_ptr<UConverter, ConverterCloser>;

/// Pages that say GB2312 or GBK hold GB18030 in practice (WHATWG Encoding, section 4.2 treats them alike); GB18030 is a
/// superset, so decoding is safe, but encoding must stay inside GBK, or an old system gets four-byte sequences.
std::string icuName(std::string_view charset, bool decoding) {
    std::string name = lowerCase(charset);
    if (name == "gb2312" || name == "gbk" || name == "cp936" || name == "gb_2312-80" || name == "euc-cn") {
        return decoding ? "gb18030" : "gbk";
    }
    return name;
}

Result<ConverterPtr> openConverter(std::string_view charset, bool decoding) {
    UErrorCode status = U_ZERO_ERROR;
    ConverterPtr converter(ucnv_open(icuName(charset, decoding).c_str(), &status));
    if (U_FAILURE(status)) {
        return makeError(ErrorCode::kInvalidInput, "unknown charset '" + std::string(charset) + "'");
    }
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    ucnv_setFromUCallBack(converter.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    return converter;
}

std::string toUtf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

icu::UnicodeString fromUtf8(std::string_view text) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

/// Building the transliterator takes milliseconds; it is not thread-safe, hence the lock around its use.
std::string hanToLatin(const icu::UnicodeString& text) {
    static std::mutex mutex;
    static const std::unique_ptr<icu::Transliterator> engine = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
            "Han-Latin; NFD; [\\u0300\\u0301\\u0304\\u030C] Remove; NFC; Lower", UTRANS_FORWARD, status));
        YIMEN_CHECK(U_SUCCESS(status));
        return made;
    }();
    const std::lock_guard<std::mutex> lock(mutex);
    icu::UnicodeString work(text);
    engine->transliterate(work);
    // Tones are gone; the two dots stay until here, because "lü" is typed as "lv" and is not "lu".
    work.findAndReplace(icu::UnicodeString(UChar32{0xFC}), icu::UnicodeString(UChar32{'v'}));
    return toUtf8(work);
}

bool isHan(UChar32 c) {
    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0;
}

}  // namespace

bool isValidUtf8(std::string_view text) noexcept {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &status);
    return status == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(status);
}

Result<std::string> normalizeUsername(std::string_view utf8) {
    if (!isValidUtf8(utf8)) return makeError(ErrorCode::kInvalidInput, "the account name is not valid UTF-8");
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const icu::UnicodeString folded = normalizer->normalize(fromUtf8(utf8), status);
    if (U_FAILURE(status)) return makeError(ErrorCode::kInvalidInput, "the account name cannot be normalised");
    const int count = folded.countChar32();
    if (count == 0) return makeError(ErrorCode::kInvalidInput, "the account name is empty");
    if (count > kMaxUsernameCharacters) {
        return makeError(ErrorCode::kInvalidInput, "the account name is longer than 64 characters");
    }
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
        const UChar32 c = folded.char32At(i);
        if (u_isalnum(c) == 0 && c != '.' && c != '_' && c != '-' && c != '@') {
            return makeError(ErrorCode::kInvalidInput, "an account name holds letters, digits and . _ - @ only");
        }
    }
    return toUtf8(folded);
}

bool isKnownCharset(std::string_view charset) noexcept {
    return openConverter(charset, true).ok();
}

Result<std::string> decodeCharset(std::string_view bytes, std::string_view charset) {
    YIMEN_TRY(const ConverterPtr converter, openConverter(charset, true));
    UErrorCode status = U_ZERO_ERROR;
    std::u16string buffer(bytes.size() + 1, u'\0');
    const auto length = ucnv_toUChars(converter.get(), buffer.data(), static_cast<std::int32_t>(buffer.size()),
                                      bytes.data(), static_cast<std::int32_t>(bytes.size()), &status);
    if (U_FAILURE(status)) {
        return makeError(ErrorCode::kInvalidInput, "the bytes are not valid " + std::string(charset));
    }
    return toUtf8(icu::UnicodeString(buffer.data(), length));
}

Result<std::string> encodeCharset(std::string_view utf8, std::string_view charset) {
    if (!isValidUtf8(utf8)) return makeError(ErrorCode::kInvalidInput, "the text is not valid UTF-8");
    YIMEN_TRY(const ConverterPtr converter, openConverter(charset, false));
    const icu::UnicodeString text = fromUtf8(utf8);
    UErrorCode status = U_ZERO_ERROR;
    std::string out(static_cast<std::size_t>(text.length()) * 8 + 8, '\0');
    const auto length = ucnv_fromUChars(converter.get(), out.data(), static_cast<std::int32_t>(out.size()),
                                        text.getBuffer(), text.length(), &status);
    if (U_FAILURE(status)) {
        return makeError(ErrorCode::kInvalidInput,
                         "the text holds a character that " + std::string(charset) + " does not have");
    }
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::vector<std::string> pinyinSyllables(std::string_view utf8) {
    std::vector<std::string> syllables;
    if (!isValidUtf8(utf8)) return syllables;
    const icu::UnicodeString text = fromUtf8(utf8);
    bool inWord = false;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (isHan(c)) {
            syllables.push_back(hanToLatin(icu::UnicodeString(c)));
            inWord = false;
        } else if (u_isalnum(c) != 0) {
            if (!inWord) syllables.emplace_back();
            syllables.back() += lowerCase(toUtf8(icu::UnicodeString(c)));
            inWord = true;
        } else {
            inWord = false;
        }
    }
    return syllables;
}

std::string firstCharacter(std::string_view utf8) {
    if (utf8.empty() || !isValidUtf8(utf8)) return {};
    std::size_t end = 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80U) ++end;
    return std::string(utf8.substr(0, end));
}

std::size_t characterCount(std::string_view utf8) noexcept {
    if (!isValidUtf8(utf8)) return 0;
    std::size_t count = 0;
    for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

}  // namespace yimen::core
