#include "plugin/plugin_source.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PluginSourceTest : public PluginFolder {
protected:
    core::Result<std::unique_ptr<sync::Source>> memory(const std::string& yaml) {
        return PluginSource::make(library("memory"), partsOf(yaml));
    }
    core::Result<std::unique_ptr<sync::Source>> misbehaving(const std::string& how) {
        return PluginSource::make(library("misbehaving"), partsOf("read: {how: \"" + how + "\"}"));
    }
    /// What is said when a misbehaving plugin is read from.
    core::Error faultOf(const std::string& how) {
        const auto source = misbehaving(how);
        if (!source.ok()) return source.error();
        const auto rows = readAll(**source);
        return rows.ok() ? core::Error{core::ErrorCode::kConflict, "no fault", ""} : rows.error();
    }
};

TEST_F(PluginSourceTest, ReadsRows) {
    const auto source = memory("read: {rows: 3}");
    ASSERT_TRUE(source.ok()) << source.error().describe();
    EXPECT_THAT(*(*source)->describe(), ElementsAre(sync::SourceField{"a0", "text"}, sync::SourceField{"a1", "text"},
                                                    sync::SourceField{"a2", "text"}));
    EXPECT_THAT(*(*source)->partitions(sync::ReadMode::kFull), ElementsAre(sync::Partition{"p0", "{}"}));
    const auto rows = readAll(**source);
    ASSERT_TRUE(rows.ok()) << rows.error().describe();
    EXPECT_THAT(*rows, ElementsAre("0|some text|null", "1|some text|null", "2|some text|null"));
}

TEST_F(PluginSourceTest, ReadsCompletelyWhereThePluginRefusesToReadChanges) {
    const auto source = misbehaving("complete reads only");
    ASSERT_TRUE(source.ok()) << source.error().describe();
    EXPECT_TRUE((*source)->canRead(sync::ReadMode::kFull));
    EXPECT_FALSE((*source)->canRead(sync::ReadMode::kIncremental));
    EXPECT_FALSE((*memory("read: {rows: 3}"))->canRead(sync::ReadMode::kIncremental));
    EXPECT_TRUE((*misbehaving("fail in open"))->canRead(sync::ReadMode::kIncremental))
        << "that is said when it is read";
}

TEST_F(PluginSourceTest, GoesOnFromAPosition) {
    const auto source = memory("read: {rows: 3, columns: 1}");
    EXPECT_THAT(*readAll(**source, "{\"after\":2}"), ElementsAre("2"));
    EXPECT_TRUE(readAll(**source, "{\"after\":3}")->empty());
}

