#include "adapter/traffic_hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

namespace yimen::adapter {
namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using testing::HasSubstr;

class TrafficScript : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::create_directories(folder_);
        rules_.script = "traffic.lua";
    }
    void TearDown() override { fs::remove_all(folder_); }

    core::Result<std::shared_ptr<const TrafficHook>> load(const std::string& source) {
        std::ofstream(folder_ / "traffic.lua", std::ios::binary) << source;
        return TrafficHook::load(folder_.string(), rules_);
    }
    HookState stateOf(const std::string& source) {
        auto hook = load(source);
        EXPECT_TRUE(hook.ok()) << hook.error().message;
        return HookState(hook.ok() ? *hook : nullptr, clock_);
    }
    HookState onRequest(const std::string& body) {
        return stateOf("return {on_request = function(request)\n" + body + "\nend}");
    }
    static std::string faultOf(const core::Result<HookDecision>& decision) {
        return decision.ok() ? "no fault" : decision.error().message;
    }

    fs::path folder_;
    TrafficRules rules_;
    core::ManualClock clock_;
    HookRequest request_{"GET", "/a/b", "x=1", {}, nullptr};
};

TEST_F(TrafficScript, SeesTheRequestThePersonAndTheNamedFieldsOnly) {
    rules_.requestFields = {"Accept"};
    auto state = stateOf(R"(
return {on_request = function(request)
  local p = request.person
  assert(request.method == "GET" and request.path == "/a/b" and request.query == "x=1")
  assert(p.username == "wangmin" and p.name == "王敏" and p.org == "d1" and p.org_name == "区政府")
  assert(p.roles[1] == "clerk" and #p.roles == 2 and p.title == "科员" and p.assurance == 2)
  assert(request.fields["x-hidden"] == nil and request.fields.cookie == nil)
  return {set = {["X-Seen"] = request.fields.accept}}
end})");
    const std::string_view roles[] = {"clerk", "auditor"};
    const HookPerson person{"wangmin", "王敏", roles, "d1", "区政府", "科员", 2};
    const HeaderRef fields[] = {{"ACCEPT", "text/html"}, {"X-Hidden", "1"}, {"Cookie", "s"}, {"accept", "second"}};
    const auto decision = state.request({"GET", "/a/b", "x=1", fields, &person});
    ASSERT_TRUE(decision.ok()) << decision.error().message;
    EXPECT_EQ(decision->set.at(0).second, "text/html");
}

TEST_F(TrafficScript, SeesAnAnswerWithItsRequest) {
    rules_.answerFields = {"Content-Type"};
    auto state = stateOf(R"(
return {on_response = function(response)
  assert(response.person == nil and response.path == "/a/b" and response.method == "GET")
  if response.status == 200 and response.fields["content-type"] == "video/mp4" then
    return {deny = {status = 451, zh = "不", en = "no"}}
  end
end})");
    const HeaderRef video[] = {{"Content-Type", "video/mp4"}};
    EXPECT_TRUE(state.answer({request_, 200, video})->deny.has_value());
    EXPECT_TRUE(state.answer({request_, 404, video})->empty());
}

TEST_F(TrafficScript, MustCompileRunAndHaveAFunction) {
    EXPECT_THAT(load("return {").error().message, HasSubstr("traffic.lua:1:"));
    EXPECT_THAT(load("error('x')").error().message, HasSubstr("traffic.lua:1:"));
    EXPECT_THAT(load("return {on_reqest = function() end}").error().message, HasSubstr("neither on_request"));
    EXPECT_THAT(load("while true do end").error().message, HasSubstr("limit"));
    EXPECT_FALSE(load("\x1bLua").ok()) << "precompiled";
}

TEST_F(TrafficScript, AnErrorNamesFileAndLineAndIsNeverADecision) {
    auto state = onRequest("local x = nil\nreturn x.y");
    EXPECT_THAT(faultOf(state.request(request_)), HasSubstr("traffic.lua:3:"));
    EXPECT_THAT(faultOf(onRequest("return {set = {Host = 1}}").request(request_)), HasSubstr("traffic.lua"));
}

TEST_F(TrafficScript, HasNoWayOut) {
    for (const char* name : {"os", "io", "load", "require", "debug", "package", "coroutine", "http", "pcall", "dofile",
                             "setmetatable", "rawset", "collectgarbage", "hash"}) {
        auto state = onRequest(std::string("return ") + name + " ~= nil and {query = 'there'} or nil");
        EXPECT_TRUE(state.request(request_)->empty()) << name;
    }
}

TEST_F(TrafficScript, LoopsAndGiantTextsAreStoppedSoonAndTheNextCallWorks) {
    const core::SystemClock real;
    for (const char* body :
         {"while true do end", "local s = 'x' while true do s = s .. s end",
          "local t = {} for i = 1, 1e9 do t[i] = {} end", "return {query = ('x'):rep(1e9)}",
          "return string.find(('a'):rep(100), '.-.-.-.-b')", "local function f() return f() + 1 end f()",
          "local s = ('x'):rep(60000) while true do url.decode(s) end",
          "local s = ('%'):rep(60000) while true do url.decode(s) end"}) {
        auto hook = load("return {on_request = function(request)\nif request.path ~= '/bad' then return end\n" +
                         std::string(body) + "\nend}");
        ASSERT_TRUE(hook.ok());
        HookState state(*hook, real);
        request_.path = "/bad";
        const auto begin = real.mono();
        const auto decision = state.request(request_);
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(real.mono() - begin);
        ASSERT_FALSE(decision.ok()) << body;
        EXPECT_EQ(decision.error().code, ErrorCode::kTooLarge) << body << ": " << decision.error().message;
        EXPECT_LT(took.count(), 500) << body;
        request_.path = "/good";
        EXPECT_TRUE(state.request(request_).ok()) << body;
    }
}

TEST_F(TrafficScript, WhatFilledTheMemoryIsGoneWithTheNextCall) {
    rules_.maxMemoryBytes = 256 * 1024;
    auto state = stateOf(R"(
local kept = {}
return {on_request = function(request) for i = 1, 400 do kept[#kept + 1] = ("x"):rep(100) .. #kept end end})");
    unsigned failed = 0;
    for (int i = 0; i < 30; ++i) failed += state.request(request_).ok() ? 0U : 1U;
    EXPECT_GT(failed, 0U);
    EXPECT_LT(failed, 15U) << "the state was not made anew";
}

TEST_F(TrafficScript, IsHeldBackAfterManyFailuresInARowAndNeverLeftOut) {
    auto state = onRequest("if request.path == '/bad' then error('no') end");
    for (unsigned i = 0; i + 1 < HookState::kMaxFailures; ++i) {
        request_.path = "/bad";
        EXPECT_FALSE(state.request(request_).ok());
    }
    request_.path = "/good";
    EXPECT_TRUE(state.request(request_).ok()) << "not in a row";
    request_.path = "/bad";
    for (unsigned i = 0; i < HookState::kMaxFailures; ++i) EXPECT_FALSE(state.request(request_).ok());
    request_.path = "/good";
    const auto held = state.request(request_);
    ASSERT_FALSE(held.ok()) << "passed without the script";
    EXPECT_EQ(held.error().code, ErrorCode::kUnavailable);
    clock_.advance(HookState::kHold);
    EXPECT_TRUE(state.request(request_).ok());
}

TEST_F(TrafficScript, CostsLittlePerCall) {
    const core::SystemClock real;
    const std::string_view roles[] = {"clerk"};
    const HookPerson person{"wangmin", "王敏", roles, "d1", "区政府", "科员", 1};
    const HookRequest request{"GET", "/a/b", "x=1", {}, &person};
    const std::pair<const char*, const char*> scripts[] = {
        {"looks at the path", "if request.path:sub(1, 3) ~= '/a/' then return {query = ''} end"},
        {"sets two fields", "return {set = {['X-A'] = request.method, ['X-B'] = request.path}}"},
        {"looks at the person", "if request.person.org ~= 'd1' then return {query = ''} end"}};
    for (const auto& [what, body] : scripts) {
        auto hook = load("return {on_request = function(request)\n" + std::string(body) + "\nend}");
        HookState state(*hook, real);
        // The best of many short rounds: what the call costs, not what the machine does besides.
        constexpr int kCalls = 500;
        std::int64_t took = INT64_MAX;
        for (int round = 0; round < 60; ++round) {
            const auto begin = real.mono();
            for (int i = 0; i < kCalls; ++i) ASSERT_TRUE(state.request(request).ok());
            const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(real.mono() - begin).count();
            took = std::min<std::int64_t>(took, spent / kCalls);
        }
        std::printf("    a traffic script that %s: %lld ns a call\n", what, static_cast<long long>(took));
        EXPECT_LT(took, 20'000);
    }
}

}  // namespace
}  // namespace yimen::adapter
