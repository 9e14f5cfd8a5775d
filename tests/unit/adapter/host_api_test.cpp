#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapter/hooks.h"
#include "core/log.h"
#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;
using testing::Not;

class Lines final : public core::LogSink {
public:
    void write(std::string_view line) override { text.append(line).append("\n"); }
    std::string text;
};

class HostApi : public testing::Test {
protected:
    HostApi() : context_(harness_.context()), exchange_(context_, harness_.system->manifest()) {
        harness_.secret("password", "Pa55word");
    }
    core::Result<lua::Value> call(const std::string& library, const std::string& name,
                                  std::vector<lua::Value> arguments) {
        for (const auto& binding : hostApi(exchange_)) {
            if (binding.library == library && binding.name == name) return binding.function(arguments);
        }
        return core::makeError(core::ErrorCode::kNotFound, "no such function");
    }
    EngineHarness harness_{"dl-8890"};
    SignOnContext context_;
    Exchange exchange_;
};

TEST_F(HostApi, RefusesWrongArgumentsWithoutHarm) {
    for (const auto& binding : hostApi(exchange_)) {
        if (binding.library == "json" && binding.name == "encode") continue;
        EXPECT_FALSE(binding.function({}).ok()) << binding.library << "." << binding.name;
        const std::vector<lua::Value> wrong{lua::Value(1), lua::Value(true), lua::Value()};
        EXPECT_FALSE(binding.function(wrong).ok()) << binding.library << "." << binding.name;
    }
    EXPECT_THAT(harness_.client->faults(), testing::IsEmpty());
}

TEST_F(HostApi, MasksTheAccountInTheLog) {
    Lines lines;
    core::setLogSink(&lines);
    EXPECT_TRUE(call("log", "info", {lua::Value("tried Pa55word")}).ok());
    core::setLogSink(nullptr);
    EXPECT_THAT(lines.text, HasSubstr("adapter.script"));
    EXPECT_THAT(lines.text, HasSubstr("tried ***"));
    EXPECT_THAT(lines.text, Not(HasSubstr("Pa55word")));
}

TEST_F(HostApi, KeepsEmptyAndListTablesApart) {
    lua::Table list;
    list.list = {lua::Value(1), lua::Value("b")};
    EXPECT_EQ(call("json", "encode", {lua::Value(list)})->textOr(""), "[1,\"b\"]");
    EXPECT_EQ(call("json", "encode", {lua::Value(lua::Table())})->textOr(""), "{}");
    EXPECT_FALSE(call("json", "decode", {lua::Value("{\"a\":1,\"a\":2}")}).ok());
}

TEST_F(HostApi, PostsInThePagesCharset) {
    EngineHarness talk(
        "dl-8890",
        R"([{"request":{"method":"POST","target":"/q.jsp","form":{"k":"住建"},"body":"k=%D7%A1%BD%A8"},"response":{"status":200,"body":"好"}}])");
    const auto context = talk.context();
    Exchange exchange(context, talk.system->manifest());
    lua::Table fields;
    fields.set("k", lua::Value("住建"));
    for (const auto& binding : hostApi(exchange)) {
        if (binding.library != "http" || binding.name != "post") continue;
        const std::vector<lua::Value> arguments{lua::Value("/q.jsp"), lua::Value(fields)};
        const auto answer = binding.function(arguments);
        ASSERT_TRUE(answer.ok()) << answer.error().describe();
        EXPECT_EQ((*answer)["body"].textOr(""), "好");
    }
    EXPECT_THAT(talk.client->faults(), testing::IsEmpty());
}

}  // namespace
}  // namespace yimen::adapter
