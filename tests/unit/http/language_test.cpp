#include "http/language.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

TEST(Language, FollowsThePreferenceFirst) {
    EXPECT_EQ(negotiateLanguage("en", "zh-CN"), Language::kZh);
    EXPECT_EQ(negotiateLanguage("zh-CN", "en"), Language::kEn);
    EXPECT_EQ(negotiateLanguage("en", "klingon"), Language::kEn);
}

TEST(Language, FollowsTheWeights) {
    EXPECT_EQ(negotiateLanguage(""), Language::kZh);
    EXPECT_EQ(negotiateLanguage("en-GB,en;q=0.9"), Language::kEn);
    EXPECT_EQ(negotiateLanguage("en;q=0.5, zh-TW;q=0.6"), Language::kZh);
    EXPECT_EQ(negotiateLanguage("zh;q=0, *"), Language::kEn);
    EXPECT_EQ(negotiateLanguage("fr, en;q=0.1"), Language::kEn);
    EXPECT_EQ(negotiateLanguage("fr, de"), Language::kZh);
}

TEST(Language, SurvivesNonsense) {
    EXPECT_EQ(negotiateLanguage(",,;;q=,en;q=9,zh;q=1.0.0;"), Language::kZh);
    EXPECT_EQ(negotiateLanguage("enx"), Language::kZh);
}

}  // namespace
}  // namespace yimen::http
