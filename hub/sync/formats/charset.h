#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace yimen::sync {

/// Charsets that sources are written in.
enum class Charset { kUtf8, kGbk, kGb18030, kUtf16Le, kUtf16Be };
std::string_view toString(Charset charset) noexcept;
/// "utf-8", "gbk", "gb2312", "cp936", "gb18030", "utf-16le", "utf-16be", ..., case ignored. GB2312 and code page 936
/// are read as GBK, of which they are a part.
std::optional<Charset> charsetFromName(std::string_view name) noexcept;

/// What the first bytes of a text say about its charset, and whether what was declared about it is true.
struct DetectedCharset {
    Charset charset = Charset::kUtf8;
    std::size_t markBytes = 0;          ///< length of the byte order mark, to be passed over
    std::optional<Charset> inDocument;  ///< of the XML declaration or the HTML meta element
    /// The document or its transport names another charset than its bytes are in.
    bool lied = false;
};

/// Decides by the bytes: a byte order mark; else whether they are UTF-8 (a little damage does not make it another
/// charset: the damage is then a fault); else GB18030. `head` is the
/// beginning of the text (64 KiB are plenty; a character cut at its end is no fault). `declared` (HTTP header) and the
/// XML declaration or meta element in the text are believed only when the bytes agree. Any thread.
DetectedCharset detectCharset(std::string_view head, std::optional<Charset> declared = std::nullopt);

/// The charset parameter of a Content-Type value ("text/xml; charset=GBK").
std::optional<Charset> charsetOfContentType(std::string_view value) noexcept;

}  // namespace yimen::sync
