#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/formats/workbook.h"
#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;
using fixture::Table;
using ::testing::HasSubstr;

Outcome read(const std::string& bytes, const std::vector<std::string>& wanted, GridReader::Header header = {}) {
    auto grid = readWorkbook(bytes, {"", "Export.xls", std::nullopt});
    if (!grid.ok()) return {{}, {}, {}, grid.error().message};
    GridReader reader(std::move(grid).value(), header, "Export.xls");
    return readAll(reader, wanted);
}

const std::string kPage =
    "\xEF\xBB\xBF<html><head><meta charset=gb2312></head><body><table><tr><td>查询条件</td></tr></table>"
    "<table border=1><tr><th rowspan=2>学籍号</th><th colspan=2>姓名</th></tr><tr><th>汉字</th><th>拼音</th></tr>"
    "<tr><td>G2102</td><td>张&amp;三</td><td>zhang<br>san</td></tr><tr><td>&nbsp;</td><td></td><td></td></tr>"
    "<tr><td> 0012 </td><td colspan=2>李四</td></tr></table></body></html>";

TEST(HtmlTable, ReadsTheLargestTableWithJoinedHeaderCells) {
    const Outcome out = read(kPage, {"学籍号", "姓名/汉字", "姓名/拼音"}, {1, 2});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"G2102", "张&三", "zhang\nsan"}, {"0012", "李四", "<null>"}}));
}

TEST(HtmlTable, RefusesAPageThatIsCutOffOrHasNoTable) {
    EXPECT_THAT(read(kPage.substr(0, kPage.size() - 40), {"a"}).error, HasSubstr("cut off"));
    EXPECT_THAT(read(kPage.substr(0, kPage.size() - 9), {"a"}).error, HasSubstr("cut off"));
    EXPECT_THAT(read("<html><body>login</body></html>", {"a"}).error, HasSubstr("no table"));
}

}  // namespace
}  // namespace yimen::sync
