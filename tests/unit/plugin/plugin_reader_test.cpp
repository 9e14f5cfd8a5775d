#include "plugin/plugin_reader.h"

#include "plugin/plugin_source.h"
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

TEST_F(PluginReaderTest, KeepsWhatThePluginRefusesAsDeadLetters) {
    const auto source = PluginSource::make(library("memory"), partsOf("read: {rows: 7, refuse: 3}"));
    ASSERT_TRUE(source.ok()) << source.error().describe();
    const auto reader = (*source)->open({"p0", "{}"}, sync::ReadMode::kFull, "");
    ASSERT_TRUE(reader.ok());
    sync::Batch batch;
    batch.reset(3);
    const auto state = (*reader)->read(batch);
    ASSERT_TRUE(state.ok()) << state.error().describe();
    EXPECT_EQ(batch.rows(), 5U);
    ASSERT_EQ(state->rejected.size(), 2U);
    EXPECT_EQ(state->rejected[0].origin, 3U);
    EXPECT_EQ(state->rejected[0].rule, "format");
    EXPECT_EQ(state->rejected[0].message, "no record (memory/3)");
    EXPECT_EQ(state->rejected[0].raw, R"({"_place":"memory/3","_raw":"{"})");
    // What is not UTF-8 is kept all the same.
    EXPECT_EQ(state->rejected[1].raw, R"({"_place":"memory/6","_raw":"\\xff"})");
}

TEST_F(PluginReaderTest, TakesOnlySoManyRefusalsAtOnce) {
    const auto source = PluginSource::make(library("memory"), partsOf("read: {rows: 20000, refuse: 1}"));
    ASSERT_TRUE(source.ok());
    const auto reader = (*source)->open({"p0", "{}"}, sync::ReadMode::kFull, "");
    ASSERT_TRUE(reader.ok());
    sync::Batch batch;
    batch.reset(3);
    EXPECT_EQ((*reader)->read(batch).error().code, core::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace yimen::plugin
