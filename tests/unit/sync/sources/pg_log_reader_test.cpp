#include "sync/sources/pg_log_reader.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(PgLogPosition, IsReadAsItWasWritten) {
    PgLogPosition at;
    at.lsn = 0x16'0000'0040;
    at.loaded = 7;
    at.system = "7291";
    at.load = R"({"k":["E1"]})";
    const auto again = PgLogPosition::parse(at.text());
    ASSERT_TRUE(again.ok()) << again.error().describe();
    EXPECT_EQ(again->text(), at.text());
    EXPECT_EQ(again->load, at.load);
    at.load.reset();
    EXPECT_EQ(PgLogPosition::parse(at.text())->load, std::nullopt);
}

TEST(PgLogPosition, TheEmptyTextIsTheBeginning) {
    const auto begin = PgLogPosition::parse("");
    ASSERT_TRUE(begin.ok());
    EXPECT_EQ(begin->lsn, 0U);
}

TEST(PgLogPosition, RefusesThePlaceOfAnotherKindOfRead) {
    for (const char* other : {R"({"from":"2026-06-01 00:00:00+08"})", R"({"lsn":"0/1"})", R"({"lsn":7,"system":"1"})",
                              R"({"lsn":"0/1","loaded":"x","system":"1"})", "[]", "{", "7"}) {
        const auto read = PgLogPosition::parse(other);
        ASSERT_FALSE(read.ok()) << other;
    }
}

}  // namespace
}  // namespace yimen::sync
