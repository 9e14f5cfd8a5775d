#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace yimen::mysql {

/// A character set of the server, to UTF-8. Used by one thread at a time, also where it is const.
class Charset {
public:
    virtual ~Charset() = default;
    /// Appends `bytes` in UTF-8; what is no character becomes '?', as the server writes it.
    virtual void append(std::string_view bytes, std::string& out) const = 0;

    /// By the server's name: utf8mb4, utf8mb3, ascii, gbk, gb2312, gb18030, latin1, ucs2, utf16, utf16le, utf32.
    /// Nothing for another.
    static std::unique_ptr<const Charset> make(std::string_view name);
};

}  // namespace yimen::mysql
