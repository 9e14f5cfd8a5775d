#include "plugin/instance.h"

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

class InstanceTest : public PluginFolder {};

TEST_F(InstanceTest, WantsASourceOfSecretsWhenThereAreAny) {
    InstanceParts parts = partsOf("source: {password: \"vault:known\"}\nread: {rows: 1}");
    EXPECT_TRUE(Instance::make(library("memory"), parts).ok());
    parts.secrets = nullptr;
    EXPECT_FALSE(Instance::make(library("memory"), parts).ok());
}

TEST_F(InstanceTest, IsDestroyedAndNotStoppedWhenItDoesNotStart) {
    const auto instance = Instance::make(library("misbehaving"), partsOf("read: {how: \"fail in start\"}"));
    ASSERT_FALSE(instance.ok());
    EXPECT_EQ(instance.error().detail, "start");
    EXPECT_EQ(instance.error().message, "misbehaving: 没有说明原因 / gave no reason (code 77)");
}

}  // namespace
}  // namespace yimen::plugin
