#include "sync/sources/pg_log_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <map>
#include <random>
#include <string>
#include <thread>

#include "unit/sync/postgres_server.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;
using testing::HasSubstr;
using Rows = std::map<std::string, std::string>;

/// What a target does with the batches: upserts and deletes by key, and the position with them.
struct Copy {
    Rows rows;
    Position position;
    std::vector<std::string> seen;

    void apply(const Batch& batch) {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const std::string key(batch.text(row, 0));
            seen.push_back((batch.op(row) == Op::kDelete ? "-" : "+") + key);
            if (batch.op(row) == Op::kDelete) {
                rows.erase(key);
            } else {
                rows[key] = batch.isNull(row, 1) ? "NULL" : std::string(batch.text(row, 1));
            }
        }
    }
};

class PgLogSourceTest : public testing::Test {
protected:
    void SetUp() override {
        if (!server().ready()) return;
        server().run("DROP PUBLICATION IF EXISTS followed");
        dropSlot();
        server().run("DROP TABLE IF EXISTS follow_me");
        server().run("CREATE TABLE follow_me (id text PRIMARY KEY, note text)");
        server().run("CREATE PUBLICATION followed FOR TABLE follow_me");
    }
    void TearDown() override { dropSlot(); }

    static PostgresServer& server() { return PostgresServer::instance(); }
    static void dropSlot() {
        server().run(
            "DO $$ BEGIN FOR i IN 1..100 LOOP EXIT WHEN NOT EXISTS (SELECT FROM pg_replication_slots WHERE active);"
            " PERFORM pg_sleep(0.05); END LOOP;"
            " PERFORM pg_drop_replication_slot(slot_name) FROM pg_replication_slots; END $$");
    }
    static std::string single(const std::string& sql) {
        auto connection = server().connect();
        const auto result = connection.query(sql);
        EXPECT_TRUE(result.ok()) << result.error().describe();
        return PgConnection::single(*result).value_or("");
    }
    static Rows truth() {
        Rows out;
        auto connection = server().connect();
        const auto rows = connection.query("SELECT id, coalesce(note, 'NULL') FROM follow_me");
        EXPECT_TRUE(rows.ok()) << rows.error().describe();
        for (int i = 0; i < ::PQntuples(rows->get()); ++i) {
            out[::PQgetvalue(rows->get(), i, 0)] = ::PQgetvalue(rows->get(), i, 1);
        }
        return out;
    }
    std::unique_ptr<Source> source(milliseconds follow = milliseconds(0)) {
        PostgresRead read;
        read.table = "follow_me";
        auto made = makePgLogSource(server().address(), read, {{"yimen_test", "followed"}, follow}, clock_);
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    /// One run; `batches` ends it early, as a crash would, before anything of the last batch is confirmed.
    core::Status run(Copy& target, ReadMode mode = ReadMode::kIncremental, int batches = 1000) {
        const auto from = source();
        YIMEN_TRY(const auto reader, from->open({}, mode, mode == ReadMode::kFull ? "" : target.position));
        Batch batch;
        for (int i = 0; i < batches; ++i) {
            if (i > 0) YIMEN_TRY_STATUS(reader->confirm(target.position));
            batch.reset(2);
            YIMEN_TRY(const auto state, reader->read(batch));
            target.apply(batch);
            target.position = state.position;
            if (i + 1 == batches) break;
            if (state.end) return reader->confirm(target.position);
        }
        return {};
    }

    core::SystemClock clock_;
};

TEST_F(PgLogSourceTest, LoadsOnceAndThenFollowsEveryChange) {
    server().run("INSERT INTO follow_me SELECT 'a' || i, 'n' FROM generate_series(1, 100) i");
    Copy target;
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(target.rows, truth());
    target.seen.clear();
    server().run("INSERT INTO follow_me VALUES ('b', NULL), ('c', '')");
    server().run("UPDATE follow_me SET note = '改' WHERE id = 'a1'");
    server().run("DELETE FROM follow_me WHERE id = 'a2'");
    server().run("UPDATE follow_me SET id = 'z3' WHERE id = 'a3'");
    auto undecided = server().connect();
    for (const char* sql : {"BEGIN", "INSERT INTO follow_me VALUES ('never', 'x')", "ROLLBACK"})
        ASSERT_TRUE(undecided.query(sql).ok());
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(target.seen, (std::vector<std::string>{"+b", "+c", "+a1", "-a2", "-a3", "+z3"}));
    EXPECT_EQ(target.rows, truth());
    target.seen.clear();
    ASSERT_TRUE(run(target).ok());
    EXPECT_TRUE(target.seen.empty()) << "nothing twice when nothing happened";
}

TEST_F(PgLogSourceTest, ReadsLargeValuesThatTheLogLeavesOut) {
    server().run("ALTER TABLE follow_me ADD size int DEFAULT 0");
    server().run("ALTER TABLE follow_me ALTER note SET STORAGE EXTERNAL");
    Copy target;
    server().run("INSERT INTO follow_me VALUES ('big', repeat('大', 20000))");
    const auto load = [&] {
        const auto from = source();
        auto reader = from->open({}, ReadMode::kIncremental, target.position);
        Batch batch;
        for (bool end = false; reader.ok() && !end;) {
            batch.reset(3);
            const auto state = (*reader)->read(batch);
            ASSERT_TRUE(state.ok()) << state.error().describe();
            target.apply(batch);
            target.position = state->position;
            end = state->end;
        }
    };
    load();
    server().run("UPDATE follow_me SET size = 1 WHERE id = 'big'");
    server().run("INSERT INTO follow_me VALUES ('gone', repeat('x', 20000))");
    load();
    target.rows["big"] = "lost";
    server().run("UPDATE follow_me SET size = 2");
    server().run("DELETE FROM follow_me WHERE id = 'gone'");
    load();
    EXPECT_EQ(target.rows, truth());
    EXPECT_EQ(target.rows.at("big").size(), 60'000U);
}

TEST_F(PgLogSourceTest, ComesAgainFromTheLastDurablePlace) {
    Copy target;
    ASSERT_TRUE(run(target).ok());
    const Position durable = target.position;
    server().run("INSERT INTO follow_me VALUES ('x', '1')");
    Copy crashed = target;
    ASSERT_TRUE(run(crashed, ReadMode::kIncremental, 1).ok());
    EXPECT_EQ(crashed.rows, truth());
    ASSERT_TRUE(run(target).ok()) << "the position of before the crash";
    EXPECT_EQ(target.rows, truth());
    EXPECT_NE(target.position, durable);
}

TEST_F(PgLogSourceTest, LetsTheServerForgetWhatIsDurable) {
    Copy target;
    ASSERT_TRUE(run(target).ok());
    const std::string before = single("SELECT confirmed_flush_lsn FROM pg_replication_slots");
    server().run("CREATE TABLE IF NOT EXISTS elsewhere (x int)");
    server().run("INSERT INTO elsewhere SELECT generate_series(1, 5000)");
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(single("SELECT confirmed_flush_lsn > '" + before + "' FROM pg_replication_slots"), "t")
        << "although nothing of ours changed";
    server().run("DROP TABLE elsewhere");
}

TEST_F(PgLogSourceTest, RefusesToGoOnWhereChangesWereLost) {
    server().run("INSERT INTO follow_me VALUES ('a', '1')");
    Copy target;
    ASSERT_TRUE(run(target).ok());
    dropSlot();
    server().run("INSERT INTO follow_me VALUES ('b', '2')");
    auto refused = run(target);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr("the slot is gone"));
    server().run("SELECT pg_create_logical_replication_slot('yimen_test', 'pgoutput')");
    refused = run(target);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr("made anew"));
    ASSERT_TRUE(run(target, ReadMode::kFull).ok());
    EXPECT_EQ(target.rows, truth());
    server().run("DELETE FROM follow_me WHERE id = 'a'");
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(target.rows, truth());
}

