// The odbc plugin over two real drivers: SQLite (libsqliteodbc) and a real PostgreSQL (odbc-postgresql). A driver that
// is not installed skips its part, and says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <yimen/harness.hpp>

#include "support/postgres_server.h"

namespace {

using yimen::harness::PluginError;
using yimen::harness::Row;
using yimen::harness::Source;

constexpr const char* kSqlite = "/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so";
constexpr const char* kPostgres = "/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so";

std::unique_ptr<Source> openSource(const std::string& source, const std::string& read) {
    return std::make_unique<Source>(YIMEN_ODBC_PLUGIN,
                                    R"({"source":{"connect_timeout":5000,)" + source + R"(},"read":{)" + read + "}}");
}

int codeOf(Source& source, std::uint32_t mode = YIMEN_MODE_FULL) {
    try {
        std::string position;
        source.all(mode, position);
    } catch (const PluginError& error) {
        return error.code;
    }
    return 0;
}

class SqliteOdbc : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kSqlite)) FAIL() << "libsqliteodbc is not installed: scripts/install test";
        std::string pattern = (std::filesystem::temp_directory_path() / "yimen-odbc-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void sql(const std::string& text) {
        ASSERT_EQ(std::system(("sqlite3 " + folder_ + "/d.db \"" + text + "\"").c_str()), 0);
    }
    std::unique_ptr<Source> source(const std::string& read) {
        return openSource(std::string(R"("dialect":"sqlite","snapshot":false,"array_rows":1,"driver":")") + kSqlite +
                              R"(","options":["Database=)" + folder_ + R"(/d.db"])",
                          read);
    }
    std::string folder_;
};

TEST_F(SqliteOdbc, ReadsTextsNullsAndLongCells) {
    sql("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n NUMERIC); INSERT INTO t VALUES (1, '中文', 1.5), (2, NULL, "
        "NULL),"
        " (3, '', 7), (4, printf('%.*c', 200000, 'x'), 0)");
    const auto s = source(R"("table":"t","key":["id"])");
    const auto rows = s->all();
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0][1], "中文");
    EXPECT_EQ(rows[0][2], "1.5");
    EXPECT_FALSE(rows[1][1].has_value());
    EXPECT_EQ(rows[2][1], "");
    EXPECT_EQ(rows[3][1], std::string(200'000, 'x'));
}

TEST_F(SqliteOdbc, ResumesByTheKeyAndByTheWatermark) {
    sql("CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT); WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
        "FROM c"
        " WHERE i < 500) INSERT INTO t SELECT i, strftime('%Y-%m-%d %H:%M:%f', '2026-01-01', '+' || i || ' seconds') "
        "FROM c");
    const auto full = source(R"("table":"t","key":["id"])");
    std::string position = R"({"after":["490"]})";
    EXPECT_EQ(full->all(YIMEN_MODE_FULL, position).size(), 10U);
    const auto changes = source(R"("table":"t","watermark":["at","id"],"overlap":2000)");
    position.clear();
    EXPECT_EQ(changes->all(YIMEN_MODE_INCREMENTAL, position, 77).size(), 500U);
    EXPECT_EQ(changes->all(YIMEN_MODE_INCREMENTAL, position).size(), 3U);
    sql("INSERT INTO t VALUES (501, '2026-01-02 00:00:00.000')");
    EXPECT_EQ(changes->all(YIMEN_MODE_INCREMENTAL, position).size(), 4U);
    EXPECT_EQ(position, R"({"after":["2026-01-02 00:00:00.000","501"]})");
}

class PostgresOdbc : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        if (std::filesystem::exists(kPostgres)) server_ = std::make_unique<yimen::test::PostgresServer>();
    }
    static void TearDownTestSuite() { server_.reset(); }
    void SetUp() override {
        if (!server_) FAIL() << "odbc-postgresql is not installed: scripts/install test";
        ASSERT_TRUE(server_->ok()) << server_->why();
    }
    static std::unique_ptr<Source> source(const std::string& read, const std::string& dialect = "postgresql",
                                          const std::string& more = "") {
        return openSource("\"dialect\":\"" + dialect + R"(","driver":")" + kPostgres +
                              R"(","user":"yimen","options":["Servername=)" + server_->folder() +
                              R"(","Database=postgres","UseDeclareFetch=1","Fetch=1000"])" + more,
                          read);
    }
    static void sql(const std::string& text) { ASSERT_TRUE(server_->sql(text)) << text; }
    static std::unique_ptr<yimen::test::PostgresServer> server_;
};
std::unique_ptr<yimen::test::PostgresServer> PostgresOdbc::server_;

