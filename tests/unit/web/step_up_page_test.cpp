#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::string kExport = "/go/dl-video?to=%2Fvms%2Fexport";

class StepUpPageTest : public testing::Test {
protected:
    StepUpPageTest() {
        EXPECT_TRUE(mountStepUp(hub.router, hub.context).ok());
        person = hub.signIn("gaofeng", "210299D07", "leader");
    }
    http::Response page(const std::string& to) { return hub.get("/step-up?to=" + core::percentEncode(to)); }
    http::Response submit(const http::Response& shown, const std::string& code) {
        return hub.post("/step-up", {{"csrf", test::fieldOf(shown, "csrf")},
                                     {"state", test::fieldOf(shown, "state")},
                                     {"to", test::fieldOf(shown, "to")},
                                     {"code", code}});
    }
    static std::string location(const http::Response& response) {
        return std::string(response.headers.first("Location"));
    }
    identity::Assurance level() { return hub.session->assurance(hub.world.clock.wall()); }

    test::HubWorld hub;
    identity::PersonId person = 0;
};

TEST_F(StepUpPageTest, LeadsToTheSetUpFirstAndBackHere) {
    const auto shown = page(kExport);
    EXPECT_EQ(shown.status, 200);
    EXPECT_NE(shown.body.find("href=\"/me/security?next=%2Fstep-up%3Fto%3D%252Fgo%252Fdl-video"), std::string::npos);
    EXPECT_EQ(shown.body.find("name=\"code\""), std::string::npos) << "there is nothing to type yet";
}

TEST_F(StepUpPageTest, GoesWhereThePersonWantedAfterTheRightCode) {
    const auto seed = hub.enrol(person);
    const auto shown = page(kExport);
    const auto done = submit(shown, hub.codeNow(seed));
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(location(done), kExport);
    EXPECT_EQ(level(), identity::Assurance::kTwoFactors);
    EXPECT_EQ(hub.audit.last(), "step_up.ok gaofeng method=totp");
    EXPECT_TRUE(hub.cookies.contains(kCodeDeviceCookie));
    EXPECT_EQ(location(page(kExport)), kExport) << "proved already: no second question";
}

TEST_F(StepUpPageTest, KeepsTheDestinationOfEachTab) {
    const auto seed = hub.enrol(person);
    const auto first = page(kExport);
    const auto second = page("/me/sessions");
    const auto stays = submit(second, hub.codeNow(seed));
    EXPECT_EQ(location(stays), "/me/sessions");
    EXPECT_EQ(location(submit(first, hub.codeNow(seed))), kExport) << "the code is used up, the proof counts";
}

TEST_F(StepUpPageTest, SaysWhatIsWrongAndRaisesNothing) {
    const auto seed = hub.enrol(person);
    const auto code = hub.codeNow(seed);
    auto shown = page("/me/sessions");
    EXPECT_EQ(location(submit(shown, code)), "/me/sessions");
    hub.world.clock.advance(minutes(16));
    EXPECT_EQ(level(), identity::Assurance::kPassword);
    shown = page("/me/sessions");
    const auto wrong = submit(shown, code);
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(test::fieldOf(wrong, "to"), "/me/sessions") << "the way back stays";
    EXPECT_EQ(hub.audit.last(), "step_up.failed gaofeng reason=wrong");
    EXPECT_EQ(wrong.body.find(code), std::string::npos) << "what was typed is not shown again";
    hub.world.clock.advance(seconds(30));
    ASSERT_EQ(submit(shown, hub.codeNow(seed)).status, 303);
    EXPECT_EQ(submit(shown, hub.codeNow(seed)).status, 401);
    EXPECT_EQ(hub.audit.last(), "step_up.failed gaofeng reason=used");
}

