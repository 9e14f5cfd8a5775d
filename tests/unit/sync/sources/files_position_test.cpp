#include "sync/sources/files_position.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(FilesPosition, SurvivesBeingStored) {
    FilesPosition position;
    position.hash = "h1";
    position.finish({"a.csv", 7, core::fromUnixMicros(5)});
    position.file = "b.csv";
    position.hash = "h2";
    position.line = 9;
    const auto again = FilesPosition::parse(position.text());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->file, "b.csv");
    EXPECT_EQ(again->line, 9U);
    EXPECT_TRUE(again->knows({"a.csv", 7, core::fromUnixMicros(5)}));
    EXPECT_FALSE(again->knows({"a.csv", 8, core::fromUnixMicros(5)}));
    EXPECT_TRUE(again->knowsContent("h1"));
    EXPECT_FALSE(again->knowsContent("h2"));
    EXPECT_EQ(FilesPosition::parse("{\"done\":[7]}").error().code, core::ErrorCode::kCorrupt);
    EXPECT_TRUE(FilesPosition::parse("").ok());
}

}  // namespace
}  // namespace yimen::sync