TEST_F(PgLogSourceTest, StopsAtATruncateUntilACompleteReadWasMade) {
    server().run("INSERT INTO follow_me VALUES ('a', '1')");
    Copy target;
    ASSERT_TRUE(run(target).ok());
    server().run("TRUNCATE follow_me");
    server().run("INSERT INTO follow_me VALUES ('b', '2')");
    for (int i = 0; i < 2; ++i) {
        const auto refused = run(target);
        ASSERT_FALSE(refused.ok());
        EXPECT_THAT(refused.error().message, HasSubstr("TRUNCATE"));
    }
    target.rows.clear();
    ASSERT_TRUE(run(target, ReadMode::kFull).ok());
    ASSERT_TRUE(run(target).ok()) << "that truncate is behind us";
    EXPECT_EQ(target.rows, truth());
}

TEST_F(PgLogSourceTest, SaysWhatTheOwnerHasToDo) {
    server().run("DROP PUBLICATION followed");
    Copy target;
    const auto refused = run(target);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr("CREATE PUBLICATION \"followed\" FOR TABLE \"follow_me\""));
    EXPECT_EQ(single("SELECT count(*) FROM pg_replication_slots"), "0") << "nothing holds back the log";
}

TEST_F(PgLogSourceTest, KnowsTheKeyUnderAFullReplicaIdentity) {
    server().run("ALTER TABLE follow_me REPLICA IDENTITY FULL");
    Copy target;
    ASSERT_TRUE(run(target).ok());
    server().run("INSERT INTO follow_me VALUES ('a', '1'), ('b', '2')");
    server().run("UPDATE follow_me SET note = '3' WHERE id = 'a'");
    server().run("DELETE FROM follow_me WHERE id = 'b'");
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(target.seen, (std::vector<std::string>{"+a", "+b", "+a", "-b"})) << "no record was moved";
}

