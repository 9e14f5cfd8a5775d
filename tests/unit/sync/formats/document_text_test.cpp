#include "sync/formats/document_text.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(DocumentText, DecodesByTheBytesAndDropsTheMark) {
    EXPECT_EQ(*documentText("d", "\xEF\xBB\xBF{}", std::nullopt, std::nullopt), "{}");
    EXPECT_EQ(*documentText("d", "\xD6\xD0", std::nullopt, Charset::kUtf8), "中");
    EXPECT_EQ(*documentText("d", std::string(100000, ' ') + "\xD6\xD0", std::nullopt, std::nullopt),
              std::string(100000, ' ') + "中");
}

TEST(DocumentText, SaysWhereAByteIsNoText) {
    const auto refused = documentText("list.xml", "<a>\n\xD6\xD0\xFF</a>", Charset::kGbk, std::nullopt);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message,
              "list.xml, line 2: byte 0xff at byte 6 is not text in gbk: check `charset` in data.yaml or fetch the "
              "document again");
}

}  // namespace
}  // namespace yimen::sync
