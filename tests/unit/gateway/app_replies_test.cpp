#include "gateway/app_replies.h"

#include "core/json.h"
#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

using net::FieldId;

std::string field(const net::Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.fields) {
        if (key == name) return value;
    }
    return {};
}

TEST(TroubleReply, ADenialTellsTheHubWhatWasAskedAndOffersNoRepeatOfAChange) {
    const test::FakeSystem system;
    const auto page = troubleReply(*system.route, Trouble::kReadOnly, Reader::kPage, {"POST", "/wl/feedback/"});
    EXPECT_EQ(field(page, "Location"),
              "https://yimen.test/trouble?kind=read_only&system=qu-tourism&method=POST&to=%2Fwl%2Ffeedback%2F");
    const auto json = troubleReply(*system.route, Trouble::kReadOnly, Reader::kScript, {"POST", "/wl/feedback/"});
    EXPECT_EQ(json.status, 403);
    EXPECT_NE(json.body->find("\"code\":\"read_only\""), std::string::npos);
    EXPECT_EQ(json.body->find("feedback"), std::string::npos) << *json.body;
    const auto down = troubleReply(*system.route, Trouble::kDown, Reader::kPage, {"POST", "/wl/feedback/"});
    EXPECT_EQ(field(down, "Location").find("feedback"), std::string::npos);
}

TEST(ReaderOf, FetchMetadataDecidesBeforeEverythingElse) {
    const auto reader = [](std::string_view mode, std::string_view dest) {
        const test::Fields fields{
            {"Sec-Fetch-Mode", mode}, {"Sec-Fetch-Dest", dest}, {"Accept", "text/html", FieldId::kAccept}};
        return readerOf(fields.request());
    };
    EXPECT_EQ(reader("navigate", "document"), Reader::kPage);
    for (const char* frame : {"iframe", "frame", "embed", "object"})
        EXPECT_EQ(reader("navigate", frame), Reader::kFrame);
    for (const char* mode : {"cors", "no-cors", "same-origin", "websocket"}) {
        EXPECT_EQ(reader(mode, "empty"), Reader::kScript) << mode;
    }
}

TEST(ReaderOf, OldBrowsersAreToldByRequestedWithAndAccept) {
    EXPECT_EQ(readerOf(test::Fields{{"X-Requested-With", "xmlhttprequest", FieldId::kXRequestedWith},
                                    {"Accept", "text/html", FieldId::kAccept}}
                           .request()),
              Reader::kScript);
    EXPECT_EQ(readerOf(test::Fields{{"Accept", "text/html,application/json;q=0.9", FieldId::kAccept}}.request()),
              Reader::kPage);
    EXPECT_EQ(readerOf(test::Fields{{"Accept", "application/json", FieldId::kAccept}}.request()), Reader::kScript);
    EXPECT_EQ(readerOf(test::Fields{}.request()), Reader::kScript);
}

TEST(TroubleReply, SendsAPageWhereHelpIs) {
    const test::FakeSystem system;
    const auto location = [&](Trouble trouble) {
        const auto reply = troubleReply(*system.route, trouble, Reader::kPage, {"GET", "/a?b=c&d"});
        EXPECT_EQ(reply.status, 303);
        EXPECT_EQ(field(reply, "Cache-Control"), "no-store");
        return field(reply, "Location");
    };
    EXPECT_EQ(location(Trouble::kSignedOut), "https://yimen.test/go/qu-tourism?to=%2Fa%3Fb%3Dc%26d");
    EXPECT_EQ(location(Trouble::kNotLinked), "https://yimen.test/me/links?system=qu-tourism");
    EXPECT_EQ(location(Trouble::kLinkBroken), "https://yimen.test/me/links?system=qu-tourism");
    EXPECT_EQ(location(Trouble::kSlow), "https://yimen.test/trouble?kind=slow&system=qu-tourism&to=%2Fa%3Fb%3Dc%26d");
}

TEST(TroubleReply, AnswersAScriptWithAStatusAndTheWayIn) {
    const test::FakeSystem system;
    const auto reply = troubleReply(*system.route, Trouble::kSignedOut, Reader::kScript, {"GET", "/x"});
    EXPECT_EQ(reply.status, 401);
    EXPECT_FALSE(field(reply, "WWW-Authenticate").empty());
    const auto json = core::parseJson(*reply.body);
    ASSERT_TRUE(json.ok());
    EXPECT_EQ((*json)["code"], "signed_out");
    EXPECT_EQ((*json)["login_url"], "https://yimen.test/go/qu-tourism?to=%2Fx");
    EXPECT_EQ(field(troubleReply(*system.route, Trouble::kBusy, Reader::kScript, {"GET", "/"}), "Retry-After"), "5");
}

