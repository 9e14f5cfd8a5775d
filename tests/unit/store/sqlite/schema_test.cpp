#include <gtest/gtest.h>

#include "store/sqlite/migrations.h"

namespace yimen::store::sqlite {

TEST(Migrations, AreNumberedFromOneWithoutAGap) {
    int expected = 1;
    for (const Migration& migration : migrations()) EXPECT_EQ(migration.number, expected++) << migration.name;
}

}  // namespace yimen::store::sqlite
