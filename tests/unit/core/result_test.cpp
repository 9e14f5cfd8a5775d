#include "core/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace yimen::core {
namespace {

Error sample() {
    return makeError(ErrorCode::kNotFound, "no such thing", "path");
}

Result<int> half(int value) {
    if (value % 2 != 0) return sample();
    return value / 2;
}

Result<int> quarter(int value) {
    YIMEN_TRY(const int once, half(value));
    YIMEN_TRY(const int twice, half(once));
    return twice;
}

Status check(bool good) {
    if (!good) return sample();
    return {};
}

Status both(bool first, bool second) {
    YIMEN_TRY_STATUS(check(first));
    YIMEN_TRY_STATUS(check(second));
    return {};
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_EQ(half(8).value(), 4);
    EXPECT_EQ(*half(8), 4);
    EXPECT_TRUE(static_cast<bool>(half(8)));
    EXPECT_EQ(half(7).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(half(7).valueOr(9), 9);
    EXPECT_EQ(half(8).valueOr(9), 4);
}

TEST(Result, TryReturnsTheFirstError) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_FALSE(quarter(6).ok());
    EXPECT_TRUE(both(true, true).ok());
    EXPECT_FALSE(both(true, false).ok());
    EXPECT_FALSE(both(false, true).ok());
}

TEST(Result, CarriesMoveOnlyValues) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
    const auto taken = std::move(result).value();
    EXPECT_EQ(*taken, 5);
}

TEST(Result, GivesItsValueAwayByValue) {
    const auto make = [] { return Result<std::vector<int>>(std::vector<int>{1, 2, 3}); };
    int sum = 0;
    for (const int each : make().value()) sum += each;
    EXPECT_EQ(sum, 6);
}

TEST(Result, AResultOfErrorLikeTypesIsNotConfused) {
    const Result<std::string> text(std::string("kNotFound"));
    EXPECT_TRUE(text.ok());
}

TEST(ResultDeathTest, ReadingTheSideThatIsNotThereAborts) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(static_cast<void>(half(7).value()), "broken invariant");
    EXPECT_DEATH(static_cast<void>(half(8).error()), "broken invariant");
    EXPECT_DEATH(static_cast<void>(Status().error()), "broken invariant");
}

}  // namespace
}  // namespace yimen::core
