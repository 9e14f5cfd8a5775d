#include "policy/rule.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

TEST(SystemSelector, NeedsEveryGivenListToAgree) {
    const SystemInfo video{"dl-video", "security", "city"};
    EXPECT_TRUE((SystemSelector{{}, {}, {}}.covers(video)));
    EXPECT_TRUE((SystemSelector{{"dl-video", "x"}, {"security"}, {"city"}}.covers(video)));
    EXPECT_FALSE((SystemSelector{{"dl-video"}, {"office"}, {}}.covers(video)));
    EXPECT_FALSE((SystemSelector{{}, {}, {"national"}}.covers(video)));
}

TEST(SystemSelector, CoversTheHubOnlyByName) {
    const SystemInfo hub{std::string(kHubSystem), "hub", "district"};
    EXPECT_FALSE((SystemSelector{{}, {}, {"district"}}.covers(hub)));
    EXPECT_TRUE((SystemSelector{{std::string(kHubSystem)}, {}, {}}.covers(hub)));
}

TEST(NetworkZones, GiveTheFirstThatHoldsTheAddress) {
    NetworkZones zones;
    zones.zones.push_back({"inner", {}, {core::Cidr::parse("10.1.0.0/16").value()}});
    zones.zones.push_back({"outer", {}, {core::Cidr::parse("10.0.0.0/8").value()}});
    EXPECT_EQ(zones.zoneOf(core::IpAddress::parse("10.1.2.3").value()), "inner");
    EXPECT_EQ(zones.zoneOf(core::IpAddress::parse("10.2.2.3").value()), "outer");
    EXPECT_EQ(zones.zoneOf(core::IpAddress::parse("11.2.2.3").value()), "");
    EXPECT_EQ(zones.find("none"), nullptr);
}

TEST(Effect, HasTheWordsOfTheRuleFiles) {
    EXPECT_EQ(effectName(Effect::kAllow), "allow");
    EXPECT_EQ(effectName(Effect::kDeny), "deny");
    EXPECT_EQ(effectName(Effect::kStepUp), "step_up");
}

}  // namespace
}  // namespace yimen::policy
