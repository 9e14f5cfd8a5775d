#include "net/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace yimen::net {
namespace {

TEST(Metrics, HaveUniqueNames) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Counter::kCount); ++i) {
        names.insert(counterName(static_cast<Counter>(i)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Counter::kCount));
    EXPECT_EQ(counterName(Counter::kResponses2xx), "net_responses_2xx_total");
    EXPECT_EQ(counterName(Counter::kTurns), "net_turns_total");
    EXPECT_TRUE(isGauge(Counter::kIdleUpstream));
}

}  // namespace
}  // namespace yimen::net
