#include "sync/formats/text_stream.h"

#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::SlowBytes;

TEST(TextStream, KeepsWhatIsNotConsumedWhenItReadsOn) {
    std::string text;
    for (int i = 0; i < 50000; ++i) text += "行" + std::to_string(i) + "\n";
    SlowBytes bytes(text, 777);
    TextStream stream(bytes, std::nullopt);
    std::string all;
    while (true) {
        const auto more = stream.more();
        ASSERT_TRUE(more.ok());
        if (!*more) break;
        const std::size_t half = stream.text().size() / 2;
        all += stream.text().substr(0, half);
        stream.consume(half);
    }
    all += stream.text();
    EXPECT_EQ(all, text);
    EXPECT_TRUE(stream.ended());
}

TEST(TextStream, NamesTheFirstFaultOfAStretchOnly) {
    MemoryBytes bytes("ab\xFF\ncd\nef\xFF\n");
    TextStream stream(bytes, Charset::kUtf8);
    ASSERT_TRUE(*stream.more());
    EXPECT_FALSE(stream.faultWithin(2).has_value());
    ASSERT_TRUE(stream.faultWithin(6).has_value());
    EXPECT_EQ(stream.faultWithin(6)->inputByte, 2U);
    stream.consume(6);
    EXPECT_FALSE(stream.faultWithin(3).has_value());
    stream.consume(3);
    EXPECT_EQ(stream.faultWithin(5)->inputByte, 9U);
}

}  // namespace
}  // namespace yimen::sync
