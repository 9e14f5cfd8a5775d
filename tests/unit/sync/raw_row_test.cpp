#include "sync/raw_row.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(RawRow, ComesBackAsItWas) {
    const std::vector<SourceField> columns{{"b", ""}, {"a", ""}, {"c", ""}};
    Batch rows;
    rows.reset(3);
    rows.addRow(Op::kUpsert, 7);
    ASSERT_TRUE(rows.set(0, 0, "张\"三"));
    ASSERT_TRUE(rows.set(0, 2, ""));
    const std::string text = rawRowText(columns, rows, 0);
    Batch back;
    back.reset(3);
    ASSERT_TRUE(addRawRow(columns, text, 9, back).ok());
    EXPECT_EQ(back.text(0, 0), "张\"三");
    EXPECT_TRUE(back.isNull(0, 1));
    EXPECT_FALSE(back.isNull(0, 2)) << "the empty text is not null";
    EXPECT_EQ(back.origin(0), 9U);
}

TEST(RawRow, RefusesWhatIsNoRecordOfTheSource) {
    const std::vector<SourceField> columns{{"a", ""}};
    Batch into;
    into.reset(1);
    for (const char* text :
         {"", "1,\"x", "[]", R"({"b":"1"})", R"({"a":1})", R"({"a":["x"]})", R"({"a":"x","b":null})"}) {
        EXPECT_EQ(addRawRow(columns, text, 1, into).error().code, core::ErrorCode::kInvalidInput) << text;
        EXPECT_EQ(into.rows(), 0U) << text;
    }
    EXPECT_TRUE(addRawRow(columns, "{}", 1, into).ok()) << "what is not named is null";
}

}  // namespace
}  // namespace yimen::sync