TEST_F(PgLogSourceTest, FollowsForAWhile) {
    Copy target;
    ASSERT_TRUE(run(target).ok());
    const auto from = source(milliseconds(3000));
    auto reader = from->open({}, ReadMode::kIncremental, target.position);
    ASSERT_TRUE(reader.ok()) << reader.error().describe();
    std::thread writer([] {
        for (int i = 0; i < 20; ++i)
            server().run("INSERT INTO follow_me VALUES ('" + std::to_string(i) + "', now()::text)");
    });
    int commits = 0;
    for (bool end = false; !end;) {
        Batch batch;
        batch.reset(2);
        const auto state = (*reader)->read(batch);
        ASSERT_TRUE(state.ok()) << state.error().describe();
        target.apply(batch);
        commits += batch.empty() ? 0 : 1;
        end = state->end;
    }
    writer.join();
    EXPECT_EQ(target.rows, truth());
    EXPECT_GT(commits, 1) << "it does not wait for the end to hand out what came";
}

/// Random transactions while the reader is cut off at random batches: equal in the end, whatever was read twice.
TEST_F(PgLogSourceTest, EndsEqualWhereverItIsCutOff) {
    std::mt19937 dice(7);
    Copy target;
    for (int round = 0; round < 25; ++round) {
        auto writer = server().connect();
        for (int i = 0; i < 20; ++i) {
            ASSERT_TRUE(writer.query("BEGIN").ok());
            for (auto n = dice() % 5; n > 0; --n) {
                const std::string id = "k" + std::to_string(dice() % 50);
                const std::string other = "k" + std::to_string(dice() % 50);
                const std::vector<std::string> statements{
                    "INSERT INTO follow_me VALUES ('" + id + "', '" + std::to_string(dice()) +
                        "') ON CONFLICT (id) DO UPDATE SET note = excluded.note",
                    "DELETE FROM follow_me WHERE id = '" + id + "'",
                    "UPDATE follow_me SET id = '" + other + "' WHERE id = '" + id +
                        "' AND NOT EXISTS (SELECT FROM follow_me WHERE id = '" + other + "')"};
                ASSERT_TRUE(writer.query(statements[dice() % 3]).ok());
            }
            ASSERT_TRUE(writer.query(dice() % 5 == 0 ? "ROLLBACK" : "COMMIT").ok());
        }
        Copy attempt = target;
        const bool crashes = dice() % 3 == 0;
        const auto done = run(attempt, ReadMode::kIncremental, crashes ? 1 : 1000);
        ASSERT_TRUE(done.ok()) << done.error().describe();
        // A crash loses what was not committed, or comes after the commit and before the confirmation.
        if (!crashes || dice() % 2 == 0) target = attempt;
    }
    ASSERT_TRUE(run(target).ok());
    EXPECT_EQ(target.rows, truth());
}

}  // namespace
}  // namespace yimen::sync
