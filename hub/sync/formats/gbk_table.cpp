#include "sync/formats/gbk_table.h"

#include <iconv.h>

#include <memory>
#include <string>

#include "core/check.h"

namespace yimen::sync {

namespace {

/// The entry of one code; 0 when it is none or not complete.
std::uint32_t entryOf(iconv_t converter, std::string code) {
    std::array<char, 8> out{};
    char* from = code.data();
    char* to = out.data();
    std::size_t left = code.size();
    std::size_t room = out.size();
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
    if (iconv(converter, &from, &left, &to, &room) != 0 || left != 0) return 0;
    const std::size_t length = out.size() - room;
    YIMEN_CHECK(length <= 4);
    std::uint32_t entry = length < 4 ? static_cast<std::uint32_t>(length) << 24U : 0U;
    for (std::size_t i = 0; i < length; ++i) entry |= std::uint32_t{static_cast<std::uint8_t>(out[i])} << (8 * i);
    return entry;
}

std::unique_ptr<GbkTable> makeTable(const char* name) {
    auto table = std::make_unique<GbkTable>();
    iconv_t converter = iconv_open("UTF-8", name);
    YIMEN_CHECK(converter != iconv_t(-1));  // NOLINT: the form iconv(3) documents
    for (unsigned lead = 0x80; lead <= 0xFF; ++lead) {
        const char first = static_cast<char>(lead);
        table->single[lead] = entryOf(converter, {first});
        if (table->single[lead] != 0) continue;
        for (unsigned trail = 0x40; trail <= 0xFF; ++trail) {
            table->utf8[lead << 8U | trail] = entryOf(converter, {first, static_cast<char>(trail)});
        }
    }
    iconv_close(converter);
    return table;
}

}  // namespace

const GbkTable& gbkTable(Charset charset) {
    static const std::unique_ptr<GbkTable> kGbk = makeTable("GBK");
    static const std::unique_ptr<GbkTable> kGb18030 = makeTable("GB18030");
    return charset == Charset::kGbk ? *kGbk : *kGb18030;
}

}  // namespace yimen::sync
