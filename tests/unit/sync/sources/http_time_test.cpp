#include "sync/sources/http_time.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(HttpTime, IsWrittenAsASystemWantsIt) {
    const auto time = core::fromUnixMicros(1'795'219'199'123'456);
    const std::chrono::minutes china(480);
    EXPECT_EQ(formatTime(time, {"iso", china}), "2026-11-21T07:59:59+08:00");
    EXPECT_EQ(formatTime(time, {"yyyy-MM-dd HH:mm:ss.SSS", china}), "2026-11-21 07:59:59.123");
    EXPECT_EQ(formatTime(time, {"yyyyMMddHHmm", std::chrono::minutes(-90)}), "202611202229");
    EXPECT_EQ(formatTime(time, {"unix", china}), "1795219199");
    EXPECT_EQ(formatTime(time, {"unix_ms", china}), "1795219199123");
    EXPECT_EQ(formatTime(time, {"iso", std::chrono::minutes(-210)}), "2026-11-20T20:29:59-03:30");
}

TEST(HttpTime, KnowsZones) {
    EXPECT_EQ(zoneOffset("Asia/Shanghai"), std::chrono::minutes(480));
    EXPECT_EQ(zoneOffset("-03:30"), std::chrono::minutes(-210));
    EXPECT_EQ(zoneOffset("+99:00"), std::nullopt);
    EXPECT_EQ(zoneOffset("Europe/Paris"), std::nullopt);
}

}  // namespace
}  // namespace yimen::sync
