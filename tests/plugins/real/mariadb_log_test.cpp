// The mysql plugin follows a table by the binlog of a real MariaDB that this test starts. Skipped, and said, when the
// server is not installed.
#include "mariadb_follower.h"

namespace {

using namespace yimen::test;
using ::testing::HasSubstr;
using yimen::harness::Answer;
using yimen::harness::PluginError;

using MariadbLog = MariadbFollower;

TEST_F(MariadbLog, ReadsTheTableOnceThenWhatChanged) {
    server->sql({"CREATE OR REPLACE TABLE t (a INT, b VARCHAR(10), v INT, PRIMARY KEY (a, b))",
                 "INSERT INTO t SELECT seq, 'x', 0 FROM seq_1_to_1000"});
    const auto from = source(R"("table":"t")");
    Copy copy;
    run(*from, copy, 300);
    EXPECT_EQ(copy.inserted, 1000U);
    run(*from, copy);
    EXPECT_EQ(copy.inserted + copy.updated + copy.unchanged + copy.deleted, 1000U) << "nothing comes twice";
    server->sql({"DELETE FROM t WHERE a <= 10", "UPDATE t SET v = 1 WHERE a = 11", "UPDATE t SET a = 2000 WHERE a = 12",
                 "INSERT INTO t VALUES (3000, 'y', NULL)", "CREATE OR REPLACE TABLE other (a INT PRIMARY KEY)",
                 "INSERT INTO other VALUES (1)"});
    run(*from, copy);
    EXPECT_EQ(copy.deleted, 11U);
    EXPECT_EQ(copy.inserted, 1002U);
    EXPECT_EQ(copy.updated, 1U);
    expectEqual(R"("table":"t")", copy);
    // A complete read begins anew, at its own place of the log.
    Copy anew;
    run(*from, anew, 1000, YIMEN_MODE_FULL);
    expectEqual(R"("table":"t")", anew);
    run(*from, anew);
    EXPECT_EQ(anew.inserted, 991U);
    EXPECT_EQ(anew.unchanged, 0U);
}

TEST_F(MariadbLog, LosesNothingThatChangesWhileTheTableIsRead) {
    server->sql({"CREATE OR REPLACE TABLE busy (id INT PRIMARY KEY, v INT)",
                 "INSERT INTO busy SELECT seq, 0 FROM seq_1_to_3000"});
    const auto from = source(R"("table":"busy","key":["id"])");
    Copy copy;
    from->open({"", ""}, YIMEN_MODE_FULL, "");
    copy.apply(from->read(500));
    server->sql({"UPDATE busy SET v = 1 WHERE id MOD 7 = 0", "DELETE FROM busy WHERE id MOD 100 = 1",
                 "UPDATE busy SET id = id + 10000 WHERE id BETWEEN 2000 AND 2100"});
    copy.apply(from->read(500));
    // Cut off there: another reader goes on with the table as it is now, and from the first place in the log.
    const auto again = source(R"("table":"busy","key":["id"])");
    run(*again, copy, 700);
    server->sql({"INSERT INTO busy VALUES (20000, 1)"});
    run(*again, copy);
    expectEqual(R"("table":"busy","key":["id"])", copy);
}

TEST_F(MariadbLog, KeepsItsPlaceBetweenTransactionsWhereverItIsCutOff) {
    server->sql({"CREATE OR REPLACE TABLE bank (id INT PRIMARY KEY, v BIGINT, pad VARCHAR(100))",
                 "INSERT INTO bank SELECT seq, 100, '' FROM seq_1_to_50"});
    std::mt19937 dice(7);
    auto from = source(R"("table":"bank","key":["id"])");
    Copy copy;
    run(*from, copy);
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> statements;
        for (auto i = number(dice, 1, 12); i > 0; --i) {
            const std::string amount = std::to_string(number(dice, 1, 50));
            const std::string first = std::to_string(number(dice, 1, 50));
            const std::string second = std::to_string(number(dice, 1, 50));
            statements.insert(
                statements.end(),
                {"BEGIN", "UPDATE bank SET v = v - " + amount + ", pad = REPEAT('x', v) WHERE id = " + first,
                 "UPDATE bank SET v = v + " + amount + " WHERE id = " + second,
                 "INSERT INTO bank VALUES (" + std::to_string(1000 + round) +
                     ", 0, '') ON DUPLICATE KEY UPDATE pad = 'y'",
                 number(dice, 0, 4) == 0 ? "ROLLBACK" : "COMMIT"});
        }
        statements.push_back("DELETE FROM bank WHERE id >= 1000 AND v = 0 AND id MOD 3 = " + std::to_string(round % 3));
        if (number(dice, 0, 9) == 0) statements.push_back("FLUSH BINARY LOGS");
        server->sql(statements);
        // A batch that the target does not commit is lost with the reader: it comes again.
        from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
        for (bool end = false; !end && number(dice, 0, 3) != 0;) {
            const Answer answer = from->read(static_cast<std::size_t>(number(dice, 1, 20)));
            end = answer.end;
            if (number(dice, 0, 5) == 0) break;
            copy.apply(answer);
        }
        if (number(dice, 0, 3) == 0) from = source(R"("table":"bank","key":["id"])");
    }
    run(*from, copy);
    expectEqual(R"("table":"bank","key":["id"])", copy);
}

