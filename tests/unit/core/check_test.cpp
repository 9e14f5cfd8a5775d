#include "core/check.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(CheckDeathTest, NamesTheExpressionAndThePlace) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    const int one = 1;
    YIMEN_CHECK(one == 1);
    EXPECT_DEATH(YIMEN_CHECK(one == 2), "one == 2.*check_test.cpp");
}

}  // namespace
}  // namespace yimen::core
