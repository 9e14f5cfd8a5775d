#include <atomic>
#include <chrono>
#include <thread>

#include "unit/audit/audit_fixture.h"

namespace yimen::audit {
namespace {

class FileAuditLogTest : public AuditFixture {};

TEST_F(FileAuditLogTest, AcknowledgedEventsAreInTheFileBeforeTheCallback) {
    auto log = open();
    std::atomic<bool> inFile{false};
    std::atomic<bool> done{false};
    log->append(event("login.ok", "someone"), [&](const core::Status& status) {
        inFile = status.ok() && contentOf(segment()).find("someone") != std::string::npos;
        done = true;
    });
    while (!done) std::this_thread::yield();
    EXPECT_TRUE(inFile);
}

TEST_F(FileAuditLogTest, StartAndStopAreRecorded) {
    fill(2);
    fill(1);
    const auto lines = linesOf(segment());
    ASSERT_EQ(lines.size(), 8U);  // segment, started, 2, stopped, started, 1, stopped
    EXPECT_NE(lines[1].find("audit.started"), std::string::npos);
    EXPECT_NE(lines.back().find("audit.stopped"), std::string::npos);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
    EXPECT_EQ(report.records, 8U);
}

TEST_F(FileAuditLogTest, FilesAreForTheOwnerOnly) {
    fill(1);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(directory_).permissions(), perms::owner_all);
    EXPECT_EQ(std::filesystem::status(segment()).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(FileAuditLogTest, ASecondWriterIsRefused) {
    const auto log = open();
    const auto second = FileAuditLog::open(options_, ring_, clock_);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, core::ErrorCode::kConflict);
}

TEST_F(FileAuditLogTest, SegmentsAreChained) {
    options_.segmentSize = 2000;
    fill(30);
    const auto segments = listSegments(directory_).value();
    EXPECT_GT(segments.size(), 3U);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
    EXPECT_EQ(report.segments, segments.size());
}

TEST_F(FileAuditLogTest, AnotherAlgorithmOrKeyBeginsASegment) {
    fill(1);
    options_.algorithm = crypto::DigestAlgorithm::kSha256;
    fill(1);
    const std::string path = directory_ + "/ring";
    auto rotated = crypto::KeyRing::loadOrCreate(path, random_, clock_).value();
    EXPECT_EQ(listSegments(directory_)->size(), 2U);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
}

TEST_F(FileAuditLogTest, KeyRotationKeepsTheChainVerifiable) {
    std::filesystem::create_directory(directory_);
    const std::string path = directory_ + "/ring";
    ring_ = std::make_shared<const crypto::KeyRing>(crypto::KeyRing::loadOrCreate(path, random_, clock_).value());
    fill(3);
    ring_ = std::make_shared<const crypto::KeyRing>(crypto::KeyRing::rotateFile(path, random_, clock_).value());
    fill(3);
    EXPECT_EQ(listSegments(directory_)->size(), 2U);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
}

TEST_F(FileAuditLogTest, AFullQueueAnswersAtOnce) {
    class SlowDisk final : public Disk {
    public:
        core::Status sync(int fd) override {
            while (hold) std::this_thread::yield();
            return Disk::sync(fd);
        }
        std::atomic<bool> hold{false};
    } disk;
    options_.queue = 4;
    auto log = open(&disk);
    disk.hold = true;
    std::atomic<int> good{0};
    std::atomic<int> refused{0};
    for (int i = 0; i < 20; ++i) {
        log->append(event("login.ok"), [&](const core::Status& status) { ++(status.ok() ? good : refused); });
    }
    EXPECT_GE(refused, 11);  // the writer may hold a first batch of up to 4, the queue 4 more
    disk.hold = false;
    log.reset();
    EXPECT_EQ(good + refused, 20);
    EXPECT_GE(good, 4);
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
}

TEST_F(FileAuditLogTest, ManyThreadsShareSyncs) {
    auto log = open();
    std::vector<std::thread> threads;
    std::atomic<int> bad{0};
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) bad += log->appendAndWait(event("login.ok")).ok() ? 0 : 1;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(bad, 0);
    EXPECT_EQ(log->stats().durable, 400U);
    EXPECT_LT(log->stats().batches, 400U);
    log.reset();
    EXPECT_TRUE(check().ok);
}

TEST_F(FileAuditLogTest, RefusesWhenTheDiskIsNearlyFull) {
    class FullDisk final : public Disk {
    public:
        core::Result<std::uint64_t> freeBytes(const std::string&) override { return free.load(); }
        std::atomic<std::uint64_t> free{1U << 30U};
    } disk;
    options_.minFree = 1U << 20U;
    auto log = open(&disk);
    disk.free = 1000;
    const auto status = log->appendAndWait(event("vault.open"));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, core::ErrorCode::kUnavailable);
    disk.free = 1U << 30U;
    EXPECT_TRUE(log->appendAndWait(event("vault.open")).ok());
    EXPECT_EQ(log->stats().failed, 1U);
}

