#include "sync/formats/utf8.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(ValidUtf8, IsStrict) {
    EXPECT_TRUE(validUtf8(""));
    EXPECT_TRUE(validUtf8("a甲𠀀"));
    for (const char* text : {"\x80", "\xC0\xAF", "\xE7\x94", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        EXPECT_FALSE(validUtf8(text)) << text;
    }
}

}  // namespace
}  // namespace yimen::sync
