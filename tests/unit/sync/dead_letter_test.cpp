#include "sync/dead_letter.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(LetterIdentity, IsTheKeyOrElseTheTextOrElseThePlace) {
    Reject one;
    one.origin = 7;
    one.field = "id";
    one.raw = "{\"a\":\"1\"}";
    Reject other = one;
    other.origin = 8;
    EXPECT_EQ(letterIdentity(one), letterIdentity(other)) << "the same text on another line";
    other.raw = "{\"a\":\"2\"}";
    EXPECT_NE(letterIdentity(one), letterIdentity(other));
    one.key = other.key = 42;
    EXPECT_EQ(letterIdentity(one), 42U);
    EXPECT_EQ(letterIdentity(one), letterIdentity(other)) << "the same record with another text";
    one.key = other.key = std::nullopt;
    one.raw = other.raw = "";
    EXPECT_NE(letterIdentity(one), letterIdentity(other)) << "without a text the line counts";
    other.origin = 7;
    EXPECT_EQ(letterIdentity(one), letterIdentity(other));
    other.field = "name";
    EXPECT_NE(letterIdentity(one), letterIdentity(other));
}

}  // namespace
}  // namespace yimen::sync
