#include "adapter/outcome.h"

#include <gtest/gtest.h>

#include <set>

namespace yimen::adapter {
namespace {

constexpr Outcome kAll[] = {Outcome::kOk,          Outcome::kBadPassword, Outcome::kMustChange,
                            Outcome::kLocked,      Outcome::kCaptcha,     Outcome::kSecondSession,
                            Outcome::kMaintenance, Outcome::kPageChanged, Outcome::kUnreachable};

TEST(Outcome, HasAWordAndTwoTextsForEach) {
    std::set<std::string_view> words;
    for (const auto outcome : kAll) {
        EXPECT_TRUE(words.insert(toString(outcome)).second);
        EXPECT_FALSE(textZh(outcome).empty());
        EXPECT_FALSE(textEn(outcome).empty());
        EXPECT_GT(static_cast<unsigned char>(textZh(outcome)[0]), 0x7f) << "Chinese";
    }
}

TEST(Outcome, KnowsWhatThePersonMustLookAt) {
    EXPECT_TRUE(isAccountFault(Outcome::kBadPassword));
    EXPECT_TRUE(isAccountFault(Outcome::kLocked));
    EXPECT_FALSE(isAccountFault(Outcome::kUnreachable));
    EXPECT_FALSE(isAccountFault(Outcome::kPageChanged));
    EXPECT_FALSE(isAccountFault(Outcome::kSecondSession));
}

}  // namespace
}  // namespace yimen::adapter
