#include "net/upstream_group.h"

#include <gtest/gtest.h>

#include <set>

namespace yimen::net {
namespace {

using namespace std::chrono_literals;
using Outcome = UpstreamGroupImpl::Pick::Outcome;

struct Group {
    explicit Group(std::vector<Origin> origins) {
        UpstreamConfig config;
        config.origins = std::move(origins);
        config.failuresToEject = 2;
        config.ejectMin = 1000ms;
        config.ejectMax = 3000ms;
        group = std::make_shared<UpstreamGroupImpl>(config, clock, nullptr);
    }
    void failTwice(std::size_t origin) {
        group->failed(origin);
        group->failed(origin);
    }

    core::ManualClock clock;
    std::shared_ptr<UpstreamGroupImpl> group;
};

TEST(UpstreamGroup, TakesOriginsInTurn) {
    Group test({{"127.0.0.1", 1}, {"127.0.0.1", 2}, {"127.0.0.1", 3}});
    std::set<std::uint16_t> ports;
    for (int i = 0; i < 3; ++i) ports.insert(test.group->pick().address.port);
    EXPECT_EQ(ports.size(), 3U);
}

TEST(UpstreamGroup, EjectsAfterConsecutiveFailuresOnly) {
    Group test({{"127.0.0.1", 1}});
    EXPECT_FALSE(test.group->failed(0));
    test.group->succeeded(0);
    EXPECT_FALSE(test.group->failed(0));
    EXPECT_EQ(test.group->pick().outcome, Outcome::kAddress);
    EXPECT_TRUE(test.group->failed(0));
    EXPECT_EQ(test.group->pick().outcome, Outcome::kNone);
    EXPECT_TRUE(test.group->state()[0].ejected);
}

TEST(UpstreamGroup, LeavesTheOthersInUse) {
    Group test({{"127.0.0.1", 1}, {"127.0.0.1", 2}});
    test.failTwice(0);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(test.group->pick().origin, 1U);
}

TEST(UpstreamGroup, LetsOneTryWhenTheTimeIsOverAndBacksOffFurther) {
    Group test({{"127.0.0.1", 1}});
    test.failTwice(0);
    test.clock.advance(1001ms);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kAddress);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kNone) << "the others wait for the outcome of that try";
    test.group->failed(0);
    test.clock.advance(1001ms);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kNone) << "the second pause is longer";
    test.clock.advance(1000ms);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kAddress);
    test.group->succeeded(0);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kAddress);
    EXPECT_EQ(test.group->pick().outcome, Outcome::kAddress);
}

TEST(UpstreamGroup, NamesWaitForTheResolver) {
    Group test({{"localhost", 7}});
    EXPECT_EQ(test.group->pick().outcome, Outcome::kUnresolved);
    test.group->resolve();
    const UpstreamGroupImpl::Pick pick = test.group->pick();
    EXPECT_EQ(pick.outcome, Outcome::kAddress);
    EXPECT_EQ(pick.address.port, 7);
    Group unknown({{"no-such-host.invalid", 7}});
    unknown.group->resolve();
    EXPECT_EQ(unknown.group->pick().outcome, Outcome::kNone);
}

}  // namespace
}  // namespace yimen::net