TEST_F(StepUpPageTest, RefusesAFormThatIsNotItsOwn) {
    const auto seed = hub.enrol(person);
    const auto shown = page(kExport);
    const auto code = hub.codeNow(seed);
    const std::string state = test::fieldOf(shown, "state");
    const std::string csrf = test::fieldOf(shown, "csrf");
    const auto refused = [&](const core::FormPairs& fields) {
        const auto answer = hub.post("/step-up", fields);
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(level(), identity::Assurance::kPassword);
    };
    refused({{"csrf", csrf}, {"state", "X" + state.substr(1)}, {"code", code}});
    refused({{"csrf", csrf}, {"state", state + "A"}, {"code", code}});
    refused({{"csrf", csrf}, {"code", code}});
    refused({{"csrf", "of-another-session"}, {"state", state}, {"code", code}});
    hub.origin = "https://evil.example";
    refused({{"csrf", csrf}, {"state", state}, {"code", code}});
    hub.origin = "https://yimen.test";
    hub.cookies[http::LoginForms::kCookie] = std::string(http::LoginForms::kCookie);
    refused({{"csrf", csrf}, {"state", state}, {"code", code}});
    EXPECT_TRUE(hub.audit.events.empty()) << "the code was not even looked at";
}

TEST_F(StepUpPageTest, SendsNobodyElsewhere) {
    const auto seed = hub.enrol(person);
    for (const char* evil : {"//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
                             "https://yimen.test@evil.example/", "https://nobody.yimen.test/"}) {
        const auto shown = page(evil);
        EXPECT_EQ(test::fieldOf(shown, "to"), "/") << evil;
        hub.world.clock.advance(seconds(30));
        EXPECT_EQ(location(submit(shown, hub.codeNow(seed))), "/") << evil;
    }
}

TEST_F(StepUpPageTest, LetsARecoveryCodeThroughOnce) {
    hub.enrol(person);
    const auto codes = hub.factors.renewRecoveryCodes(person);
    const auto shown = hub.get("/step-up?recovery=1&to=" + core::percentEncode("/me/sessions"));
    EXPECT_NE(shown.body.find("name=\"recovery\""), std::string::npos);
    EXPECT_EQ(submit(shown, std::string(codes->front().reveal())).status, 303);
    EXPECT_EQ(hub.audit.last(), "step_up.ok gaofeng method=recovery_code");
    EXPECT_EQ(submit(shown, std::string(codes->front().reveal())).status, 401);
}

TEST_F(StepUpPageTest, AsksNobodyWhoseWayIsClosedAnyhow) {
    hub.signIn("sunyue", "210299D02", "clerk");
    const auto answer = page(kExport);
    EXPECT_EQ(answer.status, 303) << "the rules deny: a code would change nothing, the system's page says why";
    EXPECT_EQ(location(answer), kExport);
}

TEST_F(StepUpPageTest, LetsNobodyPassWithoutTheAuditLine) {
    const auto seed = hub.enrol(person);
    const auto shown = page("/me/sessions");
    hub.audit.down = true;
    EXPECT_EQ(submit(shown, hub.codeNow(seed)).status, 503);
    EXPECT_EQ(level(), identity::Assurance::kPassword);
}

TEST_F(StepUpPageTest, AsksWhenSomethingElseThanTheWayBackNeedsIt) {
    const auto seed = hub.enrol(person);
    EXPECT_EQ(page("/go/dl-video").status, 303) << "the home page needs no code";
    const auto shown = hub.get("/step-up?ask=1&to=" + core::percentEncode("/go/dl-video"));
    ASSERT_EQ(shown.status, 200) << "a change that was refused needs one";
    const core::FormPairs fields{{"csrf", test::fieldOf(shown, "csrf")},
                                 {"state", test::fieldOf(shown, "state")},
                                 {"ask", test::fieldOf(shown, "ask")}};
    auto wrong = fields;
    wrong.emplace_back("code", "12345");
    EXPECT_EQ(hub.post("/step-up", wrong).status, 401);
    auto right = fields;
    right.emplace_back("code", hub.codeNow(seed));
    EXPECT_EQ(location(hub.post("/step-up", right)), "/go/dl-video");
    EXPECT_EQ(level(), identity::Assurance::kTwoFactors);
}

TEST_F(StepUpPageTest, IsForPeopleWhoAreSignedIn) {
    hub.cookies.clear();
    EXPECT_EQ(location(page("/me/sessions")), "/login?to=%2Fstep-up%3Fto%3D%252Fme%252Fsessions");
}

}  // namespace
}  // namespace yimen::web
