#include "sync/targets/postgres/connection.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync::postgres {
namespace {

std::unique_ptr<Connection> connected() {
    return valueOf(Connection::open(core::Secret(test::PostgresServer::shared().conninfo())));
}

TEST(PostgresConnection, SpeaksUtf8AndIsoInTheDistrictsTime) {
    const auto session = connected();
    const auto rows =
        session->run("SELECT $2::text, $1::bigint, to_timestamp(0), length($3), $4::text",
                     {std::int64_t{5}, std::string("甲"), SqlBytes{std::string(3, '\0')}, std::monostate()});
    ASSERT_TRUE(rows.ok());
    EXPECT_EQ(rows->text(0, 0), "甲");
    EXPECT_EQ(rows->number(0, 1), 5);
    EXPECT_EQ(rows->text(0, 2), "1970-01-01 08:00:00+08");
    EXPECT_EQ(rows->number(0, 3), 3);
    EXPECT_FALSE(rows->at(0, 4).has_value());
}

TEST(PostgresConnection, NamesNoValueInItsErrors) {
    const auto session = connected();
    const auto refused = session->run("SELECT CAST($1::text AS bigint)", {std::string("secret")});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(refused.error().describe().find("secret"), std::string::npos);
    EXPECT_TRUE(session->fault().isOfRow());
    EXPECT_EQ(session->run("SELEC").error().code, core::ErrorCode::kInternal);
}

TEST(PostgresConnection, IsUnavailableWithoutAServerAndKeepsItsPassword) {
    const auto none = Connection::open(core::Secret("host=/nowhere password=secret user=x dbname=x"));
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, core::ErrorCode::kUnavailable);
    EXPECT_EQ(none.error().describe().find("secret"), std::string::npos);
}

TEST(PostgresConnection, SaysThatATransactionWasRolledBackInsteadOfCommitted) {
    const auto session = connected();
    ASSERT_TRUE(session->begin().ok());
    EXPECT_FALSE(session->run("SELECT 1 / 0").ok());
    EXPECT_FALSE(session->usable());
    EXPECT_FALSE(session->commit().ok());
    EXPECT_TRUE(session->usable());
}

TEST(PostgresConnection, KnowsThatItsServerHasClosedIt) {
    const auto session = connected();
    const auto other = connected();
    EXPECT_TRUE(session->usable());
    const auto pid = session->run("SELECT pg_backend_pid()")->text(0, 0);
    ASSERT_TRUE(other->run("SELECT pg_terminate_backend(" + pid + ", 5000)").ok());
    EXPECT_FALSE(session->usable());
    EXPECT_EQ(session->run("SELECT 1").error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync::postgres
