#include "core/csv.h"

#include <gtest/gtest.h>

#include <array>

namespace yimen::core {

namespace {

constexpr std::array<std::string_view, 2> kColumns{"a", "b"};

CsvFile read(std::string_view text) {
    return readCsv(text, kColumns);
}

}  // namespace

TEST(ReadCsv, ReadsPlainAndQuotedCells) {
    const CsvFile file = read("a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n张,\n");
    ASSERT_TRUE(file.problems.empty());
    ASSERT_EQ(file.rows.size(), 2U);
    EXPECT_EQ(file.rows[0].cells, (std::vector<std::string>{"1", "x, \"y\"\r\nz"}));
    EXPECT_EQ(file.rows[0].line, 2U);
    EXPECT_EQ(file.rows[1].cells, (std::vector<std::string>{"张", ""}));
    EXPECT_EQ(file.rows[1].line, 5U) << "a cell of two lines and an empty line were counted";
}

TEST(ReadCsv, TakesAByteOrderMarkAndColumnsInAnyOrder) {
    const CsvFile file = read(
        "\xef\xbb\xbf"
        "b,a\n2,1");
    ASSERT_EQ(file.rows.size(), 1U);
    EXPECT_EQ(file.rows[0].cells, (std::vector<std::string>{"1", "2"}));
}

TEST(ReadCsv, RefusesOtherColumnsThanWanted) {
    for (const char* text : {"", "a\n1", "a,c\n1,2", "a,b,c\n1,2,3", "a,b,b\n1,2,3", "A,b\n1,2"}) {
        const CsvFile file = read(text);
        ASSERT_FALSE(file.problems.empty()) << text;
        EXPECT_EQ(file.problems[0].line, 1U);
        EXPECT_NE(file.problems[0].todo.find("a,b"), std::string::npos);
        EXPECT_TRUE(file.rows.empty());
    }
}

TEST(ReadCsv, NamesEveryBadLineAndReadsTheOthers) {
    const CsvFile file = read("a,b\n1\n1,2,3\n1,\"2\"x\n1,2\"\n5,6\n");
    ASSERT_EQ(file.problems.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(file.problems[i].line, i + 2);
    ASSERT_EQ(file.rows.size(), 1U);
    EXPECT_EQ(file.rows[0].line, 6U);
}

TEST(ReadCsv, SaysWhereAQuoteWasOpenedThatNeverCloses) {
    const CsvFile file = read("a,b\n1,2\n1,\"2\n3,4\n");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].line, 3U);
}

TEST(ReadCsv, SaysHowToSaveAFileOfAnotherCharset) {
    const CsvFile gbk = read("a,b\n1,2\n\xd5\xc5\xce\xb0,2\n");
    ASSERT_EQ(gbk.problems.size(), 1U);
    EXPECT_EQ(gbk.problems[0].line, 3U);
    EXPECT_NE(gbk.problems[0].what.find("GB18030"), std::string::npos);
    EXPECT_NE(gbk.problems[0].todo.find("CSV UTF-8"), std::string::npos);
    const CsvFile utf16 =
        read(std::string_view("\xff\xfe"
                              "a\0",
                              4));
    EXPECT_NE(utf16.problems.at(0).what.find("UTF-16"), std::string::npos);
    const CsvFile junk = read("a,b\n1,\xff\n");
    EXPECT_EQ(junk.problems.at(0).what.find("GB18030"), std::string::npos);
    EXPECT_FALSE(read(std::string_view("a,b\n1,\0\n", 8)).problems.empty());
}

TEST(ReadCsv, RefusesALoneCarriageReturn) {
    EXPECT_FALSE(read("a,b\r1,2\r").problems.empty());
}

}  // namespace yimen::core
