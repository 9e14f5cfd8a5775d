#include <random>
#include <thread>

#include "integration/sync/worker.h"

namespace yimen::sync {
namespace {

int killsWanted() {
    const char* text = std::getenv("YIMEN_SYNC_KILLS");
    return text == nullptr ? 50 : std::max(1, std::atoi(text));
}

/// Kills workers of a database until it has been enough, and judges what is left each time: rows equal to the source,
/// counters exact, position never back, dead letters neither lost nor doubled.
template <typename Backend>
class KillTest : public ::testing::Test {
protected:
    static constexpr std::uint64_t kPerBatch = Feed::kRows + 1;

    SharedDatabase open() { return valueOf(backend.open(faultOptions(clock))); }

    /// After a worker has ended, however it did.
    void judge(int status) {
        ASSERT_TRUE(status == 0 || status == -1) << status;
        SharedDatabase shared = open();
        const auto newest = valueOf(shared.runs->list("ZS-FAULT", 10'000));
        if (newest.empty()) return;
        const sync::Run& run = newest[0];
        EXPECT_TRUE(run.counters.balanced());
        const auto batches = valueOf(shared.runs->batches(run.id, 1000));
        EXPECT_EQ(run.counters.read, batches.size() * kPerBatch) << "a batch counted twice, or not at all";
        for (std::size_t i = 0; i < batches.size(); ++i) {  // newest first
            EXPECT_EQ(batches[i].from, std::to_string(batches.size() - 1 - i));
        }
        if (run.id == lastRun) {
            EXPECT_GE(batches.size(), lastBatches) << "the checkpoint went back";
        }
        lastRun = run.id;
        lastBatches = batches.size();
        if (status != 0) return;
        expected = Feed(generation).apply(std::move(expected));
        EXPECT_EQ(run.state, RunState::kDone);
        EXPECT_EQ(run.counters.read, Feed::kBatches * kPerBatch);
        // One record that the mapping refused and one bad number in each batch.
        const std::uint64_t bad = Feed::kBatches * 2;
        EXPECT_EQ(run.counters.rejected, bad);
        EXPECT_EQ(allRows(*shared.rows, faultItem(), std::nullopt, 1000), Feed::text(expected));
        std::map<std::uint64_t, int> origins;
        DeadLetterId after = 0;
        for (const DeadLetter& letter : valueOf(shared.deadLetters->open({"ZS-FAULT"}, after, 1'000'000))) {
            if (letter.lastRun != run.id) continue;
            ++origins[letter.reject.origin];
            // A bad number is the same record in every generation: one letter, counted once in each complete run (a
            // worker may die behind the end of its run, and the generation is read again).
            const auto times = letter.reject.key ? static_cast<std::int64_t>(newest.size()) : letter.times;
            EXPECT_EQ(letter.times, times) << "counted twice, or not at all";
        }
        EXPECT_EQ(origins.size(), bad) << "dead letters lost";
        for (const auto& [origin, count] : origins) EXPECT_EQ(count, 1) << "dead letter of " << origin << " doubled";
        ++generation;
    }

    core::SystemClock clock;
    Backend backend;
    std::map<std::string, std::string> expected;
    int generation = 0;
    RunId lastRun = 0;
    std::size_t lastBatches = 0;
};
TYPED_TEST_SUITE(KillTest, Backends);

TYPED_TEST(KillTest, LosesAndDoublesNothingAtRandomPoints) {
    std::mt19937 random(std::random_device{}());
    int killed = 0;
    for (int attempt = 0; killed < killsWanted() && !this->HasFailure() && attempt < 20 * killsWanted(); ++attempt) {
        const pid_t child = startWorker(this->backend, this->generation);
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 600));
        ::kill(child, SIGKILL);
        const int status = exitOf(child);
        killed += status == -1 ? 1 : 0;
        this->judge(status);
    }
    EXPECT_GE(killed, killsWanted());
    this->judge(exitOf(startWorker(this->backend, this->generation)));
    EXPECT_GE(this->generation, 1);
}

TYPED_TEST(KillTest, LosesAndDoublesNothingAtEveryFailPoint) {
    for (const std::string point : {"copy", "merge", "before_commit", "after_commit"}) {
        for (const int when : {1, 7, Feed::kBatches + 1}) {
            int seen = 0;
            const auto die = [&](std::string_view name) {
                if (name == point && ++seen == when) ::kill(::getpid(), SIGKILL);
            };
            const int status = exitOf(startWorker(this->backend, this->generation, die));
            // The removal at the end copies nothing: only there a worker may outlive the point.
            if (point != "copy" || when <= Feed::kBatches) {
                EXPECT_EQ(status, -1) << point << " " << when;
            }
            this->judge(status);
            this->judge(exitOf(startWorker(this->backend, this->generation)));
            ASSERT_FALSE(this->HasFailure()) << point << " " << when;
        }
    }
}

TYPED_TEST(KillTest, RefusesAHolderThatSleptPastATakeOver) {
    int seen = 0;
    const pid_t sleeper = startWorker(this->backend, this->generation, [&](std::string_view name) {
        if (name == "after_commit" && ++seen == 5) ::raise(SIGSTOP);
    });
    int status = 0;
    ASSERT_EQ(::waitpid(sleeper, &status, WUNTRACED), sleeper);
    ASSERT_TRUE(WIFSTOPPED(status));
    this->judge(exitOf(startWorker(this->backend, this->generation)));
    ::kill(sleeper, SIGCONT);
    EXPECT_EQ(exitOf(sleeper), 3);
    EXPECT_EQ(allRows(*this->open().rows, faultItem(), std::nullopt, 1000), Feed::text(this->expected));
}

}  // namespace
}  // namespace yimen::sync
