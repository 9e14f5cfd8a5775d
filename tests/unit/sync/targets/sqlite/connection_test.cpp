#include "sync/targets/sqlite/connection.h"

#include <gtest/gtest.h>

namespace yimen::sync::sqlite {
namespace {

std::unique_ptr<Connection> memory() {
    auto opened = Connection::open(":memory:", std::make_shared<std::mutex>());
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
}

TEST(SqliteConnection, BindsParametersByTheirNumberInAnyOrder) {
    const auto session = memory();
    const auto rows =
        session->run("SELECT $2, $1, $2, $3, length($4)",
                     {std::int64_t{5}, std::string("甲"), std::monostate(), SqlBytes{std::string(3, '\0')}});
    ASSERT_TRUE(rows.ok());
    EXPECT_EQ(rows->text(0, 0), "甲");
    EXPECT_EQ(rows->number(0, 1), 5);
    EXPECT_EQ(rows->text(0, 2), "甲");
    EXPECT_FALSE(rows->at(0, 3).has_value());
    EXPECT_EQ(rows->number(0, 4), 3);
}

TEST(SqliteConnection, WritesDurablyAndTellsAKeyThatIsTakenFromAConstraint) {
    const auto session = memory();
    EXPECT_EQ(session->run("PRAGMA synchronous")->number(0, 0), 2);
    ASSERT_TRUE(session->run("CREATE TABLE t (a integer PRIMARY KEY, b text CHECK (b <> 'secret'))").ok());
    EXPECT_EQ(session->run("INSERT INTO t VALUES (1, 'x')")->affected, 1);
    EXPECT_EQ(session->run("INSERT INTO t VALUES (1, 'x')").error().code, core::ErrorCode::kConflict);
    const auto refused = session->run("INSERT INTO t VALUES (2, $1)", {std::string("secret")});
    EXPECT_EQ(refused.error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(refused.error().describe().find("secret"), std::string::npos);
    EXPECT_EQ(session->run("SELEC").error().code, core::ErrorCode::kInternal);
}

TEST(SqliteConnection, EndsAStreamWithTheErrorOfItsHandler) {
    const auto session = memory();
    int rows = 0;
    const auto status = session->each("VALUES (1), (2), (3)", {}, [&](const auto&) -> core::Status {
        if (++rows == 2) return core::makeError(core::ErrorCode::kTooLarge, "enough");
        return {};
    });
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(rows, 2);
}

}  // namespace
}  // namespace yimen::sync::sqlite
