#include "sync/sources/pg_connection.h"

#include <gtest/gtest.h>

#include <chrono>

#include "unit/sync/postgres_server.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;

TEST(PgQuote, DoublesQuotesInNames) {
    EXPECT_EQ(pgQuote("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(pgQuoteTable("grid.event"), "\"grid\".\"event\"");
    EXPECT_EQ(pgQuoteTable("event"), "\"event\"");
}

TEST(PgConnection, BindsNullAndText) {
    if (!PostgresServer::instance().ready()) return;
    auto connection = PostgresServer::instance().connect();
    const auto row = connection.query("SELECT coalesce($1::text, 'none') || $2", {std::nullopt, "'; DROP TABLE x; --"});
    ASSERT_TRUE(row.ok());
    EXPECT_EQ(PgConnection::single(*row), "none'; DROP TABLE x; --");
}

TEST(PgConnection, TellsWhatMayPassFromWhatDoesNot) {
    if (!PostgresServer::instance().ready()) return;
    auto connection = PostgresServer::instance().connect();
    const auto wrong = connection.query("SELECT nothing");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().code, ErrorCode::kUpstream);
    EXPECT_NE(wrong.error().message.find("[42703]"), std::string::npos);
    const auto ended = connection.query("SELECT pg_terminate_backend(pg_backend_pid())");
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::kUnavailable);
}

TEST(PgConnection, DoesNotWaitForEver) {
    if (!PostgresServer::instance().ready()) return;
    PgAddress address = PostgresServer::instance().address();
    address.readTimeout = std::chrono::milliseconds(50);
    auto connection = PgConnection::open(address);
    ASSERT_TRUE(connection.ok());
    {
        PgConnection given = std::move(*connection);
        const auto slow = given.query("SELECT pg_sleep(30)");
        ASSERT_FALSE(slow.ok());
        EXPECT_EQ(slow.error().code, ErrorCode::kTimeout);
    }
    auto watcher = PostgresServer::instance().connect();
    std::string running = "1";
    for (int i = 0; i < 200 && running != "0"; ++i) {
        const auto count = watcher.query(
            "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01) WHERE query LIKE"
            " '%pg_sleep(30)%' AND pid <> pg_backend_pid()");
        ASSERT_TRUE(count.ok());
        running = PgConnection::single(*count).value_or("");
    }
    EXPECT_EQ(running, "0") << "a statement nobody waits for is cancelled: it would hold its snapshot open";
}

TEST(PgConnection, StopsTheServersWorkWhenItIsLetGo) {
    if (!PostgresServer::instance().ready()) return;
    {
        auto connection = PostgresServer::instance().connect();
        ASSERT_TRUE(connection.stream("SELECT generate_series(1, 100000000), repeat('x', 1000)", {}).ok());
        ASSERT_TRUE(connection.next().ok());
    }
    auto watcher = PostgresServer::instance().connect();
    std::string running = "1";
    for (int i = 0; i < 200 && running != "0"; ++i) {
        const auto count = watcher.query(
            "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01) WHERE query LIKE"
            " '%generate_series(1, 100000000)%' AND pid <> pg_backend_pid()");
        ASSERT_TRUE(count.ok());
        running = PgConnection::single(*count).value_or("");
    }
    EXPECT_EQ(running, "0");
}

}  // namespace
}  // namespace yimen::sync
