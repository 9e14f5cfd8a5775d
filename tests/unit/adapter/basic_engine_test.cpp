#include "adapter/basic_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::IsEmpty;

TEST(BasicEngine, RefusesNamesThatCannotBeSent) {
    EngineHarness fire("ln-forestfire");
    fire.secret("username", "a:b");
    fire.secret("password", "x");
    EXPECT_EQ(fire.signOn().error().code, core::ErrorCode::kInvalidInput);
    fire.secret("username", "é̂");  // not in GBK
    EXPECT_FALSE(fire.signOn().ok());
    EXPECT_THAT(fire.client->faults(), IsEmpty()) << "nothing was sent";
}

TEST(BasicEngine, NamesAMissingField) {
    EngineHarness fire("ln-forestfire");
    fire.secret("username", "a");
    const auto outcome = fire.signOn();
    ASSERT_FALSE(outcome.ok());
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("'password'"));
}

TEST(BasicEngine, DressesNothingBeforeSignOn) {
    EngineHarness fire("ln-forestfire");
    EXPECT_EQ(fire.next("/fire/")["error"], "unauthenticated");
}

TEST(BasicEngine, ForgetsTheHeaderAfterSignOff) {
    EngineHarness fire("ln-forestfire", R"([{"request":{"target":"/fire/"},"response":{"status":200}},
        {"request":{"target":"/fire/logout.php","headers":{"Authorization":"Basic YTpi"}},"response":{"status":302}}])");
    fire.secret("username", "a");
    fire.secret("password", "b");
    ASSERT_TRUE(fire.signOn()->ok());
    EXPECT_EQ(fire.next("/fire/x")["Authorization"], "Basic YTpi");
    EXPECT_TRUE(fire.system->engine().signOff(fire.context()).ok());
    EXPECT_EQ(fire.next("/fire/x")["error"], "unauthenticated");
    EXPECT_THAT(fire.client->faults(), IsEmpty());
}

}  // namespace
}  // namespace yimen::adapter
