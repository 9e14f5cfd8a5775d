#include "core/unicode.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(NormalizeUsername, FoldsSpellingsOfOneAccount) {
    EXPECT_EQ(*normalizeUsername("WangMin"), "wangmin");
    EXPECT_EQ(*normalizeUsername("ｗａｎｇｍｉｎ"), "wangmin");
    EXPECT_EQ(*normalizeUsername("王敏"), "王敏");
}

TEST(NormalizeUsername, RefusesWhatCannotBeAnAccount) {
    for (const char* name : {"", "a b", "a/b", "a\x01", "\xff", "a<b", "a'b"}) {
        EXPECT_FALSE(normalizeUsername(name).ok()) << name;
    }
    EXPECT_FALSE(normalizeUsername(std::string(65, 'a')).ok());
}

TEST(Charset, RoundTripsGbk) {
    EXPECT_EQ(*encodeCharset("王敏", "GBK"), "\xcd\xf5\xc3\xf4");
    EXPECT_EQ(*decodeCharset("\xcd\xf5\xc3\xf4", "gb2312"), "王敏");
    EXPECT_EQ(*decodeCharset(*encodeCharset("𠮷", "GB18030"), "GB18030"), "𠮷");
}

TEST(Charset, IsStrict) {
    EXPECT_FALSE(encodeCharset("𠮷", "GBK").ok());
    EXPECT_FALSE(decodeCharset("\xcd", "GBK").ok());
    EXPECT_FALSE(decodeCharset("\xff\xff", "UTF-8").ok());
    EXPECT_FALSE(decodeCharset("a", "no-such").ok());
    EXPECT_TRUE(isKnownCharset("GB18030"));
}

TEST(Pinyin, SplitsByCharacterAndKeepsLatinRuns) {
    EXPECT_EQ(pinyinSyllables("旅游绿化"), (std::vector<std::string>{"lv", "you", "lv", "hua"}));
    EXPECT_EQ(pinyinSyllables("户籍人口"), (std::vector<std::string>{"hu", "ji", "ren", "kou"}));
    EXPECT_EQ(pinyinSyllables("协同办公OA（新）"),
              (std::vector<std::string>{"xie", "tong", "ban", "gong", "oa", "xin"}));
}

TEST(Characters, CountsCodePoints) {
    EXPECT_EQ(firstCharacter("一门"), "一");
    EXPECT_EQ(characterCount("一门𠮷"), 3U);
    EXPECT_EQ(firstCharacter(""), "");
}

}  // namespace
}  // namespace yimen::core
