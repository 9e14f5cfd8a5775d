#include "gateway/access_log.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <climits>

#include <cstdio>
#include <thread>

#include "core/file.h"

namespace yimen::gateway {
namespace {

std::string pathFor(const char* name) {
    const std::string path = ::testing::TempDir() + name + std::to_string(::getpid()) + ".log";
    std::remove(path.c_str());
    return path;
}

std::string textOf(const std::string& path) {
    const auto text = core::readFile(path, 1 << 20);
    return text.ok() ? *text : std::string();
}

TEST(AccessLine, SaysWhoAskedWhatAndHowItEnded) {
    AccessRecord record;
    record.at = core::fromUnixMicros(1767225600'012'345);
    record.client = "10.0.0.1";
    record.person = "zhang";
    record.system = "qu-oa";
    record.method = "GET";
    record.path = "/oa/main.nsf";
    record.rule = "office-for-staff";
    record.stats.status = 200;
    record.stats.bytesIn = 300;
    record.stats.bytesOut = 4000;
    record.stats.totalUs = 1500;
    std::string out;
    appendLine(out, record);
    EXPECT_EQ(out,
              "2026-01-01T00:00:00.012Z client=10.0.0.1 person=zhang system=qu-oa method=GET path=/oa/main.nsf "
              "rule=office-for-staff status=200 in=300 out=4000 us=1500 upstream_us=0\n");
}

TEST(AccessLine, MarksWhatIsMissingAndWhatWentWrong) {
    AccessRecord record;
    record.stats.upstreamError = net::UpstreamError::kReset;
    record.stats.clientAborted = record.stats.truncated = true;
    std::string out;
    appendLine(out, record);
    EXPECT_NE(out.find(" person=- "), std::string::npos);
    EXPECT_NE(out.find(" upstream_error="), std::string::npos);
    EXPECT_TRUE(out.ends_with(" aborted=1 truncated=1\n")) << out;
}

TEST(AccessLog, WritesEverythingBeforeItEnds) {
    const auto path = pathFor("all");
    {
        auto log = AccessLog::open(path);
        ASSERT_TRUE(log.ok());
        for (int i = 0; i < 1000; ++i) {
            std::string line = std::to_string(i) + "\n";
            (*log)->submit(line);
            EXPECT_TRUE(line.empty());
        }
    }
    const auto text = textOf(path);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1000);
    EXPECT_TRUE(text.starts_with("0\n1\n2\n"));
}

TEST(AccessLog, HasRoomForTheLongestLineThereCanBe) {
    AccessRecord record;
    record.stats.status = INT_MAX;
    record.stats.bytesIn = record.stats.bytesOut = UINT64_MAX;
    record.stats.totalUs = record.stats.upstreamUs = static_cast<decltype(record.stats.totalUs)>(-1);
    record.stats.upstreamError = net::UpstreamError::kConnect;
    record.stats.clientAborted = record.stats.truncated = true;
    std::string lines = "kept\n";
    appendLine(lines, record);
    EXPECT_TRUE(lines.starts_with("kept\n"));
    EXPECT_NE(lines.find(" client=- person=- system=- method=- path=- rule=- status=2147483647"), std::string::npos);
    EXPECT_TRUE(lines.ends_with(" aborted=1 truncated=1\n")) << lines;
    const std::size_t first = lines.size();
    const std::string path(5000, 'p');
    record.path = path;
    appendLine(lines, record);
    EXPECT_EQ(lines.size(), 2 * (first - 5) + 5 + path.size() - 1);
}

TEST(AccessLog, DropsAndCountsWhatTheDiskDoesNotTakeInTime) {
    auto log = AccessLog::open(pathFor("full"), 10);
    ASSERT_TRUE(log.ok());
    std::string big(11, 'x');
    (*log)->submit(big);
    EXPECT_EQ((*log)->droppedBytes(), 11u);
    EXPECT_TRUE(big.empty());
}

TEST(AccessLog, GoesOnInANewFileAfterRotation) {
    const auto path = pathFor("turn");
    const auto old = path + ".1";
    {
        auto log = AccessLog::open(path);
        ASSERT_TRUE(log.ok());
        std::string line = "before\n";
        (*log)->submit(line);
        while (textOf(path).empty()) std::this_thread::yield();
        ASSERT_EQ(std::rename(path.c_str(), old.c_str()), 0);
        (*log)->reopen();
        line = "after\n";
        (*log)->submit(line);
    }
    EXPECT_EQ(textOf(old), "before\n");
    EXPECT_EQ(textOf(path), "after\n");
}

TEST(AccessLog, NamesAFileThatCannotBeOpenedAndWritesNowhereWithoutOne) {
    const auto log = AccessLog::open("/nonexistent/access.log");
    ASSERT_FALSE(log.ok());
    EXPECT_NE(log.error().message.find("/nonexistent/access.log"), std::string::npos);
    auto none = AccessLog::open("");
    ASSERT_TRUE(none.ok());
    std::string line = "x\n";
    (*none)->submit(line);
    EXPECT_EQ((*none)->droppedBytes(), 0u);
}

}  // namespace
}  // namespace yimen::gateway