TEST_F(PluginSourceTest, GivesFullBatchesOfManyRowsAndBytes) {
    const auto source = memory("read: {rows: 50000, columns: 4, text: " + std::string(300, 'x') + "}");
    const auto reader = (*source)->open({"p0", ""}, sync::ReadMode::kFull, "");
    ASSERT_TRUE(reader.ok());
    sync::Batch batch;
    std::size_t total = 0;
    std::size_t largest = 0;
    for (bool end = false; !end;) {
        batch.reset(4);
        const auto state = (*reader)->read(batch);
        ASSERT_TRUE(state.ok()) << state.error().describe();
        EXPECT_EQ(state->position, "{\"after\":" + std::to_string(total + batch.rows()) + "}");
        if (batch.rows() > 0) {
            EXPECT_EQ(batch.origin(0), total + 1);
        }
        total += batch.rows();
        largest = std::max(largest, batch.rows());
        end = state->end;
    }
    EXPECT_EQ(total, 50'000U);
    EXPECT_EQ(largest, sync::Batch::kMaxRows);
}

TEST_F(PluginSourceTest, TakesACellLargerThanABatch) {
    const auto source = memory("read: {rows: 2, text: " + std::string(60'000, 'x') + "}");
    EXPECT_EQ((*readAll(**source))[1].size(), 60'000U + 7);
}

TEST_F(PluginSourceTest, SaysWhatIsWrongWithTheConfiguration) {
    const auto source = memory("read: {rows: 3, colums: 2}");
    ASSERT_FALSE(source.ok());
    EXPECT_THAT(source.error().message, HasSubstr("data.yaml:1:17"));
    EXPECT_THAT(source.error().message, HasSubstr("did you mean 'columns'?"));
}

TEST_F(PluginSourceTest, OpensSecretsForThePlugin) {
    const auto source = memory("source: {password: \"vault:known\"}\nread: {rows: 0}");
    ASSERT_TRUE(source.ok());
    EXPECT_TRUE((*source)->describe().ok());
    EXPECT_FALSE(memory("source: {password: \"vault:other\"}\nread: {rows: 0}").ok());
    EXPECT_EQ(faultOf("other secret").message, "misbehaving: denied as it should be");
}

TEST_F(PluginSourceTest, PassesThePluginsOwnErrorsOn) {
    const auto source = memory("read: {rows: 3}");
    const auto refused = (*source)->partitions(sync::ReadMode::kIncremental);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(refused.error().message, "memory: 没有增量 / no incremental reading here");
    EXPECT_EQ(faultOf("fail in create").code, core::ErrorCode::kUnauthenticated);
    EXPECT_EQ(faultOf("fail in start").code, core::ErrorCode::kInternal);
    EXPECT_EQ(faultOf("fail in open").code, core::ErrorCode::kUnavailable);
    EXPECT_EQ(faultOf("fail in open").message, "misbehaving: ?  nobody there");
    EXPECT_EQ(faultOf("long error").code, core::ErrorCode::kUpstream);
}

TEST_F(PluginSourceTest, StopsWhenItIsCancelled) {
    const auto source = memory("read: {rows: 3}");
    (*source)->interrupt();
    EXPECT_THAT(readAll(**source).error().message, HasSubstr("cancelled"));
}

TEST_F(PluginSourceTest, LetsAReadGoThatWaitsForItsSource) {
    const auto source = misbehaving("wait until cancelled");
    ASSERT_TRUE(source.ok());
    const auto reader = (*source)->open({"p0", ""}, sync::ReadMode::kFull, "");
    ASSERT_TRUE(reader.ok()) << reader.error().describe();
    std::thread other([&] {
        ::usleep(50'000);
        (*source)->interrupt();
    });
    sync::Batch batch;
    batch.reset((*source)->describe()->size());
    EXPECT_EQ((*reader)->read(batch).error().code, core::ErrorCode::kUnavailable);
    other.join();
}

TEST_F(PluginSourceTest, CatchesExceptionsAtTheBorder) {
    EXPECT_THAT(faultOf("throw in create").message, HasSubstr("threw an exception in create: not made"));
    EXPECT_THAT(faultOf("throw in describe").message, HasSubstr("in describe: of an unknown type"));
    EXPECT_THAT(faultOf("throw in read").message, HasSubstr("in read: in the middle"));
    EXPECT_THAT(faultOf("throw anything in read").message, HasSubstr("of an unknown type"));
    EXPECT_EQ(faultOf("throw in close").message, "no fault");
    EXPECT_EQ(faultOf("throw in stop").message, "no fault");
}

TEST_F(PluginSourceTest, BelievesNothingOfABatch) {
    for (const char* how : {"more rows than room", "huge rows", "more bytes than room", "offset outside",
                            "offset that wraps", "negative length", "unknown op", "own arena", "own allocation",
                            "own cells", "own room", "odd end", "no position", "long position"}) {
        const core::Error fault = faultOf(how);
        EXPECT_EQ(fault.code, core::ErrorCode::kInternal) << how;
        EXPECT_THAT(fault.message, HasSubstr("broke the interface in read")) << how;
    }
    EXPECT_EQ(faultOf("grow too far").code, core::ErrorCode::kTooLarge);
    EXPECT_THAT(faultOf("no columns").message, HasSubstr("no columns"));
    EXPECT_THAT(faultOf("too many columns").message, HasSubstr("too many columns"));
    EXPECT_THAT(faultOf("too many partitions").message, HasSubstr("too many partitions"));
    EXPECT_EQ(faultOf("nothing").message, "no fault");
}

TEST_F(PluginSourceTest, DoesNotCallAReaderAgainThatBrokeTheRules) {
    for (const char* how : {"throw in read", "offset outside"}) {
        const auto source = misbehaving(how);
        const auto reader = (*source)->open({"", ""}, sync::ReadMode::kFull, "");
        sync::Batch batch;
        batch.reset(2);
        const auto first = (*reader)->read(batch);
        EXPECT_TRUE(batch.empty());
        const auto second = (*reader)->read(batch);
        ASSERT_FALSE(second.ok());
        EXPECT_EQ(second.error().message, first.error().message);
    }
}

TEST_F(PluginSourceTest, MayBeAskedAgainAfterAnErrorOfItsOwn) {
    const auto source = misbehaving("fail once");
    const auto reader = (*source)->open({"", ""}, sync::ReadMode::kFull, "");
    sync::Batch batch;
    batch.reset(2);
    EXPECT_EQ((*reader)->read(batch).error().code, core::ErrorCode::kTimeout);
    batch.reset(2);
    ASSERT_TRUE((*reader)->read(batch).ok());
    EXPECT_EQ(batch.text(0, 0), "ab");
}

TEST_F(PluginSourceTest, MakesADeadLetterOfWhatIsNoUtf8) {
    const auto source = misbehaving("not utf8");
    const auto reader = (*source)->open({"", ""}, sync::ReadMode::kFull, "");
    sync::Batch batch;
    batch.reset(2);
    const auto state = (*reader)->read(batch);
    ASSERT_TRUE(state.ok());
    EXPECT_TRUE(batch.empty());
    ASSERT_EQ(state->rejected.size(), 1U);
    EXPECT_EQ(state->rejected[0].rule, "format");
    EXPECT_EQ(state->rejected[0].field, "one");
    EXPECT_EQ(state->rejected[0].raw, R"({"one":"\\xc4e3","two":null})");
}

TEST_F(PluginSourceTest, ReaderOutlivesItsSource) {
    auto source = memory("read: {rows: 3}");
    const auto reader = (*source)->open({"p0", ""}, sync::ReadMode::kFull, "");
    source->reset();
    sync::Batch batch;
    batch.reset(3);
    ASSERT_TRUE((*reader)->read(batch).ok());
    EXPECT_EQ(batch.rows(), 3U);
}

TEST_F(PluginSourceTest, RefusesAPluginOfAnotherKind) {
    EXPECT_FALSE(PluginSource::make(library("counting-sink"), partsOf("sink: {file: x}")).ok());
}

}  // namespace
}  // namespace yimen::plugin
