#include "policy/load.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

class LoadTest : public testing::Test {
protected:
    core::Result<std::shared_ptr<const PolicyEngine>> load(const std::string& rules) {
        folder_.write("00.yaml", RuleFolder::kSite);
        folder_.write("50.yaml", rules);
        folder_.write("90.yaml", RuleFolder::kHub);
        return loadEngine({folder_.path(), demoSystems(), zones_}, clock_);
    }
    RuleFolder folder_;
    core::SystemClock clock_;
    std::map<std::string, std::vector<std::string>> zones_;
};

TEST_F(LoadTest, RefusesAWholeSetForOneLintError) {
    const auto engine = load("rules:\n  - {id: shut, title: t, effect: deny, systems: [yimen]}\n");
    ASSERT_FALSE(engine.ok());
    EXPECT_NE(engine.error().message.find("50.yaml:2:"), std::string::npos) << engine.error().message;
    EXPECT_NE(engine.error().message.find("locks every administrator out"), std::string::npos);
}

TEST_F(LoadTest, LoadsDespiteWarnings) {
    EXPECT_TRUE(load("rules:\n  - {id: a, title: t, effect: allow, systems: [dl-gone]}\n").ok());
}

TEST_F(LoadTest, RunsLua) {
    const auto engine = load("rules:\n  - {id: a, title: t, effect: allow, systems: all, when: {lua: return true}}\n");
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    EXPECT_EQ(Question().decide(**engine).rule, "a");
}

TEST_F(LoadTest, TakesTheNetworksOfTheConfiguration) {
    zones_["office"] = {"198.51.100.0/24"};
    zones_["extra"] = {"192.0.2.0/24"};
    const auto engine = load(
        "rules:\n  - {id: a, title: t, effect: allow, systems: all, when: {network: office}}\n"
        "  - {id: b, title: t, effect: allow, systems: all, when: {network: extra}}\n");
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    EXPECT_EQ(Question().from("198.51.100.7").decide(**engine).rule, "a");
    EXPECT_EQ(Question().from("192.0.2.1").decide(**engine).rule, "b");
    EXPECT_FALSE(Question().from("10.1.2.3").decide(**engine).allowed());
    EXPECT_EQ((*engine)->usualClient(), core::IpAddress::parse("198.51.100.0").value());
    zones_["office"] = {"10.0.0.1/8"};
    EXPECT_FALSE(load("rules: []\n").ok());
}

}  // namespace
}  // namespace yimen::policy