TEST_F(PostgresOdbc, ReadsBoundArraysOfRows) {
    sql("DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint PRIMARY KEY, n numeric(10,2), d date, at timestamp, s "
        "varchar(40),"
        " b boolean, f double precision); INSERT INTO t SELECT i, i / 4.0, '2026-06-30', '2026-06-30 08:00:00.5', "
        "'中文' || i,"
        " NULL, 0.1 FROM generate_series(1, 5000) i");
    const auto s = source(R"("table":"public.t","key":["id"])");
    const auto rows = s->all();
    ASSERT_EQ(rows.size(), 5000U);
    EXPECT_EQ(rows[4998][0], "4999");
    EXPECT_EQ(rows[4998][1], "1249.75");
    EXPECT_EQ(rows[4998][2], "2026-06-30");
    EXPECT_EQ(rows[4998][3], "2026-06-30 08:00:00.5");
    EXPECT_EQ(rows[4998][4], "中文4999");
    EXPECT_FALSE(rows[4998][5].has_value());
    EXPECT_EQ(rows[4998][6], "0.1");
    // Cell by cell gives the same.
    EXPECT_EQ(source(R"("table":"t","key":["id"])", "postgresql", R"(,"array_rows":1)")->all(), rows);
    std::string position = R"({"after":["4990"]})";
    EXPECT_EQ(s->all(YIMEN_MODE_FULL, position).size(), 10U);
}

TEST_F(PostgresOdbc, TakesLongCellsInPieces) {
    sql("DROP TABLE IF EXISTS l; CREATE TABLE l (id int, s text); INSERT INTO l VALUES (1, repeat('长', 300000)), (2, "
        "NULL), (3, 'c')");
    const auto rows = source(R"("table":"l","key":["id"])")->all();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0][1]->size(), 900'000U);
    EXPECT_EQ(rows[0][1]->substr(899'997), "长");
    EXPECT_FALSE(rows[1][1].has_value());
    EXPECT_EQ(rows[2][1], "c");
}

TEST_F(PostgresOdbc, ReadsByWatermarkInTheDialectsOfPostgresAndKingbase) {
    sql("DROP TABLE IF EXISTS w; CREATE TABLE w (id int, at timestamp(3)); INSERT INTO w VALUES (1, '2026-01-01 "
        "00:00:00'),"
        " (2, '2026-01-01 00:05:00.5')");
    for (const char* dialect : {"postgresql", "kingbase"}) {
        std::string position;
        const auto s = source(R"("table":"w","watermark":["at","id"])", dialect);
        EXPECT_EQ(s->all(YIMEN_MODE_INCREMENTAL, position).size(), 2U);
        EXPECT_EQ(position, R"({"after":["2026-01-01 00:05:00.5","2"]})");
        EXPECT_TRUE(s->all(YIMEN_MODE_INCREMENTAL, position).empty());
        const auto late = source(R"("table":"w","watermark":["at","id"],"overlap":600000)", dialect);
        EXPECT_EQ(late->all(YIMEN_MODE_INCREMENTAL, position).size(), 2U);
    }
}

TEST_F(PostgresOdbc, SaysWhatIsWrong) {
    sql("DROP TABLE IF EXISTS ok; CREATE TABLE ok (id int)");
    EXPECT_EQ(codeOf(*source(R"("table":"ok")")), 0);
    EXPECT_EQ(codeOf(*source(R"("table":"none")")), YIMEN_NOT_FOUND);
    EXPECT_EQ(codeOf(*source(R"("table":"ok","where":"id ==")")), YIMEN_INVALID);
    EXPECT_EQ(codeOf(*source(R"("table":"ok")"), YIMEN_MODE_INCREMENTAL), YIMEN_INVALID);
    const auto away = openSource(std::string(R"("dialect":"postgresql","driver":")") + kPostgres +
                                     R"(","options":["Servername=/nowhere","Database=x"])",
                                 R"("table":"t")");
    EXPECT_EQ(codeOf(*away), YIMEN_UNAVAILABLE);
    const auto none = openSource(R"("dialect":"oracle","driver":"No such driver")", R"("table":"t")");
    EXPECT_EQ(codeOf(*none), YIMEN_INVALID);
}

}  // namespace
