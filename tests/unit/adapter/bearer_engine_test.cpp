#include "adapter/bearer_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using std::chrono::minutes;
using testing::IsEmpty;

const std::string kLogin =
    R"({"request":{"method":"POST","target":"/grid/auth/login"},"response":{"status":200,"body":"{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"expires_in\":1800}"}})";

std::string refreshAnswer(const std::string& answer) {
    return R"({"request":{"method":"POST","target":"/grid/auth/refresh","json":{"refresh_token":"r1"}},)" + answer +
           "}";
}

struct Grid : EngineHarness {
    explicit Grid(const std::string& exchanges) : EngineHarness("qu-grid", "[" + exchanges + "]") {
        secret("username", "19900000001");
        secret("password", "Grid@2026");
    }
};

TEST(BearerEngine, RenewsFiveMinutesBeforeTheEnd) {
    Grid grid(kLogin);
    ASSERT_TRUE(grid.signOn()->ok());
    EXPECT_FALSE(grid.session->refreshDue(grid.clock.wall() + minutes(24)));
    EXPECT_TRUE(grid.session->refreshDue(grid.clock.wall() + minutes(25)));
}

TEST(BearerEngine, ReplacesThePairOnRefresh) {
    Grid grid(
        kLogin + "," +
        refreshAnswer(R"("response":{"status":200,"body":"{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}"})"));
    ASSERT_TRUE(grid.signOn()->ok());
    const auto renewed = grid.system->engine().refresh(grid.context());
    ASSERT_TRUE(renewed.ok());
    EXPECT_EQ(renewed->outcome, Outcome::kOk);
    EXPECT_EQ(grid.next("/grid/api/me")["Authorization"], "Bearer a2");
    EXPECT_EQ(grid.session->generation(), 2U);
    EXPECT_THAT(grid.client->faults(), IsEmpty());
}

TEST(BearerEngine, AsksForASignOnWhenTheRefreshIsRefused) {
    Grid grid(kLogin + "," + refreshAnswer(R"("response":{"status":401,"body":"{\"error\":\"token_reuse\"}"})"));
    ASSERT_TRUE(grid.signOn()->ok());
    EXPECT_EQ(grid.system->engine().refresh(grid.context())->outcome, Outcome::kBadPassword);
    EXPECT_EQ(grid.session->generation(), 1U);
}

TEST(BearerEngine, KeepsThePairWhenTheSystemIsDown) {
    Grid grid(kLogin + "," + refreshAnswer(R"("error":"timeout")"));
    ASSERT_TRUE(grid.signOn()->ok());
    EXPECT_EQ(grid.system->engine().refresh(grid.context())->outcome, Outcome::kUnreachable);
    EXPECT_EQ(grid.next("/grid/api/me")["Authorization"], "Bearer a1");
}

TEST(BearerEngine, CannotRenewWhatWasNeverThere) {
    Grid grid("");
    EXPECT_EQ(grid.system->engine().refresh(grid.context())->outcome, Outcome::kPageChanged);
    EXPECT_EQ(grid.next("/grid/api/me")["error"], "unauthenticated");
    EXPECT_THAT(grid.client->faults(), IsEmpty());
}

TEST(BearerEngine, SignsOffWithItsToken) {
    Grid grid(
        kLogin +
        R"(,{"request":{"method":"POST","target":"/grid/auth/logout","headers":{"Authorization":"Bearer a1"}},"response":{"status":200}})");
    ASSERT_TRUE(grid.signOn()->ok());
    EXPECT_TRUE(grid.system->engine().signOff(grid.context()).ok());
    EXPECT_FALSE(grid.session->signedOn());
    EXPECT_THAT(grid.client->faults(), IsEmpty());
}

}  // namespace
}  // namespace yimen::adapter
