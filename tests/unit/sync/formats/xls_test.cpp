#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "support/repository.h"
#include "sync/formats/workbook.h"
#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::readAll;
using fixture::Table;
using ::testing::HasSubstr;

std::string book() {
    auto bytes = core::readFile(yimen::test::repository() + "/tests/unit/sync/formats/book.xls", 1 << 20);
    EXPECT_TRUE(bytes.ok());
    return std::move(bytes).value();
}

TEST(Xls, ReadsTextsNumbersAndDates) {
    auto grid = readWorkbook(book(), {"数据", "book.xls", std::nullopt});
    ASSERT_TRUE(grid.ok()) << grid.error().message;
    GridReader reader(std::move(grid).value(), {}, "book.xls");
    const auto out = readAll(reader, {"车牌", "日期", "里程", "文本日期", "合计"});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"辽B12345", "2026-06-19", "1234.5", "2026-06-19", "7"},
                               {"辽B00001", "2026-06-20", "9.1210299e+17", "46193", "<null>"}}));
    EXPECT_EQ(out.origins, (std::vector<std::uint64_t>{2, 4}));
}

TEST(Xls, NamesTheSheetsItHasAndRefusesAFileCutOff) {
    EXPECT_THAT(readWorkbook(book(), {"无", "book.xls", std::nullopt}).error().message,
                HasSubstr("it has: 封面, 数据"));
    EXPECT_FALSE(readWorkbook(book().substr(0, 2000), {"", "book.xls", std::nullopt}).ok());
}

}  // namespace
}  // namespace yimen::sync
