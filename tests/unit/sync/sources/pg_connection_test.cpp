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

TEST(PgConnection, GivesTheLinesOfACopyAndIsFreeForTheNextStatement) {
    if (!PostgresServer::instance().ready()) return;
    auto connection = PostgresServer::instance().connect();
    ASSERT_TRUE(connection.copyOut("COPY (VALUES (1, NULL), (2, E'a\\tb')) TO STDOUT").ok());
    std::vector<std::string> lines;
    while (true) {
        const auto line = connection.nextLine();
        ASSERT_TRUE(line.ok()) << line.error().describe();
        if (line->data() == nullptr) break;
        lines.emplace_back(line->data(), line->size());
    }
    EXPECT_EQ(lines, (std::vector<std::string>{"1\t\\N\n", "2\ta\\tb\n"}));
    EXPECT_TRUE(connection.query("SELECT 1").ok());
}

TEST(PgConnection, TellsWhenACopyFailsOnTheWay) {
    if (!PostgresServer::instance().ready()) return;
    auto connection = PostgresServer::instance().connect();
    EXPECT_FALSE(connection.copyOut("COPY (SELECT nothing) TO STDOUT").ok());
    ASSERT_TRUE(connection.copyOut("COPY (SELECT 10 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT").ok());
    EXPECT_TRUE(connection.nextLine().ok());
    EXPECT_TRUE(connection.nextLine().ok());
    const auto failed = connection.nextLine();
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::kUpstream);
}

TEST(PgLiteral, StaysOneTextWhateverItHolds) {
    EXPECT_EQ(pgLiteral("it's \\ here"), "E'it''s \\\\ here'");
    if (!PostgresServer::instance().ready()) return;
    auto connection = PostgresServer::instance().connect();
    for (const char* setting : {"on", "off"}) {
        ASSERT_TRUE(connection.query(std::string("SET standard_conforming_strings = ") + setting).ok());
        const std::string text = "a'b\\'; SELECT 1; --\\";
        const auto same = connection.query("SELECT " + pgLiteral(text) + " = $1", {text});
        ASSERT_TRUE(same.ok()) << same.error().describe();
        EXPECT_EQ(PgConnection::single(*same), "t");
    }
}

TEST(PgConnection, StopsTheServersWorkWhenItIsLetGo) {
    if (!PostgresServer::instance().ready()) return;
    {
        auto connection = PostgresServer::instance().connect();
        ASSERT_TRUE(
            connection.copyOut("COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT").ok());
        ASSERT_TRUE(connection.nextLine().ok());
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
