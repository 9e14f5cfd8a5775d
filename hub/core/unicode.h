#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::core {

/// What the hub needs of Unicode and the legacy charsets; the only home of ICU. Any thread.

bool isValidUtf8(std::string_view text) noexcept;

/// The one form of an account name: NFKC with case folding, so that "WangMin", "wangmin" and full-width spellings are
/// one account. Refuses an empty name, more than 64 characters, and anything but letters, digits and ". _ - @".
Result<std::string> normalizeUsername(std::string_view utf8);

/// Bytes of a charset ("UTF-8", "GBK", "GB2312", "GB18030", ...) to UTF-8. Strict: a byte sequence that is not valid
/// in that charset is an error, not a replacement character.
Result<std::string> decodeCharset(std::string_view bytes, std::string_view charset);
/// UTF-8 to bytes of a charset. Strict: a character the charset does not have is an error that names it.
Result<std::string> encodeCharset(std::string_view utf8, std::string_view charset);
bool isKnownCharset(std::string_view charset) noexcept;

/// Pinyin of each character without tones, lower case: "户籍人口" -> {"hu","ji","ren","kou"}. A run of other letters or
/// digits stays one element ("OA" -> "oa"); spaces and punctuation are left out.
std::vector<std::string> pinyinSyllables(std::string_view utf8);

/// The first character of a text, for a tile's mark.
std::string firstCharacter(std::string_view utf8);
/// Number of code points; 0 for invalid UTF-8.
std::size_t characterCount(std::string_view utf8) noexcept;

}  // namespace yimen::core
