#include "sync/formats/charset.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

TEST(Charset, HasItsUsualNames) {
    EXPECT_EQ(charsetFromName("GB2312"), Charset::kGbk);
    EXPECT_EQ(charsetFromName("Utf-8"), Charset::kUtf8);
    EXPECT_EQ(charsetFromName("latin1"), std::nullopt);
    EXPECT_EQ(toString(Charset::kGb18030), "gb18030");
}

TEST(Charset, IsNotDoubtedWhenTheHeadCutsACharacter) {
    EXPECT_EQ(detectCharset("\xE4\xB8\xAD\xE6\x96").charset, Charset::kUtf8);
    EXPECT_EQ(detectCharset("a,b\n\xD6\xD0\xCE").charset, Charset::kGb18030);
}

TEST(Charset, IsFoundByTheBytesWhateverTheDocumentSays) {
    const auto lying = detectCharset("<?xml version=\"1.0\" encoding=\"utf-8\"?><a>\xD6\xD0\xCE\xC4</a>");
    EXPECT_EQ(lying.charset, Charset::kGb18030);
    EXPECT_EQ(lying.inDocument, Charset::kUtf8);
    EXPECT_TRUE(lying.lied);
    const auto honest = detectCharset("<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xD6\xD0</a>");
    EXPECT_EQ(honest.charset, Charset::kGb18030);
    EXPECT_FALSE(honest.lied);
    const auto page = detectCharset("<html><meta http-equiv=x content=\"text/html; charset=gb2312\"><p>中文");
    EXPECT_EQ(page.charset, Charset::kUtf8);
    EXPECT_TRUE(page.lied);
    const auto marked = detectCharset("\xEF\xBB\xBFname", Charset::kGbk);
    EXPECT_EQ(marked.charset, Charset::kUtf8);
    EXPECT_EQ(marked.markBytes, 3U);
    EXPECT_FALSE(detectCharset("plain", Charset::kGbk).lied);
    EXPECT_EQ(detectCharset("\xD6\xD0", Charset::kGbk).charset, Charset::kGbk);
    EXPECT_EQ(charsetOfContentType("text/xml;charset=\"GBK\""), Charset::kGbk);
    EXPECT_EQ(charsetOfContentType("text/xml"), std::nullopt);
}

}  // namespace
}  // namespace yimen::sync
