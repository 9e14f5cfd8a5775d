#include "adapter/engine_base.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::IsEmpty;

void signedOn(EngineHarness& harness, const std::string& cookie) {
    CookieJar jar;
    jar.store(cookie, harness.session->origin(), harness.clock.wall());
    harness.session->establish(std::move(jar), nullptr);
}

TEST(SignOff, PostsTheFormsHiddenFields) {
    EngineHarness edu("ln-edu", R"([
        {"request":{"target":"/Default.aspx","headers":{"Cookie":".ASPXAUTH=1"}},"response":{"status":200,"body":"<form method=post><input type=hidden name=__VIEWSTATE value=vs><input type=hidden name=__EVENTTARGET></form>"}},
        {"request":{"method":"POST","target":"/Default.aspx","form":{"__VIEWSTATE":"vs","__EVENTTARGET":"ctl00$lnkLogout"}},"response":{"status":302}}])");
    signedOn(edu, ".ASPXAUTH=1; Path=/");
    const auto outcome = edu.system->engine().signOff(edu.context());
    EXPECT_TRUE(outcome.ok()) << outcome.detail;
    EXPECT_EQ(outcome.trace.size(), 2U);
    EXPECT_THAT(edu.client->faults(), IsEmpty());
}

TEST(SignOff, ForgetsTheSessionEvenWhenTheSystemIsDown) {
    EngineHarness desk("dl-8890", R"([{"request":{"target":"/ms8890/logout.jsp"},"error":"timeout"}])");
    signedOn(desk, "JSESSIONID=1; Path=/");
    EXPECT_EQ(desk.system->engine().signOff(desk.context()).outcome, Outcome::kUnreachable);
    EXPECT_FALSE(desk.session->signedOn());
    EXPECT_EQ(desk.session->cookieHeader("/", desk.clock.wall()), "");
}

TEST(SignOff, SaysWhenTheSystemDidNotConfirm) {
    EngineHarness salvation("nat-salvation",
                            R"([{"request":{"target":"/dbgl/logout.do"},"response":{"status":200,"body":"?"}}])");
    signedOn(salvation, "JSESSIONID=1; Path=/");
    EXPECT_EQ(salvation.system->engine().signOff(salvation.context()).outcome, Outcome::kPageChanged);
    EXPECT_FALSE(salvation.session->signedOn());
}

TEST(SignOff, HasNothingToDoTwice) {
    EngineHarness desk("dl-8890");
    EXPECT_TRUE(desk.system->engine().signOff(desk.context()).ok());
    EXPECT_THAT(desk.client->faults(), IsEmpty());
}

TEST(Refresh, IsNotOfferedByFormSystems) {
    EngineHarness desk("dl-8890");
    EXPECT_EQ(desk.system->engine().refresh(desk.context())->outcome, Outcome::kPageChanged);
    EXPECT_THAT(desk.client->faults(), IsEmpty());
}

TEST(JsonText, FindsMembersByPath) {
    EXPECT_EQ(jsonText(R"({"a":{"b":"x"}})", "a.b"), "x");
    EXPECT_EQ(jsonText(R"({"a":{"b":1}})", "a.b"), std::nullopt);
    EXPECT_EQ(jsonText("nonsense", "a"), std::nullopt);
    EXPECT_EQ(jsonInteger(R"({"n":1800})", "n"), 1800);
    EXPECT_EQ(jsonInteger(R"({"n":"1800"})", "n"), std::nullopt);
}

}  // namespace
}  // namespace yimen::adapter
