#include "gateway/hook_stage.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ScriptStage : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  ("stage" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::unique_ptr<test::FakeSystem> systemWith(const std::string& source) const {
        std::ofstream(folder_ / "traffic.lua") << source;
        return std::make_unique<test::FakeSystem>("qu-tourism", [this](adapter::Manifest& m) {
            m.folder = folder_.string();
            m.traffic.script = "traffic.lua";
            m.traffic.requestFields = {"Accept"};
        });
    }
    std::optional<ScriptStop> ask(const test::FakeSystem& system, std::string_view target = "/wl/?a=b") {
        HookStates states(clock_);
        net::RequestHead head;
        head.method = "GET";
        const auto path = target.find('?');
        return stage_.request(
            {*system.route, states, head, &subject_, target, path == std::string_view::npos ? target.size() : path});
    }
    std::optional<ScriptStop> askBody(const std::string& body) {
        const auto system = systemWith("return {on_request = function(request)\n" + body + "\nend}");
        return ask(*system);
    }

    fs::path folder_;
    core::ManualClock clock_;
    policy::Subject subject_;
    HookStage stage_;
};

TEST_F(ScriptStage, TellsWhatTheRulesKnowAboutThePerson) {
    subject_.username = "wangmin";
    subject_.name = "王敏";
    subject_.roles = {"clerk", "auditor"};
    subject_.posts.push_back({1, {"s1", "d1"}, "科长", {"auditor", "leader"}, "街道"});
    subject_.actingPost = 0;
    const auto stop = askBody(R"(local p = request.person
      return {query = table.concat({p.username, p.org, p.title == "科长" and "t" or "f", table.concat(p.roles, ".")}, "-")})");
    ASSERT_FALSE(stop.has_value()) << stop->error;
    EXPECT_EQ(stage_.targetToSend("/wl/?a=b"), "/wl/?wangmin-s1-t-clerk.auditor.leader");
}

TEST_F(ScriptStage, APersonOnAPublicPathIsNil) {
    const auto system = systemWith("return {on_request = function(r) if r.person then error('somebody') end end}");
    HookStates states(clock_);
    net::RequestHead head;
    EXPECT_FALSE(stage_.request({*system->route, states, head, nullptr, "/open", 5}).has_value());
}

TEST_F(ScriptStage, TheQueryIsReplacedOrTakenAwayAndNothingElseOfTheTarget) {
    EXPECT_FALSE(askBody("return {query = ''}").has_value());
    EXPECT_EQ(stage_.targetToSend("/wl/?a=b"), "/wl/");
    stage_ = {};
    EXPECT_FALSE(askBody("return nil").has_value());
    EXPECT_EQ(stage_.targetToSend("/wl/?a=b"), "/wl/?a=b");
    EXPECT_EQ(stage_.ofRequest(), nullptr);
}

TEST_F(ScriptStage, NothingPassesWhenTheScriptFailsOrReachesForWhatIsNotIts) {
    for (const char* body : {"error('x')", "while true do end", "return {set = {Host = 'evil'}}",
                             "return {set = {['X-Remote-User'] = 'root'}}", "return {set = {['X-A'] = 'a\\r\\nB: c'}}",
                             "return {set = {Cookie = 'sessionid=stolen'}}", "return {remove = {'Content-Length'}}",
                             "return {set = {Authorization = 'Basic cm9vdA=='}}", "return 'deny'"}) {
        stage_ = {};
        const auto stop = askBody(body);
        ASSERT_TRUE(stop.has_value()) << body;
        EXPECT_TRUE(stop->failed && stop->status == 502) << body;
        EXPECT_THAT(stop->error, HasSubstr(folder_.filename().string() + "/traffic.lua")) << body;
        EXPECT_EQ(stage_.ofRequest(), nullptr) << body;
    }
}

TEST_F(ScriptStage, ADenialKeepsStatusAndWords) {
    const auto stop = askBody("return {deny = {status = 451, zh = '不行', en = 'no'}}");
    ASSERT_TRUE(stop.has_value());
    EXPECT_FALSE(stop->failed);
    EXPECT_EQ(stop->status, 451);
    EXPECT_EQ(stop->reason.zh, "不行");
}

TEST_F(ScriptStage, StatesOfReplacedAdaptersGo) {
    HookStates states(clock_);
    auto first = systemWith("return {on_request = function() end}");
    states.of(first->adapter->hook());
    states.of(first->adapter->hook());
    EXPECT_EQ(states.size(), 1U);
    first.reset();
    const auto second = systemWith("return {on_request = function() end}");
    states.of(second->adapter->hook());
    EXPECT_EQ(states.size(), 1U);
}

TEST(TroubleNumber, TellsTimeAndExchange) {
    EXPECT_EQ(troubleNumber(core::fromUnixSeconds(0x6742f1a3), 0x1f), "6742f1a3-1f");
}

TEST(StopReply, APersonGetsAPageAndAScriptJsonBothWithTheNumber) {
    const test::FakeSystem system;
    const ScriptStop stop{false, 451, {"<b>不行</b>", "no & never"}, ""};
    const auto page = stopReply(*system.route, stop, Reader::kPage, "1-2");
    EXPECT_EQ(page.status, 451);
    EXPECT_THAT(*page.body, HasSubstr("&lt;b&gt;不行&lt;/b&gt;"));
    EXPECT_THAT(*page.body, HasSubstr("no &amp; never"));
    EXPECT_THAT(*page.body, HasSubstr("qu-tourism"));
    EXPECT_THAT(*page.body, HasSubstr("<code>1-2</code>"));
    const auto json = stopReply(*system.route, {true, 502, {"坏", "broken"}, "a.lua:1: x"}, Reader::kScript, "1-2");
    EXPECT_THAT(*json.body, HasSubstr("\"code\":\"hook_failed\""));
    EXPECT_THAT(*json.body, HasSubstr("\"trace_id\":\"1-2\""));
    EXPECT_EQ(json.body->find("a.lua"), std::string::npos) << "the error is the administrator's";
}

}  // namespace
}  // namespace yimen::gateway
