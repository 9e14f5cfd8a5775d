#include "sync/formats/fixed_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;
using fixture::SlowBytes;
using fixture::Table;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Outcome read(const std::string& text, std::optional<std::string> trailer = {}, bool lines = true,
             std::size_t step = 7) {
    FixedOptions options;
    options.columns = {{"code", 3}, {"name", 8}, {"-", 2}, {"rain", 6}};
    options.trailer = std::move(trailer);
    options.lines = lines;
    FixedReader reader(std::make_unique<SlowBytes>(text, step), options, "R.txt");
    return readAll(reader, {"rain", "code", "name"});
}

// 3 bytes, 4 Chinese characters in 8 bytes, filler, 6 bytes.
const std::string kRow1 = "001\xC1\xE9\xCB\xAE\xC7\xC5\xB1\xB1--  12.5";
const std::string kRow2 = "002\xCB\xAE\xBF\xE2    --9999.9";

TEST(FixedReader, CutsByBytesBeforeItDecodes) {
    const Table wanted{{"  12.5", "001", "灵水桥北"}, {"9999.9", "002", "水库    "}};
    for (const char* end : {"\r\n", "\n"}) {
        const Outcome out = read(kRow1 + end + kRow2 + end);
        EXPECT_EQ(out.error, "");
        EXPECT_EQ(out.rows, wanted);
        EXPECT_THAT(out.origins, ElementsAre(1, 2));
    }
    EXPECT_EQ(read(kRow1 + "\n" + kRow2).rows, wanted);
    EXPECT_EQ(read(kRow1 + kRow2, {}, false).rows, wanted);
}

TEST(FixedReader, RefusesRecordsOfAnotherLengthOrCharsetAndKeepsTheOthers) {
    std::string bad = kRow2;
    bad[4] = '\x20';
    const Outcome out = read(kRow1 + "\n" + kRow1.substr(1) + "\n" + bad + "\n" + kRow2 + "\n");
    EXPECT_EQ(out.rows.size(), 2U);
    ASSERT_EQ(out.rejected.size(), 2U);
    EXPECT_EQ(out.rejected[0].message, "the record has 18 bytes, not 19");
    EXPECT_EQ(out.rejected[1].message, "byte 0xcb at byte 3 of the record (column \"name\") is not text in gbk");
    EXPECT_EQ(out.rejected[1].origin, 3U);
}

TEST(FixedReader, RefusesADocumentThatWasCutOff) {
    EXPECT_EQ(read(kRow1 + "\r\n" + kRow2 + "\r\nEOF 2\r\n", "EOF {count}").error, "");
    EXPECT_THAT(read(kRow1 + "\r\n", "EOF {count}").error, HasSubstr("\"EOF {count}\" is missing"));
    EXPECT_THAT(read(kRow1 + "\r\nEOF 2\r\n", "EOF {count}").error, HasSubstr("does not say EOF 1"));
    EXPECT_EQ(read(kRow1 + kRow2.substr(0, 5), {}, false).rejected.size(), 1U);
}

}  // namespace
}  // namespace yimen::sync
