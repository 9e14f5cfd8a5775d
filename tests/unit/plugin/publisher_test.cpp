#include "plugin/publisher.h"

#include <gmock/gmock.h>

#include <map>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using sync::Op;
using ::testing::ElementsAre;

/// The history of an item in memory: what each key was at which moment.
class MemoryView final : public sync::ItemView {
public:
    std::map<std::string, std::map<std::int64_t, std::optional<std::string>>> history;
    std::int64_t now = 100;
    std::size_t pageRows = 2;
    std::vector<std::pair<std::int64_t, std::int64_t>> asked;

    core::Result<sync::ItemRows::Page> page(const sync::ItemTable&, const sync::RowQuery&) override {
        return sync::ItemRows::Page{};
    }
    core::Result<std::int64_t> settled() override { return now; }
    core::Result<sync::ChangePage> changes(const sync::ItemTable&, const sync::ChangeQuery& query) override {
        asked.emplace_back(query.from, query.to);
        sync::ChangePage out;
        out.before.reset(3);
        out.after.reset(3);
        for (const auto& [key, versions] : history) {
            if (!query.after.empty() && key <= query.after.front()) continue;
            const auto first = versions.upper_bound(query.from);
            if (first == versions.end() || first->first > query.to) continue;
            if (out.after.rows() == pageRows) {
                out.end = false;
                break;
            }
            add(out.before, key, at(versions, query.from));
            add(out.after, key, at(versions, query.to));
            out.last = {key};
        }
        return out;
    }

private:
    static std::optional<std::string> at(const std::map<std::int64_t, std::optional<std::string>>& versions,
                                         std::int64_t moment) {
        const auto next = versions.upper_bound(moment);
        return next == versions.begin() ? std::nullopt : std::prev(next)->second;
    }
    static void add(sync::Batch& rows, const std::string& key, const std::optional<std::string>& value) {
        const std::size_t row = rows.addRow(value ? Op::kUpsert : Op::kDelete, 0);
        EXPECT_TRUE(rows.set(row, 0, key));
        EXPECT_TRUE(!value || (rows.set(row, 1, *value) && rows.set(row, 2, "private")));
    }
};

class PublisherTest : public PluginFolder {
protected:
    PublisherTest() : file_(dir_ + "/out.txt") {
        what_.item.code = "ZS-1";
        what_.item.schema.fields = {
            {.name = "id", .title = {}, .key = true}, {.name = "v", .title = {}}, {.name = "p", .title = {}}};
        what_.fields = {0, 1};
    }
    /// What the sink was told, line by line; "@" are commits.
    std::string publish(const std::string& committed, int pages = 1000) {
        std::filesystem::remove(file_);
        const auto sink = PluginSink::make(library("counting-sink"),
                                           partsOf("sink: {file: " + file_ + ", position: '" + committed + "'}"));
        EXPECT_TRUE(sink.ok()) << sink.error().describe();
        result_ = Publisher(view_).publish(**sink, what_, 7, [&pages] { return pages-- <= 0; });
        return std::filesystem::exists(file_) ? *core::readFile(file_, 10'000) : "";
    }

    MemoryView view_;
    PublishedItem what_;
    std::string file_;
    core::Result<Published> result_ = Published{};
};

TEST_F(PublisherTest, GivesTheNetChangeOfEachKeyPageByPage) {
    view_.history["a"][10] = "1";
    view_.history["b"] = {{10, "1"}, {20, std::nullopt}};  // came and went: nobody has to know
    view_.history["c"] = {{10, "1"}, {90, "2"}};
    EXPECT_EQ(publish(""),
              "@{\"from\":0,\"to\":100}\n"
              "+|a|1\n@{\"after\":[\"b\"],\"from\":0,\"to\":100}\n"
              "+|c|2\n@{\"from\":100}\n");
    ASSERT_TRUE(result_.ok());
    EXPECT_EQ(result_->written, 2U);
    EXPECT_EQ(result_->commits, 3U);
}

TEST_F(PublisherTest, GoesOnBehindWhatTheSinkHas) {
    view_.history["a"] = {{10, "1"}, {150, std::nullopt}};
    view_.history["b"] = {{10, "1"}, {150, "1"}};  // written again, the same
    view_.history["c"] = {{10, "1"}, {150, "2"}};
    view_.now = 200;
    EXPECT_EQ(publish("{\"from\":100}"),
              "@{\"from\":100,\"to\":200}\n-|a|null\n@{\"after\":[\"b\"],\"from\":100,\"to\":200}\n"
              "+|c|2\n@{\"from\":200}\n");
    EXPECT_EQ(result_->deleted, 1U);
}

TEST_F(PublisherTest, FinishesAWindowThatWasLeftHalfDoneAsItWas) {
    view_.history["a"][10] = "1";
    view_.history["b"] = {{10, "1"}, {60, "2"}};
    view_.now = 70;
    EXPECT_EQ(publish(R"({"after":["a"],"from":0,"to":50})"),
              "+|b|1\n@{\"from\":50}\n"
              "@{\"from\":50,\"to\":70}\n+|b|2\n@{\"from\":70}\n");
    EXPECT_THAT(view_.asked, ElementsAre(std::pair(0, 50), std::pair(50, 70)));
}

TEST_F(PublisherTest, KeepsThePositionFreshWhereNothingChanged) {
    EXPECT_EQ(publish("{\"from\":50}"), "@{\"from\":100}\n");
    view_.now = 10;  // a clock that was set back
    EXPECT_EQ(publish("{\"from\":50}"), "@{\"from\":50}\n");
}

TEST_F(PublisherTest, StopsBetweenPages) {
    for (const char* key : {"a", "b", "c"}) view_.history[key][10] = "1";
    EXPECT_EQ(publish("", 1), "@{\"from\":0,\"to\":100}\n+|a|1\n+|b|1\n@{\"after\":[\"b\"],\"from\":0,\"to\":100}\n");
    ASSERT_TRUE(result_.ok());
}

TEST_F(PublisherTest, RefusesAPositionThatIsNoneOfOurs) {
    for (const char* text :
         {"[]", "{", R"({"to":1})", R"({"from":1,"after":["a"]})", R"({"from":1,"to":2,"after":[1]})"}) {
        EXPECT_EQ(publish(text), "") << text;
        EXPECT_EQ(result_.error().code, core::ErrorCode::kCorrupt) << text;
    }
    const auto read = PublishedUpTo::read(R"({"from":1,"to":2,"after":["a"]})");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->text(), R"({"after":["a"],"from":1,"to":2})");
}

}  // namespace
}  // namespace yimen::plugin
