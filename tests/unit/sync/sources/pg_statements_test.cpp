#include "sync/sources/pg_statements.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

PgPlan plan() {
    PgPlan out;
    out.relation = "(SELECT * FROM \"t\") AS source";
    out.columns = {{"id", "integer"}, {"at", "timestamp(0) without time zone"}};
    out.key = {0};
    out.watermark = 1;
    out.timeType = "timestamp";
    out.overlap = std::chrono::seconds(2);
    return out;
}

TEST(PgStatements, PositionsComeBackAsTheyWere) {
    PgPosition at;
    at.key = {"7", "x"};
    at.watermark = "2026-06-30 08:00:00";
    at.bound = "2026-06-30 09:00:00.25";
    const auto back = PgPosition::parse(at.text());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->key, at.key);
    EXPECT_EQ(back->watermark, at.watermark);
    EXPECT_EQ(back->bound, at.bound);
    EXPECT_FALSE(back->from);
    EXPECT_TRUE(PgPosition::parse("")->key.empty());
    EXPECT_EQ(PgPosition::parse("[1]").error().code, core::ErrorCode::kCorrupt);
    EXPECT_FALSE(PgPosition::parse("{").ok());
}

TEST(PgStatements, ACompleteReadGoesOnAfterItsKey) {
    PgPosition at;
    EXPECT_EQ(pgCompleteSql(plan(), at), "SELECT * FROM (SELECT * FROM \"t\") AS source ORDER BY \"id\"");
    at.key = {"7'"};
    EXPECT_EQ(pgCompleteSql(plan(), at), "SELECT * FROM (SELECT * FROM \"t\") AS source WHERE (\"id\") > (" +
                                             pgLiteral("7'") + ") ORDER BY \"id\"");
}

TEST(PgStatements, ChangesAreBelowTheBoundAndOverlap) {
    PgPosition at;
    at.from = "2026-06-30 08:00:00.5";
    at.bound = "2026-06-30 09:00:00.5";
    const std::string sql = pgChangesSql(plan(), at);
    EXPECT_NE(sql.find("\"at\" < (" + pgLiteral(*at.bound) + ")::timestamp"), std::string::npos) << sql;
    EXPECT_NE(sql.find("interval '2000 milliseconds'"), std::string::npos) << sql;
    EXPECT_TRUE(sql.ends_with("ORDER BY \"at\", \"id\"")) << sql;
}

TEST(PgStatements, ARangeIsLimitedByTextThatCannotLeaveItsQuotes) {
    PgPlan part = plan();
    ASSERT_TRUE(limitPgPlan(part, R"({"column":"at","from":"' OR 1=1 --","to":""})").ok());
    EXPECT_EQ(part.relation, "(SELECT * FROM (SELECT * FROM \"t\") AS source WHERE \"at\" >= " +
                                 pgLiteral("' OR 1=1 --") + ") AS source");
    EXPECT_FALSE(limitPgPlan(part, R"({"column":"nix","from":"1","to":""})").ok());
    EXPECT_FALSE(limitPgPlan(part, "{}").ok());
}

}  // namespace
}  // namespace yimen::sync
