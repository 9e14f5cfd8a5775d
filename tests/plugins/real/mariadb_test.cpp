// The mysql plugin against a real MariaDB that this test starts in a folder of its own. Skipped, and said, when the
// server is not installed.
#include <gtest/gtest.h>

#include <yimen/harness.hpp>

#include "mariadb_server.h"

namespace {

using yimen::harness::PluginError;
using yimen::harness::Row;
using yimen::harness::Source;

yimen::test::MariadbServer* server = nullptr;

class Mariadb : public ::testing::Test {
protected:
    void SetUp() override {
        if (server->folder.empty()) FAIL() << "mariadb-server is not installed: scripts/install test";
    }
    static std::string config(const std::string& read) {
        return R"({"source":{"socket":")" + server->folder +
               R"(/s","port":3306,"user":"reader","database":"db","tls":"off","time_zone":"+08:00",)"
               R"("connect_timeout":5000,"read_timeout":60000},"read":{)" +
               read + "}}";
    }
    static std::unique_ptr<Source> source(const std::string& read, const std::string& password = "se cret") {
        return std::make_unique<Source>(YIMEN_MYSQL_PLUGIN, config(read),
                                        std::map<std::string, std::string>{{"source.password", password}});
    }
    static int codeOf(const std::string& read, const std::string& password, std::uint32_t mode) {
        try {
            std::string position;
            source(read, password)->all(mode, position);
        } catch (const PluginError& error) {
            return error.code;
        }
        return 0;
    }
};

TEST_F(Mariadb, GivesEveryTypeAsTheServerWritesIt) {
    server->sql(
        {"CREATE OR REPLACE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, n DECIMAL(12,3), d DATE, dt DATETIME(6), "
         "ts TIMESTAMP NULL, f FLOAT, g DOUBLE, b BIT(4), v VARBINARY(10), j JSON, y YEAR, tm TIME, s TEXT)",
         "SET time_zone = '+00:00'",
         "INSERT INTO t VALUES (18446744073709551615, 12.500, '2026-06-30', '2026-06-30 08:00:00.123456', "
         "'2026-06-30 00:00:00', 1.5, 0.1, b'1010', X'00ff', '{\"a\": 1}', 2026, '-838:59:59', '😀中文'), "
         "(1, NULL, '0000-00-00', '0000-00-00 00:00:00', NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, '')"});
    const auto s = source(R"("table":"t","key":["id"])");
    const auto rows = s->all();
    ASSERT_EQ(rows.size(), 2U);
    const auto null = std::nullopt;
    const Row first{"1",  null, "0000-00-00", "0000-00-00 00:00:00.000000", null, null, null, null, "", null, null,
                    null, ""};
    const Row second{"18446744073709551615",
                     "12.500",
                     "2026-06-30",
                     "2026-06-30 08:00:00.123456",
                     "2026-06-30 08:00:00",
                     "1.5",
                     "0.1",
                     "0a",
                     "00ff",
                     R"({"a": 1})",
                     "2026",
                     "-838:59:59",
                     "😀中文"};
    EXPECT_EQ(rows[0], first);
    EXPECT_EQ(rows[1], second);
    // The prepared statement of a resumed read gives the same texts.
    std::string position = R"({"after":["0"]})";
    EXPECT_EQ(s->all(YIMEN_MODE_FULL, position), rows);
    EXPECT_EQ(s->describe().at(3), (std::pair<std::string, std::string>("dt", "datetime")));
}

TEST_F(Mariadb, ResumesAFullReadByItsKey) {
    server->sql({"CREATE OR REPLACE TABLE big (a INT, b INT, s VARCHAR(600), PRIMARY KEY (a, b))",
                 "INSERT INTO big SELECT seq DIV 10, seq MOD 10, REPEAT('长', 150) FROM seq_0_to_4999"});
    const auto s = source(R"("table":"db.big","key":["a","b"])");
    s->open({"", ""}, YIMEN_MODE_FULL, "");
    const auto first = s->read(1234);
    EXPECT_EQ(first.rows.size(), 1234U);
    EXPECT_FALSE(first.end);
    EXPECT_EQ(first.position, R"({"after":["123","3"]})");
    std::string position = first.position;
    const auto rest = s->all(YIMEN_MODE_FULL, position, 700);
    ASSERT_EQ(rest.size(), 5000U - 1234U);
    EXPECT_EQ(rest.front()[0], "123");
    EXPECT_EQ(rest.front()[1], "4");
    EXPECT_EQ(rest.front()[2]->size(), 450U);
    EXPECT_EQ(position, R"({"after":["499","9"]})");
}

