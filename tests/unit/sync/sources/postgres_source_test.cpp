#include "sync/sources/postgres_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "unit/sync/postgres_server.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;

struct ReadBack {
    std::vector<std::string> firstColumn;
    Position position;
    bool end = false;
};

/// Reads at most `batches` batches.
ReadBack readAll(Source& source, ReadMode mode, const Position& from = {}, int batches = 1000,
                 const Partition& part = {}) {
    ReadBack out;
    const auto columns = source.describe();
    EXPECT_TRUE(columns.ok()) << columns.error().describe();
    auto reader = source.open(part, mode, from);
    EXPECT_TRUE(reader.ok()) << reader.error().describe();
    Batch batch;
    for (int i = 0; i < batches && !out.end; ++i) {
        batch.reset(columns->size());
        const auto state = (*reader)->read(batch);
        EXPECT_TRUE(state.ok()) << state.error().describe();
        if (!state.ok()) break;
        for (std::size_t row = 0; row < batch.rows(); ++row) out.firstColumn.emplace_back(batch.text(row, 0));
        out.position = state->position;
        out.end = state->end;
    }
    return out;
}

class PostgresSourceTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!server().ready()) return;
        server().run("DROP SCHEMA IF EXISTS grid CASCADE");
        server().run("CREATE SCHEMA grid");
        server().run(
            "CREATE TABLE grid.event (event_no text PRIMARY KEY, title text, area numeric(8,2),"
            " done boolean, updated_at timestamptz NOT NULL DEFAULT now())");
    }
    static PostgresServer& server() { return PostgresServer::instance(); }
    static void insert(int from, int to, const std::string& at = "now() - interval '1 hour'") {
        server().run("INSERT INTO grid.event SELECT to_char(i, 'FM00000'), '标题' || i, i / 4.0, i % 2 = 0, " + at +
                     " FROM generate_series(" + std::to_string(from) + ", " + std::to_string(to) + ") i");
    }
    static std::unique_ptr<Source> source(const std::string& watermark = "updated_at") {
        PostgresRead read;
        read.table = "grid.event";
        read.watermark = watermark;
        auto made = makePostgresSource(server().address(), read);
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
};

TEST_F(PostgresSourceTest, DescribesItsColumns) {
    const auto columns = source()->describe();
    ASSERT_TRUE(columns.ok()) << columns.error().describe();
    ASSERT_EQ(columns->size(), 5U);
    EXPECT_EQ((*columns)[2], (SourceField{"area", "numeric(8,2)"}));
    EXPECT_EQ((*columns)[4].type, "timestamp with time zone");
}