TEST(TroubleReply, LeadsToAProofAndBackWhenARuleAsksForOne) {
    const test::FakeSystem system;
    const std::string there = "https://yimen.test/step-up?to=%2Fgo%2Fqu-tourism%3Fto%3D%252Fa%253Fb%253Dc%2526d";
    const auto page = troubleReply(*system.route, Trouble::kStepUp, Reader::kPage, {"GET", "/a?b=c&d"}, {2, {}});
    EXPECT_EQ(page.status, 303);
    EXPECT_EQ(field(page, "Location"), there);
    const auto script = troubleReply(*system.route, Trouble::kStepUp, Reader::kScript, {"GET", "/a?b=c&d"},
                                     {2, std::chrono::minutes(5)});
    EXPECT_EQ(script.status, 403);
    const auto json = core::parseJson(*script.body);
    EXPECT_EQ((*json)["code"], "insufficient_user_authentication");
    EXPECT_EQ((*json)["acr_values"], "2");
    EXPECT_EQ((*json)["max_age"], 300);
    EXPECT_EQ((*json)["step_up_url"], there);
    const auto denied =
        core::parseJson(*troubleReply(*system.route, Trouble::kDenied, Reader::kScript, {"GET", "/"}).body);
    EXPECT_FALSE(denied->contains("step_up_url"));
    const auto frame = troubleReply(*system.route, Trouble::kStepUp, Reader::kFrame, {"GET", "/a"});
    EXPECT_NE(frame.body->find("target=\"_top\" href=\"https://yimen.test/step-up?to="), std::string::npos);
    const auto changed = troubleReply(*system.route, Trouble::kStepUp, Reader::kPage, {"POST", "/a?b=c&d"}, {2, {}});
    EXPECT_EQ(field(changed, "Location"), "https://yimen.test/step-up?to=%2Fgo%2Fqu-tourism&ask=1");
}

TEST(TroubleReply, AsksForAClickInAFrame) {
    const test::FakeSystem system;
    const auto reply = troubleReply(*system.route, Trouble::kSignedOut, Reader::kFrame, {"GET", "/\"><script>"});
    EXPECT_EQ(reply.status, 401);
    EXPECT_NE(reply.body->find("target=\"_top\""), std::string::npos);
    EXPECT_EQ(reply.body->find("<script"), std::string::npos);
}

TEST(TroubleReply, ForgetsATargetThatIsTooLongForAnAddress) {
    const test::FakeSystem system;
    EXPECT_EQ(entryUrl(*system.route, "/" + std::string(2000, 'a')), "https://yimen.test/go/qu-tourism");
    EXPECT_EQ(entryUrl(*system.route, "/"), "https://yimen.test/go/qu-tourism");
}

TEST(TroubleOf, TellsASystemThatIsDownFromAnAccountThatIsWrong) {
    using Kind = SignOnReport::Kind;
    const auto of = [](Kind kind, adapter::Outcome outcome) {
        SignOnReport report;
        report.kind = kind;
        report.outcome.outcome = outcome;
        return troubleOf(report);
    };
    EXPECT_EQ(of(Kind::kReady, adapter::Outcome::kOk), std::nullopt);
    EXPECT_EQ(of(Kind::kNotLinked, {}), Trouble::kNotLinked);
    EXPECT_EQ(of(Kind::kLinkBroken, {}), Trouble::kLinkBroken);
    EXPECT_EQ(of(Kind::kBusy, {}), Trouble::kBusy);
    EXPECT_EQ(of(Kind::kFailed, adapter::Outcome::kUnreachable), Trouble::kDown);
    EXPECT_EQ(of(Kind::kFailed, adapter::Outcome::kMaintenance), Trouble::kMaintenance);
    EXPECT_EQ(of(Kind::kFailed, adapter::Outcome::kSecondSession), Trouble::kSecondSession);
    EXPECT_EQ(of(Kind::kFailed, adapter::Outcome::kBadPassword), Trouble::kLinkBroken);
    EXPECT_EQ(of(Kind::kFailed, adapter::Outcome::kPageChanged), Trouble::kSignOnFailed);
}

TEST(TroubleReply, EveryTroubleHasItsOwnCodeAndAnErrorStatus) {
    std::vector<std::string> codes;
    for (int i = 0; i <= static_cast<int>(Trouble::kNotRepeated); ++i) {
        const auto trouble = static_cast<Trouble>(i);
        EXPECT_GE(statusOf(trouble), 400);
        codes.emplace_back(codeOf(trouble));
    }
    std::sort(codes.begin(), codes.end());
    EXPECT_EQ(std::adjacent_find(codes.begin(), codes.end()), codes.end());
}

}  // namespace
}  // namespace yimen::gateway
