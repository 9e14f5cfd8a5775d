#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/formats/workbook.h"
#include "sync/formats/zip_parts.h"
#include "unit/sync/formats/reading.h"
#include "unit/sync/formats/zipped.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;
using fixture::Table;
using fixture::xlsx;
using fixture::XlsxParts;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Outcome read(const std::string& bytes, const std::vector<std::string>& wanted, GridReader::Header header = {}) {
    auto grid = readWorkbook(bytes, {"数据", "b.xlsx", std::nullopt});
    if (!grid.ok()) return {{}, {}, {}, grid.error().message};
    GridReader reader(std::move(grid).value(), header, "b.xlsx");
    return readAll(reader, wanted);
}

TEST(Xlsx, ReadsSharedInlineAndFormulaCells) {
    const std::string bytes = xlsx(
        {R"(<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>合计</t></is></c></row>
            <row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><v>9.1200000000000002E+17</v></c><c r="C3"><f>A1+B1</f><v>42</v></c></row>
            <row r="4"><c r="A4" t="b"><v>1</v></c><c r="C4" t="e"><v>#N/A</v></c></row>
            <row r="5"><c r="A5"/></row></sheetData>)",
         R"(<si><t>名称</t><rPh><t>ming</t></rPh></si><si><r><t>数</t></r><r><t xml:space="preserve">量</t></r></si><si><t>a &amp; b</t></si>)"});
    const Outcome out = read(bytes, {"名称", "数量", "合计"});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"a & b", "9.1200000000000002E+17", "42"}, {"true", "<null>", "#N/A"}}));
    EXPECT_THAT(out.origins, ElementsAre(3, 4));
}

TEST(Xlsx, NamesColumnsByMergedHeadersOfSeveralRows) {
    const std::string bytes =
        xlsx({R"(<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>
            <row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>
            <row r="3"><c r="B3" t="s"><v>3</v></c><c r="C3" t="s"><v>4</v></c></row>
            <row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c><c r="C4"><v>3</v></c></row></sheetData>
            <mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/></mergeCells>)",
              "<si><t>报表</t></si><si><t>指 标</t></si><si><t>产值</t></si><si><t>本月</t></si><si><t>累计</t></si>"});
    const Outcome out = read(bytes, {"指标", "产值/本月", "产值/累计"}, {2, 2});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"1", "2", "3"}}));
    EXPECT_THAT(read(bytes, {"指标", "产值/本月", "累计"}, {2, 2}).error,
                HasSubstr("missing: \"累计\"; unknown: \"产值/累计\""));
}

TEST(Xlsx, CountsDaysFrom1900WhateverTheWorkbookDoes) {
    const std::string bytes = xlsx(
        {R"(<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>d</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>
                 <row r="2"><c r="A2" s="1"><v>44730.5</v></c><c r="B2" s="0"><v>7</v></c></row></sheetData>)",
         "", "<workbookPr date1904=\"1\"/>",
         R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>)"});
    EXPECT_EQ(read(bytes, {"d", "n"}).rows, (Table{{"46192.5", "7"}}));
}

TEST(Xlsx, RefusesRowsItCannotTakeAndKeepsTheOthers) {
    const std::string bytes = xlsx({R"(<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>
            <row r="2"><c r="A2"><f>B1</f></c></row><row r="3"><c r="A3" t="s"><v>99</v></c></row>
            <row r="4"><c r="A4"><v>1</v></c><c r="D4"><v>stray</v></c></row><row r="5"><c r="A5"><v>5</v></c></row></sheetData>)",
                                    ""});
    const Outcome out = read(bytes, {"a"});
    EXPECT_EQ(out.rows, (Table{{"5"}}));
    ASSERT_EQ(out.rejected.size(), 3U);
    EXPECT_THAT(out.rejected[0].message, HasSubstr("no computed value"));
    EXPECT_THAT(out.rejected[1].message, HasSubstr("text that the workbook does not have"));
    EXPECT_THAT(out.rejected[2].message, HasSubstr("beside the columns"));
}

TEST(Xlsx, RefusesBombsDamageAndMissingSheets) {
    const std::string bomb = xlsx({"<sheetData>" + std::string(std::size_t{8} << 20U, ' ') + "</sheetData>", ""});
    EXPECT_LT(bomb.size(), 100'000U);
    EXPECT_EQ(readWorkbook(bomb, {"数据", "b.xlsx", std::nullopt, std::size_t{1} << 20U}).error().code,
              core::ErrorCode::kTooLarge);
    const std::string good = xlsx({"<sheetData/>", ""});
    EXPECT_THAT(read(good.substr(0, good.size() / 2), {"a"}).error, HasSubstr("cannot be unpacked"));
    EXPECT_THAT(readWorkbook(good, {"无", "b.xlsx", std::nullopt}).error().message, HasSubstr("it has: 封面, 数据"));
    EXPECT_THAT(readWorkbook("a,b\n1,2\n", {"", "b.xls", std::nullopt}).error().message, HasSubstr("format: csv"));
    EXPECT_THAT(read(xlsx({R"(<sheetData><row r="2"/><row r="1"/></sheetData>)", ""}), {"a"}).error,
                HasSubstr("not in order"));
}

}  // namespace
}  // namespace yimen::sync