/// Fails the n-th disk call of one kind, writing half of what was asked when it is a write.
class FaultyDisk final : public Disk {
public:
    enum class Kind { kWrite, kSync, kTruncate };
    FaultyDisk(Kind kind, int at) : kind_(kind), at_(at) {}
    core::Status write(int fd, std::string_view bytes) override {
        if (!fails(Kind::kWrite)) return Disk::write(fd, bytes);
        EXPECT_TRUE(Disk::write(fd, bytes.substr(0, bytes.size() / 2)).ok());
        return broken();
    }
    core::Status sync(int fd) override { return fails(Kind::kSync) ? broken() : Disk::sync(fd); }
    core::Status truncate(int fd, std::uint64_t size) override {
        return fails(Kind::kTruncate) ? broken() : Disk::truncate(fd, size);
    }

private:
    static core::Status broken() { return core::makeError(core::ErrorCode::kUnavailable, "no space left"); }
    bool fails(Kind kind) { return kind == kind_ && ++calls_ == at_; }
    Kind kind_;
    int at_;
    int calls_ = 0;
};

TEST_F(FileAuditLogTest, EachDiskCallMayFailOnceWithoutHarm) {
    options_.segmentSize = 1200;
    for (const auto kind : {FaultyDisk::Kind::kWrite, FaultyDisk::Kind::kSync}) {
        for (int at = 1; at <= 24; ++at) {
            std::filesystem::remove_all(directory_);
            FaultyDisk disk(kind, at);
            auto opened = FileAuditLog::open(options_, ring_, clock_, &disk);
            std::vector<std::string> acknowledged;
            int failed = opened.ok() ? 0 : 1;
            for (int i = 0; opened.ok() && i < 12; ++i) {
                const std::string name = "person-" + std::to_string(i) + "-";
                if ((*opened)->appendAndWait(event("login.ok", name)).ok()) {
                    acknowledged.push_back(name);
                } else {
                    ++failed;
                }
            }
            if (opened.ok()) opened->reset();
            EXPECT_LE(failed, 1) << at;
            fill(1);  // opens again
            const auto report = check();
            EXPECT_TRUE(report.ok) << at << ": " << describe(report);
            std::string all;
            for (const auto number : listSegments(directory_).value()) all += contentOf(segment(number));
            for (const auto& name : acknowledged) EXPECT_NE(all.find(name), std::string::npos) << name;
            EXPECT_EQ(acknowledged.size() + static_cast<std::size_t>(failed), opened.ok() ? 12U : 1U);
        }
    }
}

TEST_F(FileAuditLogTest, AFailedBatchThatCannotBeCutBackBlocksUntilItCan) {
    class StuckDisk final : public Disk {
    public:
        core::Status write(int fd, std::string_view bytes) override {
            if (!stuck) return Disk::write(fd, bytes);
            EXPECT_TRUE(Disk::write(fd, bytes.substr(0, 10)).ok());
            return core::makeError(core::ErrorCode::kUnavailable, "no space left");
        }
        core::Status truncate(int fd, std::uint64_t size) override {
            if (!stuck) return Disk::truncate(fd, size);
            return core::makeError(core::ErrorCode::kUnavailable, "i/o error");
        }
        std::atomic<bool> stuck{false};
    } disk;
    auto log = open(&disk);
    disk.stuck = true;
    EXPECT_FALSE(log->appendAndWait(event("a.b")).ok());
    EXPECT_FALSE(log->appendAndWait(event("a.c")).ok());
    disk.stuck = false;
    EXPECT_TRUE(log->appendAndWait(event("a.d")).ok());
    log.reset();
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
    EXPECT_EQ(contentOf(segment()).find("a.b"), std::string::npos);
}

/// The figure: what one thread after another gets, and what many get together.
TEST_F(FileAuditLogTest, GroupCommitFigures) {
    auto log = open();
    const auto start = std::chrono::steady_clock::now();
    constexpr int kAlone = 50;
    for (int i = 0; i < kAlone; ++i) ASSERT_TRUE(log->appendAndWait(event("login.ok")).ok());
    const std::chrono::duration<double> alone = std::chrono::steady_clock::now() - start;
    constexpr int kMany = 20000;
    std::atomic<int> answered{0};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kMany; ++i) {
        log->append(event("gateway.request", "person-17", "dl-8890"), [&](const core::Status& status) {
            EXPECT_TRUE(status.ok());
            ++answered;
        });
        while (i - answered > 8000) std::this_thread::yield();
    }
    while (answered < kMany) std::this_thread::yield();
    const std::chrono::duration<double> together = std::chrono::steady_clock::now() - begin;
    std::printf("[ figure   ] audit: %.0f appends/s one at a time, %.0f/s with group commit\n", kAlone / alone.count(),
                kMany / together.count());
}

}  // namespace
}  // namespace yimen::audit
