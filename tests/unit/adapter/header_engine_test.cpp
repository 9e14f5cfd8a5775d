#include "adapter/header_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

struct Integrity : EngineHarness {
    Integrity() : EngineHarness("qu-integrity", R"([{"request":{"target":"/lz/"},"response":{"status":200}}])") {
        secret("username", "lz");
        secret("org", "区\r\nX-Remote-Role: admin");
        secret("header_key", "k");
    }
};

TEST(HeaderEngine, SignsEachRequestAnew) {
    Integrity integrity;
    ASSERT_TRUE(integrity.signOn()->ok());
    const auto one = integrity.next("/lz/a");
    EXPECT_EQ(integrity.next("/lz/a"), one);
    EXPECT_NE(integrity.next("/lz/b").at("X-Remote-Sig"), one.at("X-Remote-Sig"));
    EXPECT_NE(integrity.next("/lz/a", "POST").at("X-Remote-Sig"), one.at("X-Remote-Sig"));
    integrity.clock.advance(std::chrono::seconds(1));
    const auto later = integrity.next("/lz/a");
    EXPECT_EQ(later.at("X-Remote-Time"), "1767225601");
    EXPECT_NE(later.at("X-Remote-Sig"), one.at("X-Remote-Sig"));
}

TEST(HeaderEngine, EncodesWhatCouldBreakAHeader) {
    Integrity integrity;
    ASSERT_TRUE(integrity.signOn()->ok());
    EXPECT_EQ(integrity.next("/lz/").at("X-Remote-Org"), "%E5%8C%BA%0D%0AX-Remote-Role%3A%20admin");
}

TEST(HeaderEngine, DressesNothingBeforeSignOn) {
    Integrity integrity;
    const auto fields = integrity.next("/lz/");
    EXPECT_EQ(fields.at("error"), "unauthenticated");
    EXPECT_EQ(fields.size(), 1U);
}

}  // namespace
}  // namespace yimen::adapter
