#include "http/headers.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

TEST(Headers, FindsNamesWithoutCase) {
    const Headers headers{{"Content-Type", "text/html"}};
    EXPECT_EQ(headers.one("content-TYPE").value_or(""), "text/html");
    EXPECT_FALSE(headers.one("Content").has_value());
}

TEST(Headers, TakesARepeatedFieldAsNone) {
    Headers headers;
    headers.add("Origin", "https://a");
    headers.add("origin", "https://b");
    EXPECT_FALSE(headers.one("Origin").has_value());
    EXPECT_EQ(headers.all("ORIGIN").size(), 2U);
}

TEST(Headers, DropsAValueThatWouldBeginANewLine) {
    Headers headers;
    headers.add("Location", "/a\r\nSet-Cookie: x=1");
    headers.add("Location", std::string_view("/a\0b", 4));
    headers.add("X Y", "v");
    headers.add("", "v");
    EXPECT_EQ(headers.size(), 0U);
}

TEST(Headers, SetReplacesEverySpelling) {
    Headers headers{{"cache-control", "public"}, {"Cache-Control", "x"}};
    headers.set("CACHE-CONTROL", "no-store");
    EXPECT_EQ(headers.size(), 1U);
    EXPECT_EQ(headers.first("cache-control"), "no-store");
}

}  // namespace
}  // namespace yimen::http