TEST_F(PostgresSourceTest, ReadsEverythingInKeyOrder) {
    insert(1, 25'000);
    const ReadBack all = readAll(*source(), ReadMode::kFull);
    EXPECT_TRUE(all.end);
    ASSERT_EQ(all.firstColumn.size(), 25'000U);
    EXPECT_TRUE(std::is_sorted(all.firstColumn.begin(), all.firstColumn.end()));
}

TEST_F(PostgresSourceTest, GoesOnAfterTheKeyItStoppedAt) {
    insert(1, 25'000);
    const auto from = source();
    const ReadBack first = readAll(*from, ReadMode::kFull, {}, 1);
    EXPECT_FALSE(first.end);
    const ReadBack rest = readAll(*from, ReadMode::kFull, first.position);
    EXPECT_TRUE(rest.end);
    EXPECT_EQ(first.firstColumn.size() + rest.firstColumn.size(), 25'000U);
    EXPECT_LT(first.firstColumn.back(), rest.firstColumn.front());
}

TEST_F(PostgresSourceTest, ReadsOneRangeOfAColumn) {
    insert(1, 100);
    const auto from = source();
    const auto part = from->range({"area", "2", "2.75"});
    ASSERT_TRUE(part.ok() && *part);
    const ReadBack some = readAll(*from, ReadMode::kFull, {}, 1000, **part);
    EXPECT_EQ(some.firstColumn, (std::vector<std::string>{"00008", "00009", "00010"})) << "compared as numbers";
    const auto open = from->range({"event_no", "00099", ""});
    EXPECT_EQ(readAll(*from, ReadMode::kFull, {}, 1000, **open).firstColumn.size(), 2U);
    const auto none = from->range({"nix", "1", ""});
    EXPECT_FALSE(from->open(**none, ReadMode::kFull, {}).ok());
}

TEST_F(PostgresSourceTest, ReadsChangesAfterACompleteRead) {
    insert(1, 100);
    const auto from = source();
    const ReadBack all = readAll(*from, ReadMode::kFull);
    EXPECT_TRUE(readAll(*from, ReadMode::kIncremental, all.position).firstColumn.empty());
    insert(101, 103, "now() - interval '10 seconds'");
    const ReadBack changes = readAll(*from, ReadMode::kIncremental, all.position);
    EXPECT_EQ(changes.firstColumn, (std::vector<std::string>{"00101", "00102", "00103"}));
}

TEST_F(PostgresSourceTest, SeesWhatAColumnOfWholeSecondsGotInThisVerySecond) {
    server().run("ALTER TABLE grid.event ALTER updated_at TYPE timestamp(0)");
    const auto from = source();
    std::set<std::string> seen;
    Position at;
    for (int i = 1; i <= 30; ++i) {
        insert(i, i, "date_trunc('second', clock_timestamp() AT TIME ZONE 'Asia/Shanghai')");
        const ReadBack read = readAll(*from, ReadMode::kIncremental, at);
        at = read.position;
        seen.insert(read.firstColumn.begin(), read.firstColumn.end());
        EXPECT_EQ(seen.size(), static_cast<std::size_t>(i)) << "at " << at;
        server().run("SELECT pg_sleep(0.05)");
    }
}

TEST_F(PostgresSourceTest, SeesWhatAColumnOfDaysGotToday) {
    server().run("ALTER TABLE grid.event ALTER updated_at TYPE date");
    const auto from = source();
    insert(1, 2, "(now() AT TIME ZONE 'Asia/Shanghai')::date");
    const ReadBack first = readAll(*from, ReadMode::kIncremental);
    EXPECT_EQ(first.firstColumn.size(), 2U);
    insert(3, 3, "(now() AT TIME ZONE 'Asia/Shanghai')::date");
    EXPECT_EQ(readAll(*from, ReadMode::kIncremental, first.position).firstColumn.size(), 3U);
}

TEST_F(PostgresSourceTest, DoesNotPassOverARowCommittedLate) {
    insert(1, 10);
    const auto from = source();
    auto late = server().connect();
    ASSERT_TRUE(late.query("BEGIN").ok());
    ASSERT_TRUE(late.query("INSERT INTO grid.event (event_no) VALUES ('late')").ok());
    std::set<std::string> seen;
    ReadBack read = readAll(*from, ReadMode::kFull);
    seen.insert(read.firstColumn.begin(), read.firstColumn.end());
    insert(11, 12, "now()");
    for (int i = 0; i < 2; ++i) {
        read = readAll(*from, ReadMode::kIncremental, read.position);
        seen.insert(read.firstColumn.begin(), read.firstColumn.end());
    }
    EXPECT_FALSE(seen.contains("late"));
    ASSERT_TRUE(late.query("COMMIT").ok());
    // Backends of tests before this one may take a moment to end; their transactions hold the bound down as well.
    for (int i = 0; i < 200 && seen.size() < 13; ++i) {
        ASSERT_TRUE(late.query("SELECT pg_sleep(0.02)").ok());
        read = readAll(*from, ReadMode::kIncremental, read.position);
        seen.insert(read.firstColumn.begin(), read.firstColumn.end());
    }
    EXPECT_TRUE(seen.contains("late"));
    EXPECT_EQ(seen.size(), 13U);
}

TEST_F(PostgresSourceTest, ResumesAnIncrementalReadUnderTheSameBound) {
    const auto from = source();
    const ReadBack empty = readAll(*from, ReadMode::kFull);
    insert(1, 15'000, "now() - interval '1 second' + i * interval '1 microsecond'");
    const ReadBack first = readAll(*from, ReadMode::kIncremental, empty.position, 1);
    ASSERT_FALSE(first.end);
    insert(20'001, 20'001, "clock_timestamp() + interval '1 hour'");
    const ReadBack rest = readAll(*from, ReadMode::kIncremental, first.position);
    EXPECT_EQ(first.firstColumn.size() + rest.firstColumn.size(), 15'000U) << "the bound is that of the beginning";
}

TEST_F(PostgresSourceTest, ReadsCompletelyOnlyWithoutAWatermark) {
    const auto from = source("");
    EXPECT_FALSE(from->canRead(ReadMode::kIncremental));
    EXPECT_EQ(from->partitions(ReadMode::kIncremental).error().code, ErrorCode::kInvalidInput);
    EXPECT_TRUE(from->canRead(ReadMode::kFull));
}

TEST_F(PostgresSourceTest, KeepsNullAndTextsAsTheServerWritesThem) {
    server().run("INSERT INTO grid.event VALUES ('a', NULL, 0.5, true, '2026-06-30 08:00:00.25+08')");
    const auto from = source();
    auto reader = from->open({}, ReadMode::kFull, {});
    ASSERT_TRUE(reader.ok());
    Batch batch;
    batch.reset(5);
    ASSERT_TRUE((*reader)->read(batch).ok());
    ASSERT_EQ(batch.rows(), 1U);
    EXPECT_TRUE(batch.isNull(0, 1));
    EXPECT_EQ(batch.text(0, 2), "0.50");
    EXPECT_EQ(batch.text(0, 3), "t");
    EXPECT_EQ(batch.text(0, 4), "2026-06-30 08:00:00.25+08");
}

TEST_F(PostgresSourceTest, SaysWhatIsWrongWithItsDeclaration) {
    PostgresRead read;
    read.table = "grid.nothing";
    auto missing = makePostgresSource(server().address(), read);
    const auto described = (*missing)->describe();
    ASSERT_FALSE(described.ok());
    EXPECT_EQ(described.error().code, ErrorCode::kUpstream);
    EXPECT_NE(described.error().message.find("grid.nothing"), std::string::npos);
    EXPECT_FALSE(makePostgresSource(server().address(), {}).ok());
    read.table = "grid.event";
    read.watermark = "mtime";
    EXPECT_NE((*makePostgresSource(server().address(), read))->describe().error().message.find("mtime"),
              std::string::npos);
}

TEST_F(PostgresSourceTest, CannotReachAServerThatIsNotThere) {
    PgAddress nowhere = server().address();
    nowhere.host = "/nonexistent";
    PostgresRead read;
    read.table = "t";
    EXPECT_EQ((*makePostgresSource(nowhere, read))->describe().error().code, ErrorCode::kUnavailable);
}

TEST_F(PostgresSourceTest, QuotesNamesThatWouldBeSql) {
    server().run("CREATE TABLE grid.\"we\"\"ird; drop\" (\"k\"\"1\" int PRIMARY KEY)");
    server().run("INSERT INTO grid.\"we\"\"ird; drop\" VALUES (7)");
    PostgresRead read;
    read.table = "grid.we\"ird; drop";
    const auto made = makePostgresSource(server().address(), read);
    EXPECT_EQ(readAll(**made, ReadMode::kFull).firstColumn, std::vector<std::string>{"7"});
}

}  // namespace
}  // namespace yimen::sync
