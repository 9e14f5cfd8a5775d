#include "sync/formats/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

Grid grid(const std::vector<std::vector<std::string>>& rows) {
    Grid out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        out.addRow(row + 1);
        for (std::size_t i = 0; i < rows[row].size(); ++i) out.addCell(static_cast<std::uint32_t>(i), rows[row][i]);
    }
    return out;
}

TEST(GridReader, LeavesOutColumnsWithoutANameAndEmptyRows) {
    GridReader reader(grid({{"a ", "", "b\n"}, {"1", "", "2"}, {"", "", ""}, {"3", "x", "4"}}), {}, "t");
    const auto out = fixture::readAll(reader, {"b", "a"});
    EXPECT_EQ(out.rows, (fixture::Table{{"2", "1"}}));
    ASSERT_EQ(out.rejected.size(), 1U);
    EXPECT_EQ(out.rejected[0].origin, 4U);
}

TEST(GridReader, RefusesAHeaderThatIsEmptyOrNamesAColumnTwice) {
    GridReader empty(grid({{"", ""}, {"1", "2"}}), {}, "t");
    EXPECT_THAT(empty.columns().error().message, HasSubstr("header row is empty"));
    GridReader twice(grid({{"a", "a"}}), {}, "t");
    EXPECT_THAT(twice.columns().error().message, HasSubstr("stands twice"));
}

}  // namespace
}  // namespace yimen::sync