TEST_F(Mariadb, ReadsWhatChangedSinceTheWatermark) {
    server->sql({"CREATE OR REPLACE TABLE w (id INT PRIMARY KEY, at DATETIME(3))",
                 "INSERT INTO w VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-01 00:00:00'), "
                 "(3, '2026-01-01 00:05:00.5')"});
    const auto s = source(R"("table":"w","watermark":["at","id"])");
    std::string position;
    EXPECT_EQ(s->all(YIMEN_MODE_INCREMENTAL, position).size(), 3U);
    EXPECT_EQ(position, R"({"after":["2026-01-01 00:05:00.500","3"]})");
    EXPECT_TRUE(s->all(YIMEN_MODE_INCREMENTAL, position).empty());
    server->sql({"INSERT INTO w VALUES (4, '2026-01-01 00:05:00.5'), (0, '2026-01-01 00:04:00')"});
    std::string before = position;
    const auto changed = s->all(YIMEN_MODE_INCREMENTAL, position);
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0][0], "4");
    // With an overlap the one that was committed late is seen too.
    const auto late = source(R"("table":"w","watermark":["at","id"],"overlap":120000)");
    EXPECT_EQ(late->all(YIMEN_MODE_INCREMENTAL, before).size(), 3U);
}

TEST_F(Mariadb, FixesTheUpperBoundWhenTheRunBegins) {
    server->sql({"CREATE OR REPLACE TABLE u (id INT PRIMARY KEY, at INT)", "INSERT INTO u VALUES (1, 10), (2, 20)"});
    const auto s = source(R"("table":"u","watermark":["at","id"])");
    const auto parts = s->partitions(YIMEN_MODE_INCREMENTAL);
    EXPECT_EQ(parts.at(0).second, R"({"until":"20"})");
    server->sql({"INSERT INTO u VALUES (3, 30)"});
    s->open(parts[0], YIMEN_MODE_INCREMENTAL, "");
    EXPECT_EQ(s->read().rows.size(), 2U);
}

TEST_F(Mariadb, TakesQueriesColumnsConditionsAndLongCells) {
    server->sql({"CREATE OR REPLACE TABLE `o``dd` (id INT PRIMARY KEY, `列` LONGTEXT)",
                 "INSERT INTO `o``dd` VALUES (1, REPEAT('x', 3000000)), (2, NULL), (3, 'c')"});
    const auto rows = source(R"("table":"o`dd","columns":["列"],"where":"id < 3")")->all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0][0]->size(), 3'000'000U);
    std::string position = R"({"after":["0"]})";
    const auto keyed = source(R"("table":"o`dd","key":["id"])")->all(YIMEN_MODE_FULL, position);
    EXPECT_EQ(keyed.at(0)[1]->size(), 3'000'000U);
    EXPECT_EQ(source(R"q("query":"SELECT COUNT(*) AS n FROM `o``dd`")q")->all().at(0)[0], "3");
}

TEST_F(Mariadb, SaysWhatIsWrong) {
    server->sql({"CREATE OR REPLACE TABLE ok (id INT)"});
    EXPECT_EQ(codeOf(R"("table":"ok")", "se cret", YIMEN_MODE_FULL), 0);
    EXPECT_EQ(codeOf(R"("table":"ok")", "wrong", YIMEN_MODE_FULL), YIMEN_UNAUTHENTICATED);
    EXPECT_EQ(codeOf(R"("table":"none")", "se cret", YIMEN_MODE_FULL), YIMEN_NOT_FOUND);
    EXPECT_EQ(codeOf(R"("table":"mysql.global_priv")", "se cret", YIMEN_MODE_FULL), YIMEN_DENIED);
    EXPECT_EQ(codeOf(R"("table":"ok","where":"id ==")", "se cret", YIMEN_MODE_FULL), YIMEN_INVALID);
    EXPECT_EQ(codeOf(R"("table":"ok")", "se cret", YIMEN_MODE_INCREMENTAL), YIMEN_INVALID);
    EXPECT_EQ(codeOf(R"("table":"ok","key":["nix"])", "se cret", YIMEN_MODE_FULL), YIMEN_NOT_FOUND);
    EXPECT_EQ(codeOf(R"("table":"ok","query":"SELECT 1")", "se cret", YIMEN_MODE_FULL), YIMEN_INVALID);
}

TEST_F(Mariadb, SaysThatAServerIsAwayAndStopsWhenItIsTold) {
    Source away(YIMEN_MYSQL_PLUGIN, R"({"source":{"socket":"/nowhere","port":1,"user":"u","database":"d","tls":"off",)"
                                    R"("connect_timeout":1000,"read_timeout":1000},"read":{"table":"t"}})");
    try {
        away.describe();
        FAIL();
    } catch (const PluginError& error) {
        EXPECT_EQ(error.code, YIMEN_UNAVAILABLE);
    }
    server->sql({"CREATE OR REPLACE TABLE c (id INT)"});
    const auto s = source(R"("table":"c")");
    s->open({"", ""}, YIMEN_MODE_FULL, "");
    s->cancelled = true;
    EXPECT_THROW(s->read(), PluginError);
}

}  // namespace

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    server = new yimen::test::MariadbServer;
    ::testing::AddGlobalTestEnvironment(server);
    return RUN_ALL_TESTS();
}
