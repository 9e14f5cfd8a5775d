#include "sync/formats/text_decoder.h"

#include <gtest/gtest.h>
#include <iconv.h>

#include <random>
#include <string>

#include "core/unicode.h"

namespace yimen::sync {
namespace {

struct Answer {
    std::string text;
    std::size_t valid = 0;  ///< bytes before the first fault
    bool operator==(const Answer&) const = default;
};

/// What iconv makes of it, up to the first fault.
Answer byIconv(const char* name, std::string bytes) {
    const iconv_t converter = iconv_open("UTF-8", name);
    Answer answer;
    answer.text.resize(bytes.size() * 4 + 16);
    char* from = bytes.data();
    char* to = answer.text.data();
    std::size_t left = bytes.size();
    std::size_t room = answer.text.size();
    iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    answer.text.resize(answer.text.size() - room);
    answer.valid = bytes.size() - left;
    return answer;
}

struct Decoded {
    std::string text;
    std::vector<DecodeFault> faults;
};

Decoded decode(Charset charset, std::string_view bytes, std::size_t step) {
    TextDecoder decoder(charset);
    Decoded out;
    std::string room(TextDecoder::roomFor(step), '\0');
    for (std::size_t at = 0; at <= bytes.size(); at += step) {
        const bool last = at + step > bytes.size();
        const std::size_t count = decoder.decode(bytes.substr(at, step), last, room.data(), out.faults);
        out.text.append(room, 0, count);
        if (last) break;
    }
    return out;
}

Answer upToFault(const Decoded& decoded, std::size_t size) {
    if (decoded.faults.empty()) return {decoded.text, size};
    const DecodeFault& first = decoded.faults.front();
    return {decoded.text.substr(0, first.outputByte), first.inputByte};
}

TEST(TextDecoder, AgreesWithIconvOnEveryTwoByteCode) {
    for (const auto& [charset, name] : {std::pair{Charset::kGbk, "GBK"}, std::pair{Charset::kGb18030, "GB18030"}}) {
        for (unsigned code = 0; code < 0x10000; ++code) {
            const std::string bytes{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU), 'z'};
            ASSERT_EQ(upToFault(decode(charset, bytes, 64), bytes.size()), byIconv(name, bytes)) << name << " " << code;
        }
    }
}

TEST(TextDecoder, AgreesWithIconvOnFourByteCodesAndOnDamage) {
    std::minstd_rand engine(7);
    const auto random = [&] { return static_cast<unsigned>(engine()); };
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        const unsigned length = random() % 40;
        while (bytes.size() < length) {
            const unsigned kind = random() % 8;
            if (kind < 3)
                bytes += static_cast<char>(random() % 128);
            else if (kind < 6)
                bytes.append({static_cast<char>(0xB0 + random() % 0x40), static_cast<char>(0xA1 + random() % 0x5E)});
            else if (kind < 7)
                bytes.append({static_cast<char>(0x81 + random() % 4), static_cast<char>(0x30 + random() % 10),
                              static_cast<char>(0x81 + random() % 126), static_cast<char>(0x30 + random() % 10)});
            else
                bytes += static_cast<char>(random());
        }
        ASSERT_EQ(upToFault(decode(Charset::kGb18030, bytes, 64), bytes.size()), byIconv("GB18030", bytes));
        ASSERT_EQ(upToFault(decode(Charset::kGbk, bytes, 64), bytes.size()), byIconv("GBK", bytes));
        const Decoded utf8 = decode(Charset::kUtf8, bytes, 64);
        ASSERT_EQ(utf8.faults.empty(), core::isValidUtf8(bytes));
        if (utf8.faults.empty()) {
            ASSERT_EQ(utf8.text, bytes);
        }
    }
}

TEST(TextDecoder, SaysTheSameHoweverTheBytesAreCut) {
    const std::string gbk =
        "a\xD6\xD0\xCE\xC4,\x81\x30\x81\x30"
        "b\xFF\xD6\xD0\n\xD6";
    const std::string utf8 = "a\xE4\xB8\xAD\xF0\x9F\x98\x80 b\xC0\x80\xED\xA0\x80 tail\xE4\xB8";
    for (const auto& [charset, bytes] : {std::pair{Charset::kGb18030, gbk}, std::pair{Charset::kUtf8, utf8}}) {
        const Decoded whole = decode(charset, bytes, 1000);
        ASSERT_FALSE(whole.faults.empty());
        for (std::size_t step = 1; step < 8; ++step) {
            const Decoded cut = decode(charset, bytes, step);
            EXPECT_EQ(cut.text, whole.text) << step;
            ASSERT_EQ(cut.faults.size(), whole.faults.size());
            for (std::size_t i = 0; i < cut.faults.size(); ++i) {
                EXPECT_EQ(cut.faults[i].inputByte, whole.faults[i].inputByte);
                EXPECT_EQ(cut.faults[i].outputByte, whole.faults[i].outputByte);
            }
        }
    }
}

TEST(TextDecoder, NamesThePlaceOfAByteThatIsNoText) {
    const Decoded decoded = decode(Charset::kGbk, "ab\xD6\xD0\xFFxyz", 64);
    ASSERT_EQ(decoded.faults.size(), 1U);
    EXPECT_EQ(decoded.faults[0].inputByte, 4U);
    EXPECT_EQ(decoded.faults[0].byte, 0xFF);
    EXPECT_EQ(decoded.text, "ab中\xEF\xBF\xBDxyz");
}

TEST(TextDecoder, ReadsUtf16WithSurrogates) {
    EXPECT_EQ(decode(Charset::kUtf16Le, std::string_view("\x2D\x4E\x3D\xD8\x00\xDE", 6), 1).text, "中😀");
    EXPECT_EQ(decode(Charset::kUtf16Be, std::string_view("\x4E\x2D\xD8\x3D\xDE\x00", 6), 5).text, "中😀");
    EXPECT_EQ(decode(Charset::kUtf16Be, std::string_view("\xDE\x00", 2), 5).faults.size(), 2U);
}

}  // namespace
}  // namespace yimen::sync
