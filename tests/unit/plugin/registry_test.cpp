#include "plugin/registry.h"

#include <gmock/gmock.h>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using ::testing::HasSubstr;

class RegistryTest : public PluginFolder {};

TEST_F(RegistryTest, OpensWhatIsAllowedAndSaysWhatIsNot) {
    config::Plugins plugins;
    plugins.dir = dir_;
    plugins.allow["memory"] = digestOf(put("memory", "memory"));
    plugins.allow["refused"] = digestOf(put("refused_WRONG_VERSION", "refused"));
    plugins.allow["absent"] = std::string(64, 'a');
    const std::string stranger = put("misbehaving", "misbehaving");
    const Registry registry = Registry::open(plugins);

    ASSERT_EQ(registry.list().size(), 4U);
    EXPECT_EQ(registry.list()[0].name, "absent");
    EXPECT_EQ(registry.list()[0].state, PluginState::State::kRefused);
    EXPECT_EQ(registry.list()[1].state, PluginState::State::kLoaded);
    EXPECT_EQ(registry.list()[1].version, "1.2.3");
    EXPECT_EQ(registry.list()[1].kind, "source");
    EXPECT_EQ(registry.list()[2].state, PluginState::State::kNotAllowed);
    EXPECT_EQ(registry.list()[2].sha256, digestOf(stranger));
    EXPECT_EQ(registry.list()[3].state, PluginState::State::kRefused);
    EXPECT_THAT(registry.list()[3].reason, HasSubstr("interface version"));

    EXPECT_TRUE(registry.find("memory", "source").ok());
    EXPECT_EQ(registry.find("memory", "sink").error().code, core::ErrorCode::kDenied);
    EXPECT_THAT(registry.find("refused", "source").error().message, HasSubstr("interface version"));
    EXPECT_THAT(registry.find("misbehaving", "source").error().message, HasSubstr("plugins.allow"));
    EXPECT_EQ(registry.find("nothing", "source").error().code, core::ErrorCode::kNotFound);
}

TEST_F(RegistryTest, IsEmptyWithoutAFolder) {
    EXPECT_TRUE(Registry::open({}).list().empty());
}

}  // namespace
}  // namespace yimen::plugin
