#include <chrono>
#include <thread>

#include "integration/sync/worker.h"

namespace yimen::sync {
namespace {

/// PostgreSQL alone: a COMMIT that its server is still at when the client that sent it is dead.
class ZombieTest : public ::testing::Test {
protected:
    ZombieTest() {
        // The first commit of each run takes three seconds, all of it after COMMIT was sent.
        {
            SharedDatabase shared = valueOf(backend.open(faultOptions(clock)));
            prepared = shared.target->prepare(faultItem()).ok();
        }
        prepared = prepared &&
                   backend.sql(
                       "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS "
                       "'BEGIN PERFORM pg_sleep(3); RETURN NULL; END'") &&
                   backend.sql(
                       "CREATE CONSTRAINT TRIGGER nap AFTER INSERT ON sync_batch DEFERRABLE INITIALLY DEFERRED "
                       "FOR EACH ROW WHEN (NEW.number = 1) EXECUTE FUNCTION nap()");
    }

    /// A worker dies while its first COMMIT runs; another one goes on at once. Counters of the run.
    Counters killInCommit(Fencing fencing) {
        int pipe[2];
        EXPECT_EQ(::pipe(pipe), 0);
        const pid_t child = startWorker(
            backend, 0,
            [&](std::string_view name) {
                if (name == "before_commit" && ::write(pipe[1], "x", 1) != 1) ::_exit(9);
            },
            fencing);
        char byte = 0;
        EXPECT_EQ(::read(pipe[0], &byte, 1), 1);
        // Divides by zero until the server is inside the COMMIT.
        const auto sleeping = [] {
            return test::PostgresServer::shared().sql(
                "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        };
        for (int tries = 0; tries < 200 && !sleeping(); ++tries) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ::kill(child, SIGKILL);
        EXPECT_EQ(exitOf(child), -1);
        EXPECT_EQ(exitOf(startWorker(backend, 0, {}, fencing)), 0);
        ::close(pipe[0]);
        ::close(pipe[1]);
        SharedDatabase shared = valueOf(backend.open(faultOptions(clock)));
        EXPECT_EQ(allRows(*shared.rows, faultItem(), std::nullopt, 1000), Feed::text(Feed(0).apply({})));
        return valueOf(shared.runs->list("ZS-FAULT", 1)).at(0).counters;
    }

    core::SystemClock clock;
    PostgresBackend backend;
    bool prepared = false;
};

constexpr std::uint64_t kPerBatch = Feed::kRows + 1;

TEST_F(ZombieTest, IsWaitedForAndCountedOnce) {
    ASSERT_TRUE(prepared);
    EXPECT_EQ(killInCommit(Fencing::kOn).read, Feed::kBatches * kPerBatch);
}

TEST_F(ZombieTest, IsCommittedTwiceWithoutTheFence) {
    ASSERT_TRUE(prepared);
    EXPECT_EQ(killInCommit(Fencing::kOffForProof).read, (Feed::kBatches + 1) * kPerBatch)
        << "the fence is off, the rows look right, and the counters must show the double commit";
}

TEST_F(ZombieTest, StoppedInsideItsTransactionIsEnded) {
    ASSERT_TRUE(prepared);
    const pid_t sleeper = startWorker(backend, 0, [](std::string_view name) {
        if (name == "merge") ::raise(SIGSTOP);
    });
    int status = 0;
    ASSERT_EQ(::waitpid(sleeper, &status, WUNTRACED), sleeper);
    ASSERT_TRUE(WIFSTOPPED(status));
    TargetOptions options = faultOptions(clock);
    options.takeOverWait = std::chrono::milliseconds(300);
    SharedDatabase shared = valueOf(backend.open(options));
    EXPECT_EQ(work(shared, 0), 0);
    ::kill(sleeper, SIGCONT);
    EXPECT_EQ(exitOf(sleeper), 4);
    const auto run = valueOf(shared.runs->list("ZS-FAULT", 1)).at(0);
    EXPECT_EQ(run.counters.read, Feed::kBatches * kPerBatch);
    EXPECT_EQ(allRows(*shared.rows, faultItem(), std::nullopt, 1000), Feed::text(Feed(0).apply({})));
}

TEST_F(ZombieTest, AServerThatStopsIsUnavailableAndNothingIsLost) {
    ASSERT_TRUE(prepared);
    test::PostgresServer& server = test::PostgresServer::shared();
    int commits = 0;
    TargetOptions options = faultOptions(clock);
    options.failPoint = [&](std::string_view name) {
        if (name == "before_commit" && ++commits == 3) server.stop();
    };
    {
        SharedDatabase shared = valueOf(backend.open(options));
        EXPECT_EQ(work(shared, 0), 4);
        EXPECT_EQ(shared.runs->list("", 1).error().code, core::ErrorCode::kUnavailable);
        server.start();
        ASSERT_TRUE(server.ok()) << server.why();
        EXPECT_EQ(work(shared, 0), 0) << "idle connections that died are not used again";
    }
    SharedDatabase shared = valueOf(backend.open(faultOptions(clock)));
    EXPECT_EQ(valueOf(shared.runs->list("ZS-FAULT", 1)).at(0).counters.read, Feed::kBatches * kPerBatch);
    EXPECT_EQ(allRows(*shared.rows, faultItem(), std::nullopt, 1000), Feed::text(Feed(0).apply({})));
}

}  // namespace
}  // namespace yimen::sync
