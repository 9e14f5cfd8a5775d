#pragma once

#include <string_view>

namespace yimen::http {

enum class Language { kZh, kEn };

/// "zh-CN" or "en", as in <html lang> and preferences.
std::string_view languageTag(Language language) noexcept;

/// The language of a page: `preferred` ("zh-CN", "en", or "" for none) wins; else the best of Accept-Language by its
/// q values (RFC 9110 section 12.5.4); else Chinese.
Language negotiateLanguage(std::string_view acceptLanguage, std::string_view preferred = {});

}  // namespace yimen::http
