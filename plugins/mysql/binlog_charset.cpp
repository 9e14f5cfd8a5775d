#include "binlog_charset.h"

#include <iconv.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace yimen::mysql {

namespace {

class Same final : public Charset {
public:
    void append(std::string_view bytes, std::string& out) const override { out += bytes; }
};

/// By iconv, whole texts at once.
class Converted final : public Charset {
public:
    Converted(iconv_t handle, bool latin) : handle_(handle), latin_(latin) {}
    Converted(const Converted&) = delete;
    Converted& operator=(const Converted&) = delete;
    ~Converted() override { ::iconv_close(handle_); }

    void append(std::string_view bytes, std::string& out) const override {
        std::string copy(bytes);  // iconv takes its input as its own
        char* from = copy.data();
        std::size_t left = copy.size();
        std::array<char, 512> some{};
        while (left > 0) {
            char* to = some.data();
            std::size_t room = some.size();
            const std::size_t done = ::iconv(handle_, &from, &left, &to, &room);
            out.append(some.data(), some.size() - room);
            if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
            // The server's latin1 has no holes where Windows' has five.
            if (latin_) {
                out.append("\xc2").append(from, 1);
            } else {
                out += '?';
            }
            ++from;
            --left;
        }
        ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    }

private:
    iconv_t handle_;
    const bool latin_;
};

struct Name {
    std::string_view server;
    const char* ours;  ///< null: bytes are UTF-8 already
};
constexpr std::array<Name, 12> kNames{{{"utf8mb4", nullptr},
                                       {"utf8mb3", nullptr},
                                       {"utf8", nullptr},
                                       {"ascii", nullptr},
                                       {"gbk", "GBK"},
                                       {"gb2312", "EUC-CN"},
                                       {"gb18030", "GB18030"},
                                       {"latin1", "CP1252"},
                                       {"ucs2", "UCS-2BE"},
                                       {"utf16", "UTF-16BE"},
                                       {"utf16le", "UTF-16LE"},
                                       {"utf32", "UTF-32BE"}}};

}  // namespace

std::unique_ptr<const Charset> Charset::make(std::string_view name) {
    for (const Name& one : kNames) {
        if (one.server != name) continue;
        if (one.ours == nullptr) return std::make_unique<Same>();
        iconv_t handle = ::iconv_open("UTF-8", one.ours);
        if (std::bit_cast<std::intptr_t>(handle) == -1) return nullptr;
        return std::make_unique<Converted>(handle, name == "latin1");
    }
    return nullptr;
}

}  // namespace yimen::mysql
