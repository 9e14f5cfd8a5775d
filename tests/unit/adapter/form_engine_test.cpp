#include "adapter/form_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string page(int status, const std::string& body) {
    core::Json exchange;
    exchange["request"]["target"] = "/wl/login/";
    exchange["response"] = {{"status", status}, {"body", body}};
    return exchange.dump();
}

const std::string kForm =
    "<form method=post action=/wl/login/><input type=hidden name=csrfmiddlewaretoken value=t><input "
    "name=username><input name=password></form>";
const std::string kPost = R"({"request":{"method":"POST","target":"/wl/login/"},)";

struct Tourism : EngineHarness {
    explicit Tourism(const std::string& exchanges, const std::function<void(Manifest&)>& change = {})
        : EngineHarness("qu-tourism", "[" + exchanges + "]", change) {
        secret("username", "u");
        secret("password", "p");
    }
};

Matcher textMatcher(const std::string& text) {
    Matcher matcher;
    matcher.bodyContains = text;
    matcher.name = "declared";
    return matcher;
}

TEST(FormEngine, SeesMaintenanceBeforeAnythingIsPosted) {
    Tourism tourism(page(200, "<p>系统维护中</p>" + kForm),
                    [](Manifest& manifest) { manifest.signals.maintenance = {textMatcher("系统维护中")}; });
    const auto outcome = tourism.signOn();
    EXPECT_EQ(outcome->outcome, Outcome::kMaintenance);
    EXPECT_EQ(outcome->step, "login_page");
    EXPECT_THAT(tourism.client->faults(), IsEmpty());
}

TEST(FormEngine, LeavesCaptchasToTheHuman) {
    Tourism tourism(page(200, kForm + "<img id=captcha>"),
                    [](Manifest& manifest) { manifest.signals.captcha = {textMatcher("id=captcha")}; });
    EXPECT_EQ(tourism.signOn()->outcome, Outcome::kCaptcha);
    EXPECT_THAT(tourism.client->faults(), IsEmpty());
}

TEST(FormEngine, PostsNothingToAFormThatChanged) {
    const std::pair<std::string, std::string> cases[] = {
        {"<p>no form</p>", "no form"},
        {"<form action=/wl/login/><input name=csrfmiddlewaretoken><input name=password></form>", "no longer posted"},
        {"<form method=post action=/elsewhere/><input name=csrfmiddlewaretoken><input name=password></form>",
         "another address"},
        {"<form method=post action=//evil.test/wl/login/><input name=csrfmiddlewaretoken><input name=password></form>",
         "another server"},
        {"<form method=post action=/wl/login/><input name=password></form>", "csrfmiddlewaretoken"}};
    for (const auto& [html, why] : cases) {
        Tourism tourism(page(200, html));
        const auto outcome = tourism.signOn();
        EXPECT_EQ(outcome->outcome, Outcome::kPageChanged) << html;
        EXPECT_THAT(outcome->detail, HasSubstr(why)) << html;
        EXPECT_THAT(tourism.client->faults(), IsEmpty()) << html;
    }
}

TEST(FormEngine, NeverRepeatsAPostThatGotLost) {
    Tourism tourism(page(200, kForm) + "," + kPost + R"("error":"timeout"})");
    const auto outcome = tourism.signOn();
    EXPECT_EQ(outcome->outcome, Outcome::kUnreachable);
    EXPECT_EQ(outcome->step, "submit");
    EXPECT_THAT(tourism.client->faults(), IsEmpty());
}

TEST(FormEngine, DoesNotBelieveASuccessWithoutASession) {
    Tourism tourism(
        page(200, kForm) + "," + kPost +
        R"("response":{"status":302,"headers":[["Set-Cookie","sessionid=1"],["Location","/wl/"]]}},)" +
        R"({"request":{"target":"/wl/"},"response":{"status":302,"headers":[["Location","/wl/login/?next=/wl/"]]}})");
    const auto outcome = tourism.signOn();
    EXPECT_EQ(outcome->outcome, Outcome::kPageChanged);
    EXPECT_EQ(outcome->step, "confirm");
    EXPECT_FALSE(tourism.session->signedOn());
}

TEST(FormEngine, KeepsTheSessionThatWasThereWhenAnAttemptFails) {
    Tourism tourism(page(200, kForm) + "," + kPost +
                    R"("response":{"status":200,"body":"<ul class='errorlist'>x</ul>"}})");
    tourism.session->putCookie("sessionid", "old", tourism.clock.wall());
    EXPECT_EQ(tourism.signOn()->outcome, Outcome::kBadPassword);
    EXPECT_EQ(tourism.session->cookieHeader("/wl/", tourism.clock.wall()), "sessionid=old");
}

TEST(FormEngine, TellsARefusedPageFromADeadSystem) {
    Tourism gone(page(404, "x"));
    EXPECT_EQ(gone.signOn()->outcome, Outcome::kPageChanged);
    Tourism dead(page(502, "x"));
    EXPECT_EQ(dead.signOn()->outcome, Outcome::kUnreachable);
}

}  // namespace
}  // namespace yimen::adapter
