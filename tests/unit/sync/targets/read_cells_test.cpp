#include "sync/targets/read_cells.h"

#include <gtest/gtest.h>

namespace yimen::sync {

TEST(ReadCells, GoBothWaysInEachDialect) {
    EXPECT_EQ(canonicalCell(FieldType::kBoolean, "t", Dialect::kPostgres), "true");
    EXPECT_EQ(canonicalCell(FieldType::kBoolean, "0", Dialect::kSqlite), "false");
    EXPECT_EQ(canonicalCell(FieldType::kDateTime, "2026-06-30 08:00:00.5+08", Dialect::kPostgres),
              "2026-06-30T08:00:00.5+08:00");
    EXPECT_EQ(std::get<std::int64_t>(boundCell(FieldType::kInteger, "-7", Dialect::kPostgres)), -7);
    EXPECT_EQ(std::get<std::int64_t>(boundCell(FieldType::kBoolean, "true", Dialect::kSqlite)), 1);
    EXPECT_EQ(std::get<std::string>(boundCell(FieldType::kDateTime, "2026-06-30T00:00:00Z", Dialect::kSqlite)),
              "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(typedPlaceholder(3, {"a", "", FieldType::kText}, Dialect::kPostgres), "CAST($3 AS text)");
    EXPECT_EQ(typedPlaceholder(3, {"a", "", FieldType::kText}, Dialect::kSqlite), "$3");
}

}  // namespace yimen::sync