TEST_F(MariadbLog, GivesNoPlaceInsideATransaction) {
    server->sql({"CREATE OR REPLACE TABLE large (id INT PRIMARY KEY)"});
    const auto from = source(R"("table":"large")");
    Copy copy;
    run(*from, copy);
    server->sql({"INSERT INTO large SELECT seq FROM seq_1_to_5000"});
    from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
    const std::string before = copy.position;
    for (std::size_t rows = 0; rows < 5000;) {
        const Answer answer = from->read(700);
        rows += answer.rows.size();
        if (rows < 5000) {
            EXPECT_EQ(answer.position, before);
        }
        copy.apply(answer);
    }
    run(*from, copy);
    EXPECT_EQ(copy.rows.size(), 5000U);
    EXPECT_NE(copy.position, before);
}

TEST_F(MariadbLog, FollowsForAWhileAndStopsWhenItIsTold) {
    server->sql({"CREATE OR REPLACE TABLE live (id INT PRIMARY KEY)"});
    const auto from = source(R"("table":"live")", R"("follow":1500)");
    Copy copy;
    run(*from, copy);
    from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
    server->sql({"INSERT INTO live VALUES (1)"});
    copy.apply(from->read());
    EXPECT_EQ(copy.rows.size(), 1U);
    const auto began = std::chrono::steady_clock::now();
    while (!from->read().end) {
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
    from->cancelled = true;
    EXPECT_THROW(from->read(), PluginError);
}

TEST_F(MariadbLog, IsNotCutOffByAReadBesideItButByAnotherFollower) {
    server->sql({"CREATE OR REPLACE TABLE beside (id INT PRIMARY KEY)"});
    const auto from = source(R"("table":"beside")", R"("follow":60000)");
    Copy copy;
    run(*from, copy);
    from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
    Copy whole;
    run(*source(R"("table":"beside")"), whole);
    server->sql({"INSERT INTO beside VALUES (1)"});
    copy.apply(from->read());
    EXPECT_EQ(copy.rows.size(), 1U);
    const auto other = source(R"("table":"beside")", R"("follow":60000)");
    other->open({"", ""}, YIMEN_MODE_INCREMENTAL, whole.position);
    try {
        for (int i = 0; i < 5; ++i) from->read();
        FAIL() << "two followers with one number";
    } catch (const PluginError& error) {
        EXPECT_EQ(error.code, YIMEN_UNAVAILABLE) << error.what();
        EXPECT_THAT(error.what(), HasSubstr("read.log.server_id"));
    }
    whole.apply(other->read());
    EXPECT_EQ(whole.rows.size(), 1U);
}

TEST_F(MariadbLog, RefusesWhatTheLogDoesNotHoldRowByRow) {
    const std::vector<std::pair<const char*, const char*>> changes{
        {"TRUNCATE bye", "TRUNCATE"},
        {"ALTER TABLE bye MODIFY v BIGINT", "altered"},
        {"DROP TABLE bye", "dropped"},
        {"RENAME TABLE bye TO bye2", "renamed"},
        {"SET STATEMENT binlog_format = 'STATEMENT' FOR UPDATE bye SET v = 3", "as a statement"},
        {"SET STATEMENT binlog_row_image = 'MINIMAL' FOR UPDATE bye SET v = 4", "binlog_row_image"},
    };
    for (const auto& [change, words] : changes) {
        server->sql({"DROP TABLE IF EXISTS bye2", "CREATE OR REPLACE TABLE bye (id INT PRIMARY KEY, v INT)",
                     "INSERT INTO bye VALUES (1, 1)"});
        const auto from = source(R"("table":"bye")");
        Copy copy;
        run(*from, copy);
        server->sql({change, "CREATE TABLE IF NOT EXISTS bye (id INT PRIMARY KEY, v INT)"});
        const std::string said = refusal(*from, copy);
        EXPECT_THAT(said, HasSubstr(words)) << change;
        EXPECT_THAT(said, HasSubstr("--full")) << change;
        Copy anew;
        run(*from, anew, 1000, YIMEN_MODE_FULL);
        run(*from, anew);
        expectEqual(R"("table":"bye")", anew);
    }
}

TEST_F(MariadbLog, RefusesXaTransactionsAndTakesTablesWithoutTransactions) {
    server->sql({"CREATE OR REPLACE TABLE xa (id INT PRIMARY KEY)",
                 "CREATE OR REPLACE TABLE isam (id INT PRIMARY KEY) ENGINE=MyISAM"});
    const auto from = source(R"("table":"xa")");
    const auto isam = source(R"("table":"isam")");
    Copy copy;
    Copy rows;
    run(*from, copy);
    run(*isam, rows);
    server->sql({"INSERT INTO isam VALUES (1), (2), (3)", "DELETE FROM isam WHERE id = 2", "XA START 'a'",
                 "INSERT INTO xa VALUES (1)", "XA END 'a'", "XA PREPARE 'a'", "XA ROLLBACK 'a'"});
    EXPECT_THAT(refusal(*from, copy), HasSubstr("XA"));
    run(*isam, rows);
    expectEqual(R"("table":"isam")", rows);
}

TEST_F(MariadbLog, TakesAColumnThatIsAddedAndSaysWhenOneWasNotThereYet) {
    server->sql({"CREATE OR REPLACE TABLE grows (id INT PRIMARY KEY, v INT)", "INSERT INTO grows VALUES (1, 1)"});
    const auto from = source(R"("table":"grows","columns":["id","v"])");
    Copy copy;
    run(*from, copy);
    server->sql({"INSERT INTO grows VALUES (2, 2)",
                 "ALTER TABLE grows ADD COLUMN extra INT DEFAULT 5 FIRST, ADD INDEX (v)",
                 "INSERT INTO grows (id, v) VALUES (3, 3)"});
    run(*from, copy);
    expectEqual(R"("table":"grows","columns":["id","v"])", copy);
    const auto all = source(R"("table":"grows","columns":["id","v","extra"])");
    Copy wide;
    run(*all, wide);
    server->sql({"UPDATE grows SET v = 9 WHERE id = 1", "ALTER TABLE grows DROP COLUMN extra"});
    run(*from, copy);
    expectEqual(R"("table":"grows","columns":["id","v"])", copy);
    server->sql({"UPDATE grows SET v = 10 WHERE id = 1", "ALTER TABLE grows ADD COLUMN extra INT"});
    EXPECT_THAT(refusal(*all, wide), HasSubstr("--full"));
}

TEST_F(MariadbLog, RefusesASettingThatItCannotFollow) {
    server->sql({"CREATE OR REPLACE TABLE s (id INT PRIMARY KEY)"});
    const auto from = source(R"("table":"s")");
    const std::vector<std::vector<std::string>> settings{{"binlog_format", "MIXED", "ROW"},
                                                         {"binlog_row_image", "MINIMAL", "FULL"},
                                                         {"binlog_row_metadata", "MINIMAL", "FULL"},
                                                         {"log_bin_compress", "ON", "OFF"}};
    for (const auto& one : settings) {
        server->sql({"SET GLOBAL " + one[0] + " = '" + one[1] + "'"});
        EXPECT_THAT(refusal(*from, {}), HasSubstr(one[0] + "=" + one[2]));
        server->sql({"SET GLOBAL " + one[0] + " = '" + one[2] + "'"});
    }
    server->sql({"CREATE OR REPLACE VIEW w AS SELECT * FROM s", "CREATE OR REPLACE TABLE nokey (id INT)",
                 "CREATE OR REPLACE TABLE odd (id INT PRIMARY KEY, u UUID, n INT AS (id + 1) VIRTUAL)"});
    EXPECT_THAT(refusal(*source(R"("table":"w")"), {}), HasSubstr("VIEW"));
    EXPECT_THAT(refusal(*source(R"("table":"nokey")"), {}), HasSubstr("read.key"));
    EXPECT_THAT(refusal(*source(R"("table":"odd")"), {}), HasSubstr("'u'"));
    EXPECT_THAT(refusal(*source(R"("table":"odd","columns":["id","n"])"), {}), HasSubstr("'n'"));
    EXPECT_THAT(refusal(*source(R"("table":"gone")"), {}, YIMEN_NOT_FOUND), HasSubstr("gone"));
    EXPECT_THROW(source(R"("table":"s","where":"id > 1")"), PluginError);
    server->sql({"REVOKE REPLICATION SLAVE ON *.* FROM reader"});
    EXPECT_THAT(refusal(*from, {}, YIMEN_DENIED), HasSubstr("REPLICATION SLAVE"));
}

TEST_F(MariadbLog, SaysThatTheLogIsGoneOrAnotherOne) {
    server->sql({"RESET MASTER", "CREATE OR REPLACE TABLE p (id INT PRIMARY KEY)"});
    Copy copy;
    run(*source(R"("table":"p")"), copy);
    const Copy late = copy;
    server->sql({"INSERT INTO p VALUES (1)", "FLUSH BINARY LOGS", "FLUSH BINARY LOGS"});
    run(*source(R"("table":"p")"), copy);
    EXPECT_EQ(copy.rows.size(), 1U);
    // The server keeps its log while somebody reads it, and takes a moment to see that a reader went.
    server->sql({"DO SLEEP(1.1)", "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY"});
    EXPECT_THAT(refusal(*source(R"("table":"p")"), late), HasSubstr("--full"));
    run(*source(R"("table":"p")"), copy);
    // A new log that has the place of the old one too.
    server->sql(
        {"DO SLEEP(1.1)", "RESET MASTER", "FLUSH BINARY LOGS", "FLUSH BINARY LOGS", "INSERT INTO p VALUES (2)"});
    EXPECT_THAT(refusal(*source(R"("table":"p")"), copy), HasSubstr("RESET MASTER"));
}

TEST_F(MariadbLog, GoesOnAfterTheServerWasKilled) {
    server->sql({"CREATE OR REPLACE TABLE k (id INT PRIMARY KEY)", "INSERT INTO k VALUES (1)"});
    const auto from = source(R"("table":"k")", R"("follow":60000)");
    Copy copy;
    run(*from, copy);
    from->open({"", ""}, YIMEN_MODE_INCREMENTAL, copy.position);
    server->sql({"INSERT INTO k VALUES (2)"});
    copy.apply(from->read());
    EXPECT_EQ(copy.rows.size(), 2U);
    server->kill();
    try {
        for (int i = 0; i < 100; ++i) copy.apply(from->read());
        FAIL() << "the server is away and nobody said so";
    } catch (const PluginError& error) {
        EXPECT_EQ(error.code, YIMEN_UNAVAILABLE) << error.what();
    }
    server->start();
    server->sql({"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO reader", "INSERT INTO k VALUES (3)",
                 "DELETE FROM k WHERE id = 1"});
    const auto again = source(R"("table":"k")");
    run(*again, copy);
    EXPECT_EQ(copy.rows.size(), 2U);
    EXPECT_EQ(copy.inserted, 3U) << "nothing comes twice";
    expectEqual(R"("table":"k")", copy);
}

}  // namespace

int main(int argc, char** argv) {
    return yimen::test::runOnMariadb(argc, argv);
}
