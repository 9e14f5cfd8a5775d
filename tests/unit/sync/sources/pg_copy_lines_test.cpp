#include "sync/sources/pg_copy_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

struct Added {
    PgCopyLines::Outcome outcome;
    std::vector<std::string> cells;  ///< "~" is a null
};

Added add(std::string line, std::size_t columns) {
    Batch batch;
    batch.reset(columns);
    PgCopyLines lines(columns);
    Added out{lines.add(line, 7, batch), {}};
    if (batch.rows() == 0) return out;
    EXPECT_EQ(batch.origin(0), 7U);
    for (std::size_t i = 0; i < columns; ++i) {
        out.cells.push_back(batch.isNull(0, i) ? "~" : std::string(batch.text(0, i)));
    }
    return out;
}

TEST(PgCopyLines, CutsAtTabs) {
    EXPECT_EQ(add("1\t王小明\t\t2026-01-01\n", 4).cells, (std::vector<std::string>{"1", "王小明", "", "2026-01-01"}));
    EXPECT_EQ(add("only\n", 1).cells, (std::vector<std::string>{"only"}));
    EXPECT_EQ(add("\n", 1).cells, (std::vector<std::string>{""}));
}

TEST(PgCopyLines, TellsNullFromTheEmptyTextAndFromTheLetterN) {
    EXPECT_EQ(add("\\N\t\tN\t\\\\N\n", 4).cells, (std::vector<std::string>{"~", "", "N", "\\N"}));
    EXPECT_EQ(add("a\t\\N\n", 2).cells, (std::vector<std::string>{"a", "~"}));
}

TEST(PgCopyLines, UndoesEveryEscapeTheServerWrites) {
    EXPECT_EQ(add("a\\tb\\nc\\rd\\be\\ff\\vg\\\\h\tnext\n", 2).cells,
              (std::vector<std::string>{"a\tb\nc\rd\be\ff\vg\\h", "next"}));
    EXPECT_EQ(add("\\\\x0aff\n", 1).cells, (std::vector<std::string>{"\\x0aff"}));
}

TEST(PgCopyLines, RefusesAnotherNumberOfColumns) {
    EXPECT_EQ(add("a\tb\n", 3).outcome, PgCopyLines::Outcome::kMalformed);
    EXPECT_EQ(add("a\tb\tc\td\n", 3).outcome, PgCopyLines::Outcome::kMalformed);
    EXPECT_TRUE(add("a\tb\n", 3).cells.empty());
}

TEST(PgCopyLines, TakesALineAboveTheLimitOfACellCellByCell) {
    const std::string big(Batch::kMaxCell / 2 + 1, 'x');
    const Added both = add(big + "\t\\N\t" + big + "\n", 3);
    ASSERT_EQ(both.outcome, PgCopyLines::Outcome::kAdded);
    EXPECT_EQ(both.cells[0].size(), big.size());
    EXPECT_EQ(both.cells[1], "~");
    EXPECT_EQ(both.cells[2], big);
}

TEST(PgCopyLines, SaysThatACellIsTooLargeAndAddsNoRow) {
    const Added none = add("1\t" + std::string(Batch::kMaxCell + 1, 'x') + "\n", 2);
    EXPECT_EQ(none.outcome, PgCopyLines::Outcome::kTooLarge);
    EXPECT_TRUE(none.cells.empty());
}

}  // namespace
}  // namespace yimen::sync
