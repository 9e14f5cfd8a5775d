#include "adapter/ticket_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(TicketEngine, NamesAMissingSystemSecretAndSendsNothing) {
    EngineHarness video("dl-video");
    video.secret("username", "v");
    video.secret("ak", "a");
    const auto outcome = video.signOn();
    ASSERT_FALSE(outcome.ok());
    EXPECT_THAT(outcome.error().message, HasSubstr("'sk'"));
    EXPECT_THAT(video.client->faults(), IsEmpty());
}

TEST(TicketEngine, EscapesTheUserNameAsJson) {
    EngineHarness video(
        "dl-video",
        R"([{"request":{"method":"POST","target":"/api/sso/token","json":{"userName":"v\",\"admin\":\"1"}},"response":{"status":200,"body":"{}"}}])");
    video.secret("username", "v\",\"admin\":\"1");
    video.secret("ak", "a");
    video.secret("sk", "s");
    EXPECT_EQ(video.signOn()->outcome, Outcome::kPageChanged);
    EXPECT_THAT(video.client->faults(), IsEmpty());
}

TEST(TicketEngine, TakesAnAnswerThatIsNoJsonAsAChangedPage) {
    EngineHarness video(
        "dl-video",
        R"([{"request":{"method":"POST","target":"/api/sso/token"},"response":{"status":200,"body":"<html>"}}])");
    for (const char* name : {"username", "ak", "sk"}) video.secret(name, "x");
    const auto outcome = video.signOn();
    EXPECT_EQ(outcome->outcome, Outcome::kPageChanged);
    EXPECT_EQ(outcome->step, "login_page");
}

}  // namespace
}  // namespace yimen::adapter
