#include "plugin/plugin_sink.h"

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

class PluginSinkTest : public PluginFolder {};

TEST_F(PluginSinkTest, WritesWhatIsCommitted) {
    const std::string file = dir_ + "/out.txt";
    const auto sink = PluginSink::make(library("counting-sink"), partsOf("sink: {file: " + file + "}"));
    ASSERT_TRUE(sink.ok()) << sink.error().describe();
    sync::ItemTable item;
    item.code = "ZS-1";
    const auto writer = (*sink)->begin(item);
    ASSERT_TRUE(writer.ok()) << writer.error().describe();
    EXPECT_EQ((*writer)->committed(), "{\"from\":1}");
    sync::Batch batch;
    batch.reset(2);
    ASSERT_TRUE(batch.set(batch.addRow(sync::Op::kUpsert, 1), 0, "a"));
    ASSERT_TRUE(batch.set(batch.addRow(sync::Op::kDelete, 2), 1, "b"));
    ASSERT_TRUE((*writer)->write(batch).ok());
    EXPECT_FALSE(std::filesystem::exists(file));
    ASSERT_TRUE((*writer)->commit("{\"from\":2}").ok());
    EXPECT_EQ((*writer)->committed(), "{\"from\":2}");
    EXPECT_EQ(*core::readFile(file, 1000), "+|a|null\n-|null|b\n@{\"from\":2}\n");
}

TEST_F(PluginSinkTest, PassesErrorsOn) {
    const auto sink = PluginSink::make(library("counting-sink"), partsOf("sink: {file: /nowhere/at/all}"));
    const auto writer = (*sink)->begin({});
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ((*writer)->commit("x").error().code, core::ErrorCode::kUnavailable);
    EXPECT_EQ((*writer)->committed(), "{\"from\":1}");
    EXPECT_FALSE(PluginSink::make(library("memory"), partsOf("read: {rows: 0}")).ok());
}

}  // namespace
}  // namespace yimen::plugin
