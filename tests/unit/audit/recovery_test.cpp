#include "audit/recovery.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "unit/audit/audit_fixture.h"

namespace yimen::audit {
namespace {

class Recover : public AuditFixture {};

TEST_F(Recover, MovesATornLineAsideAndRecordsIt) {
    fill(3);
    write(segment(), contentOf(segment()) + "{\"v\":1,\"seq\":99,\"at\":\"20");
    fill(1);
    EXPECT_NE(contentOf(segment() + ".torn").find("\"seq\":99"), std::string::npos);
    EXPECT_NE(contentOf(segment()).find("audit.recovered"), std::string::npos);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
}

TEST_F(Recover, NeverRemovesACompleteLine) {
    fill(3);
    const auto before = linesOf(segment());
    write(segment(), contentOf(segment()) + "garbage with an end\n");
    fill(1);
    const auto after = linesOf(segment());
    ASSERT_EQ(after.size(), before.size() + 1);
    EXPECT_EQ(after.back(), "garbage with an end");
}

TEST_F(Recover, DamageIsRecordedAndWritingGoesOnInANewSegment) {
    fill(3);
    auto lines = linesOf(segment());
    lines[2][30] = static_cast<char>(lines[2][30] ^ 1);
    writeLines(segment(), lines);
    fill(1);
    EXPECT_NE(contentOf(segment(2)).find("audit.damaged"), std::string::npos);
    const auto report = check();
    ASSERT_FALSE(report.ok);
    EXPECT_EQ(report.breaks.front().line, 3U);
}

TEST_F(Recover, ACutEndStaysVisibleForEver) {
    fill(5);
    auto lines = linesOf(segment());
    lines.resize(lines.size() - 3);
    writeLines(segment(), lines);
    fill(1);
    fill(1);
    const auto report = check();
    ASSERT_FALSE(report.ok);
    EXPECT_NE(describe(report).find("stands where"), std::string::npos) << describe(report);
    EXPECT_NE(contentOf(segment(2)).find("missing at the end"), std::string::npos);
}

TEST_F(Recover, AnUnbornSegmentIsStartedAgain) {
    fill(2);
    write(segment(2), "");
    fill(1);
    EXPECT_TRUE(check().ok) << describe(check());
    write(segment(2), "{\"v\":1,");
    fill(1);
    EXPECT_TRUE(check().ok) << describe(check());
}

TEST_F(Recover, AMissingHeadIsRecorded) {
    fill(2);
    std::filesystem::remove(headPath(directory_));
    fill(1);
    EXPECT_NE(contentOf(segment(2)).find("audit.head is missing"), std::string::npos);
}

#if !defined(__SANITIZE_THREAD__)  // fork with threads is not for TSan
/// Writes from four threads and tells the number of each acknowledged event through the pipe until it is killed.
[[noreturn]] void childWrites(const FileAuditLog::Options& options, std::shared_ptr<const crypto::KeyRing> ring,
                              std::uint32_t first, int pipe) {
    const core::SystemClock clock;
    auto log = FileAuditLog::open(options, std::move(ring), clock);
    if (!log.ok()) _exit(3);
    std::atomic<std::uint32_t> next{first};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (;;) {
                const std::uint32_t id = next++;
                AuditEvent event;
                event.type = "login.ok";
                event.subject = "id-" + std::to_string(id);
                (*log)->append(event, [id, pipe](const core::Status& status) {
                    if (status.ok() && ::write(pipe, &id, sizeof id) != sizeof id) _exit(4);
                });
                if (id % 64 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    _exit(0);
}

/// kill -9 at random moments, many times on the same log: every acknowledged event is there, the chain verifies.
TEST_F(Recover, Kill9LosesNoAcknowledgedEvent) {
    constexpr int kRounds = 50;
    options_.segmentSize = 300000;
    std::set<std::uint32_t> acknowledged;
    std::uint32_t first = 1;
    for (int round = 0; round < kRounds; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(ends[0]);
            childWrites(options_, ring_, first, ends[1]);
        }
        ::close(ends[1]);
        // Half of the rounds are cut off while the log opens, half of them while it writes.
        std::atomic<bool> writing{round % 2 == 0};
        std::thread killer([&] {
            while (!writing) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            std::this_thread::sleep_for(std::chrono::microseconds(5000 + random_.uint64() % 40000));
            ::kill(child, SIGKILL);
        });
        for (std::uint32_t id = 0; ::read(ends[0], &id, sizeof id) == static_cast<ssize_t>(sizeof id);) {
            acknowledged.insert(id);
            writing = true;
        }
        writing = true;  // a child that ends by itself is found below
        ::close(ends[0]);
        killer.join();
        int how = 0;
        ASSERT_EQ(::waitpid(child, &how, 0), child);
        ASSERT_TRUE(WIFSIGNALED(how)) << "round " << round << " ended by itself with " << WEXITSTATUS(how);
        first += 1'000'000;
    }
    fill(1);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
    std::set<std::uint32_t> found;
    for (const auto number : listSegments(directory_).value()) {
        for (const auto& line : linesOf(segment(number))) {
            const auto at = line.find("\"subject\":\"id-");
            if (at != std::string::npos) found.insert(static_cast<std::uint32_t>(std::stoul(line.substr(at + 14))));
        }
    }
    std::size_t lost = 0;
    for (const auto id : acknowledged) lost += found.count(id) == 0 ? 1U : 0U;
    EXPECT_EQ(lost, 0U);
    EXPECT_GE(acknowledged.size(), kRounds / 2U);
    std::printf("[ figure   ] audit: %d kills, %zu acknowledged, %zu lost\n", kRounds, acknowledged.size(), lost);
}
#endif

}  // namespace
}  // namespace yimen::audit
