#include "sync/formats/csv_reader.h"

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

struct Opened {
    std::unique_ptr<SlowBytes> bytes;
    std::unique_ptr<CsvReader> reader;
};

Opened open(const std::string& text, CsvOptions options = {}, std::size_t step = 1000,
            std::optional<Charset> charset = {}) {
    Opened opened;
    opened.bytes = std::make_unique<SlowBytes>(text, step);
    opened.reader =
        std::make_unique<CsvReader>(std::make_unique<TextStream>(*opened.bytes, charset), std::move(options), "f.csv");
    return opened;
}

Outcome read(const std::string& text, const std::vector<std::string>& wanted, CsvOptions options = {},
             std::optional<Charset> charset = {}) {
    const Opened opened = open(text, std::move(options), 1000, charset);
    return readAll(*opened.reader, wanted);
}

TEST(CsvReader, ReadsQuotedCellsWithDelimitersLineFeedsAndQuotes) {
    const std::string text = "id,name,note\r\n1,\"a,b\",\"line\nfeed\"\r\n2,\"say \"\"hi\"\"\",\n\n3,,\"\"";
    for (std::size_t step = 1; step < 40; ++step) {
        const Opened opened = open(text, {}, step);
        const Outcome out = readAll(*opened.reader, {"id", "name", "note"});
        EXPECT_EQ(out.error, "");
        EXPECT_EQ(out.rows, (Table{{"1", "a,b", "line\nfeed"}, {"2", "say \"hi\"", ""}, {"3", "", ""}})) << step;
        EXPECT_THAT(out.origins, ElementsAre(2, 4, 6));
        EXPECT_TRUE(out.rejected.empty());
    }
}

TEST(CsvReader, FindsColumnsByNameInAnyOrderDespiteAByteOrderMark) {
    const Outcome out = read(
        "\xEF\xBB\xBF"
        "code , flow\nA1,7\n",
        {"flow", "code"});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"7", "A1"}}));
}

TEST(CsvReader, RefusesAHeaderThatIsNotTheExpectedOneBeforeAnyRow) {
    const Outcome out = read("code,flow2,more\nA1,7,8\n", {"code", "flow"});
    EXPECT_THAT(out.error, HasSubstr("missing: \"flow\""));
    EXPECT_THAT(out.error, HasSubstr("unknown: \"flow2\", \"more\""));
    EXPECT_TRUE(out.rows.empty());
    EXPECT_THAT(read("a,a\n1,2\n", {"a"}).error, HasSubstr("f.csv, line 2: the column \"a\" stands twice"));
}

TEST(CsvReader, RefusesDamagedRecordsAndKeepsTheOthers) {
    const Outcome out = read("a,b\n1,2\n3\n4,5,6\n7,x\"y\n8,\"z\"z\n9,10\n", {"a", "b"});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"1", "2"}, {"9", "10"}}));
    ASSERT_EQ(out.rejected.size(), 4U);
    EXPECT_EQ(out.rejected[0].origin, 3U);
    EXPECT_EQ(out.rejected[0].message, "the record has 1 cells, the header has 2");
    EXPECT_EQ(out.rejected[1].origin, 4U);
    EXPECT_EQ(out.rejected[1].raw, R"({"_record":"4,5,6\n"})");
    EXPECT_THAT(out.rejected[2].message, HasSubstr("inside a cell"));
    EXPECT_THAT(out.rejected[3].message, HasSubstr("behind a closing quote"));
}

TEST(CsvReader, LosesOnlyTheLineWhoseQuoteIsNeverClosed) {
    const Outcome out = read("a,b\n1,\"2\n3,4\n5,6\n", {"a", "b"});
    EXPECT_EQ(out.rows, (Table{{"3", "4"}, {"5", "6"}}));
    ASSERT_EQ(out.rejected.size(), 1U);
    EXPECT_EQ(out.rejected[0].origin, 2U);
    EXPECT_THAT(out.origins, ElementsAre(3, 4));
}

TEST(CsvReader, RefusesTheRecordThatHoldsAByteOutsideItsCharset) {
    const Outcome out = read("a,b\n1,\xD6\xD0\n2,\xD6\x20\n3,\xCE\xC4\n", {"a", "b"}, {}, Charset::kGbk);
    EXPECT_EQ(out.rows, (Table{{"1", "中"}, {"3", "文"}}));
    ASSERT_EQ(out.rejected.size(), 1U);
    EXPECT_EQ(out.rejected[0].message, "byte 0xd6 at byte 11 of the document is not text in gbk");
}

TEST(CsvReader, TakesTheMarksOfExcelOffWhenAskedTo) {
    CsvOptions options;
    options.dialect.excelMarks = true;
    const std::string text = "a,b,c,d\n\t91210299,'001,=\"007\",\"=\"\"008\"\"\"\n9.12E+17,x,y,z\n";
    EXPECT_EQ(read(text, {"a", "b", "c", "d"}, options).rows,
              (Table{{"91210299", "001", "007", "008"}, {"9.12E+17", "x", "y", "z"}}));
    EXPECT_EQ(read("a,b\n\t1,'2\n", {"a", "b"}).rows, (Table{{"\t1", "'2"}}));
}

TEST(CsvReader, ReadsOtherDialects) {
    CsvOptions options;
    options.dialect = {'|', '\n', false};
    options.header = 3;
    EXPECT_EQ(read("report\n\na|b\n\"x|y\"\n", {"a", "b"}, options).rows, (Table{{"\"x", "y\""}}));
    options.header = 0;
    options.names = {"p", "q"};
    EXPECT_EQ(read("1|2\n", {"p", "q"}, options).rows, (Table{{"1", "2"}}));
}

TEST(CsvReader, WantsTheEndMarkWithTheNumberOfRecords) {
    CsvOptions options;
    options.trailer = "EOF {count}";
    EXPECT_EQ(read("a,b\n1,2\n3,4\nEOF 2\r\n", {"a", "b"}, options).error, "");
    EXPECT_THAT(read("a,b\n1,2\nEOF 2\n", {"a", "b"}, options).error, HasSubstr("does not say EOF 1"));
    EXPECT_THAT(read("a,b\n1,2\n", {"a", "b"}, options).error, HasSubstr("is missing"));
    EXPECT_THAT(read("a,b\nEOF 0\n1,2\n", {"a", "b"}, options).error, HasSubstr("behind the end mark"));
}

TEST(CsvReader, GivesUpADocumentOfAnotherForm) {
    std::string text = "a,b\n";
    for (int i = 0; i < 2000; ++i) text += "one cell\n";
    const Outcome out = read(text, {"a", "b"});
    EXPECT_THAT(out.error, HasSubstr("line 1002: more than 1000 records"));
    EXPECT_EQ(out.rejected.size(), RecordReader::kMaxRejected);
    EXPECT_THAT(read("", {"a"}).error, HasSubstr("the document is empty"));
}

TEST(CsvReader, FillsBatchesOneAfterTheOther) {
    std::string text = "a,b\n";
    for (int i = 0; i < 25000; ++i) text += std::to_string(i) + ",\"中文,text\"\n";
    const Outcome out = read(text, {"a", "b"});
    ASSERT_EQ(out.rows.size(), 25000U);
    for (std::size_t i = 0; i < out.rows.size(); ++i) {
        ASSERT_EQ(out.rows[i][0], std::to_string(i));
        ASSERT_EQ(out.rows[i][1], "中文,text");
        ASSERT_EQ(out.origins[i], i + 2);
    }
}

}  // namespace
}  // namespace yimen::sync
