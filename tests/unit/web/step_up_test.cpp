#include "web/step_up.h"

#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using std::chrono::minutes;

const std::string kReset = "/api/v1/admin/people/wangmin/second-factor";

class StepUpRulesTest : public testing::Test {
protected:
    /// What the guard says to a call that only a security administrator may make.
    http::Response reset() { return hub.api("DELETE", kReset); }
    test::HubWorld hub;
};

TEST_F(StepUpRulesTest, AskForAFreshProofBesideTheRole) {
    EXPECT_TRUE(hub.router
                    .add({"DELETE",
                          "/api/v1/admin/people/{username}/second-factor",
                          hub.context.guard.admin({identity::Role::kSecurityAdmin, identity::Role::kAuditor},
                                                  [](const auto&, const auto&) { return http::Response::noContent(); }),
                          {}})
                    .ok());
    hub.signIn("anquanyuan", "210299D11", "security_admin");
    const auto asked = reset();
    EXPECT_EQ(asked.status, 403);
    const auto body = core::parseJson(asked.body).value();
    EXPECT_EQ(body["code"], "insufficient_user_authentication");
    EXPECT_EQ(body["acr_values"], "2");
    EXPECT_EQ(body["max_age"], 300);
    EXPECT_EQ(body["step_up_url"], "/step-up");
    hub.sessions.raiseAssurance(hub.session->id(), identity::Assurance::kTwoFactors);
    EXPECT_EQ(reset().status, 204);
    hub.world.clock.advance(minutes(6));
    EXPECT_EQ(hub.session->assurance(hub.world.clock.wall()), identity::Assurance::kTwoFactors) << "it still counts";
    EXPECT_EQ(reset().status, 403) << "for this call it is too old";
    // A rule that does not concern this role says nothing, so the role decides.
    hub.signIn("zhaoshen", "210299D13", "auditor");
    EXPECT_EQ(reset().status, 204);
    hub.signIn("wangmin", "210299D03", "clerk");
    EXPECT_EQ(reset().status, 403);
    EXPECT_EQ(core::parseJson(reset().body).value()["code"], "forbidden");
}

}  // namespace
}  // namespace yimen::web
