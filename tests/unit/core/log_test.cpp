#include "core/log.h"

#include <gtest/gtest.h>

#include <mutex>
#include <vector>

namespace yimen::core {
namespace {

class Log : public testing::Test {
protected:
    class Sink final : public LogSink {
    public:
        void write(std::string_view line) override { lines.emplace_back(line); }
        std::vector<std::string> lines;
    };
    Log() { setLogSink(&sink_); }
    ~Log() override {
        setLogSink(nullptr);
        setLogLevel(LogLevel::kInfo);
    }
    /// The last line without its time.
    std::string last() const { return sink_.lines.empty() ? "" : sink_.lines.back().substr(28); }
    Sink sink_;
};

TEST_F(Log, WritesTimeLevelEventAndFields) {
    logWarn("net.listen", {{"port", std::int64_t{8443}}, {"host", "a.b"}});
    ASSERT_EQ(sink_.lines.size(), 1U);
    EXPECT_EQ(sink_.lines[0][10], 'T');
    EXPECT_EQ(sink_.lines[0][26], 'Z');
    EXPECT_EQ(last(), "WARN net.listen port=8443 host=a.b");
}

TEST_F(Log, ValuesCannotForgeALineOrAField) {
    logInfo("a.b", {{"v", "x\n2026-11-21 ERROR forged"}});
    EXPECT_EQ(last(), "INFO a.b v=\"x\\x0a2026-11-21 ERROR forged\"");
    logInfo("a.b", {{"v", "x\" w=\"y"}});
    EXPECT_EQ(last(), "INFO a.b v=\"x\\\" w=\\\"y\"");
    logInfo("a.b", {{"v", "x w=y"}, {"e", ""}, {"d", std::string("\x7F\r\x1B[31m")}});
    EXPECT_EQ(last(), "INFO a.b v=\"x w=y\" e=\"\" d=\"\\x7f\\x0d\\x1b[31m\"");
    for (const auto& line : sink_.lines) {
        EXPECT_EQ(line.find_first_of("\n\r\x1B"), std::string::npos);
    }
}

TEST_F(Log, ABackslashCannotEndAQuotedValueEarly) {
    logInfo("a.b", {{"v", "x \\"}, {"w", "y"}});
    EXPECT_EQ(last(), "INFO a.b v=\"x \\\\\" w=y");
}

TEST_F(Log, LevelsBelowTheThresholdAreLeftOut) {
    EXPECT_FALSE(logEnabled(LogLevel::kDebug));
    log(LogLevel::kDebug, "a.b");
    setLogLevel(LogLevel::kError);
    logWarn("a.b");
    EXPECT_TRUE(sink_.lines.empty());
    logError("a.b");
    EXPECT_EQ(sink_.lines.size(), 1U);
}

}  // namespace
}  // namespace yimen::core
