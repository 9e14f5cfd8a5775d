#include "plugin/plugin_reader.h"

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

class PluginReaderTest : public PluginFolder {};

TEST_F(PluginReaderTest, RefusesABatchOfAnotherWidth) {
    const auto instance = Instance::make(library("memory"), partsOf("read: {rows: 3}"));
    ASSERT_TRUE(instance.ok());
    void* handle = nullptr;
    ASSERT_TRUE((*instance)
                    ->call("open",
                           [&](YimenError* error) {
                               return (*instance)->plugin().source->open((*instance)->handle(), {}, {}, 0, {}, &handle,
                                                                         error);
                           })
                    .ok());
    PluginReader reader(*instance, handle, {"a", "b", "c"}, "");
    sync::Batch batch;
    batch.reset(2);
    EXPECT_FALSE(reader.read(batch).ok());
    batch.reset(3);
    EXPECT_TRUE(reader.read(batch).ok());
    EXPECT_TRUE(reader.confirm("{\"after\":3}").ok());
}

}  // namespace
}  // namespace yimen::plugin
