#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/sources/postgres_source.h"

namespace yimen::sync {
namespace {

using testing::HasSubstr;

core::Result<std::unique_ptr<Source>> made(const std::string& readText) {
    static const core::ManualClock kClock;
    const auto source = config::YamlDocument::parse("kind: postgresql\nhost: h\ndatabase: d\nuser: u\n", "data.yaml");
    const auto read = config::YamlDocument::parse(readText, "data.yaml");
    return readPostgresSource(
        source->root(), read->root(), [](const std::string&) { return core::Secret(); }, kClock);
}

TEST(ReadPostgresSource, NamesTheLineOfAFault) {
    const auto source =
        config::YamlDocument::parse("kind: postgresql\nhost: h\ndatabase: d\nuser: u\npasword: env:X\n", "data.yaml");
    const auto read = config::YamlDocument::parse("table: t\nwatermarks: x\n", "data.yaml");
    const core::ManualClock clock;
    const auto made = readPostgresSource(
        source->root(), read->root(), [](const std::string&) { return core::Secret(); }, clock);
    ASSERT_FALSE(made.ok());
    EXPECT_NE(made.error().message.find("data.yaml:5:1"), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find("data.yaml:2:1"), std::string::npos);
}

TEST(ReadPostgresSource, FollowsALogOnlyOfATable) {
    const auto log = made("table: t\nlog: {slot: s, publication: p, follow: 1m}\n");
    ASSERT_TRUE(log.ok()) << log.error().describe();
    EXPECT_TRUE((*log)->canRead(ReadMode::kIncremental)) << "no watermark is needed";
    EXPECT_THAT(made("table: t\nlog: {slot: s}\n").error().message, HasSubstr("publication"));
    EXPECT_THAT(made("table: t\nlog: {slot: s, publication: p, folow: 1m}\n").error().message, HasSubstr("folow"));
    EXPECT_THAT(made("query: SELECT 1\nlog: {slot: s, publication: p}\n").error().message, HasSubstr("read.log"));
    EXPECT_THAT(made("table: t\nwatermark: w\nlog: {slot: s, publication: p}\n").error().message,
                HasSubstr("watermark"));
}

}  // namespace
}  // namespace yimen::sync
