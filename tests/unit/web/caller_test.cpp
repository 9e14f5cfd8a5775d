#include "web/caller.h"

#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using identity::Role;
using std::chrono::minutes;
using std::chrono::seconds;
using test::kHub;

class CallerGuardTest : public testing::Test {
protected:
    CallerGuardTest() {
        const auto& guard = hub.context.guard;
        const auto yes = [](const http::Request&, const Caller& caller) {
            return http::Response::text(200, caller.person.usernameKey);
        };
        for (const auto& route :
             std::vector<http::Route>{{"GET", "/me/page", guard.page(yes), {}},
                                      {"GET", "/api/v1/x", guard.api(yes), {}},
                                      {"POST", "/api/v1/x", guard.api(yes), {}},
                                      {"GET", "/api/v1/a", guard.admin({Role::kAuditor}, yes), {}},
                                      {"POST", "/api/v1/a", guard.admin({Role::kAuditor}, yes), {}}}) {
            EXPECT_TRUE(hub.router.add(route).ok());
        }
    }
    static std::string codeOf(const http::Response& answer) {
        const auto body = core::parseJson(answer.body);
        return std::to_string(answer.status) + ' ' + (body.ok() ? body->value("code", "") : answer.body);
    }
    std::string get(const std::string& path = "/api/v1/x") { return codeOf(hub.api("GET", path)); }
    std::string post(const std::string& path = "/api/v1/x") { return codeOf(hub.api("POST", path)); }

    test::HubWorld hub;
};

TEST_F(CallerGuardTest, SendsAPageToTheSignInWithTheWayBack) {
    const auto answer = hub.get("/me/page?a=1&b=%2F");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(test::location(answer), "/login?to=%2Fme%2Fpage%3Fa%3D1%26b%3D%252F");
    EXPECT_EQ(get(), "401 no_session") << "a call must not follow a redirect into a page";
    hub.signIn("sunyue", "210299D02", "clerk");
    EXPECT_EQ(hub.get("/me/page").body, "sunyue");
    EXPECT_EQ(get(), "200 sunyue");
}

TEST_F(CallerGuardTest, KnowsNobodyByACookieThatIsNotExactlyTheHubs) {
    const auto person = hub.signIn("sunyue", "210299D02", "clerk");
    const std::string good = hub.cookies[kHub];
    const auto app = hub.sessions.ticketFor(*hub.session, identity::appPurpose("dl-video"));
    ASSERT_TRUE(app.ok());
    std::string changed = good;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    for (const std::string& bad : {std::string(), std::string("x"), changed, good + "A", good.substr(1), *app}) {
        hub.cookies[kHub] = bad;
        EXPECT_EQ(get(), "401 no_session") << bad;
    }
    // Two of the name: one may have been planted, so neither counts.
    http::Request twice;
    twice.cookies.add(kHub, good);
    ASSERT_TRUE(hub.context.guard.callerOf(twice).ok());
    twice.cookies.add(kHub, good);
    EXPECT_FALSE(hub.context.guard.callerOf(twice).ok());
    hub.cookies[kHub] = good;
    auto record = *hub.context.hub.directory.current()->person(person);
    record.state = store::PersonState::kDisabled;
    ASSERT_TRUE(hub.people.updatePerson(record).ok());
    EXPECT_EQ(get(), "401 no_session") << "closed while signed in";
}

TEST_F(CallerGuardTest, WantsTheOriginAndTheTokenOfThisSessionForAChange) {
    hub.signIn("gaofeng", "210299D07", "leader");
    const auto other = hub.session;
    hub.signIn("sunyue", "210299D02", "clerk");
    EXPECT_EQ(post(), "200 sunyue");
    const auto mine = hub.session;
    hub.session = other;
    EXPECT_EQ(post(), "403 csrf") << "the token of somebody else";
    hub.session = nullptr;
    EXPECT_EQ(post(), "403 csrf") << "no token";
    EXPECT_EQ(get(), "200 sunyue") << "to read needs none";
    hub.session = mine;
    for (const char* origin : {"https://evil.example", "null", "https://dl-video.yimen.test", "http://yimen.test"}) {
        hub.origin = origin;
        EXPECT_EQ(post(), "403 csrf") << origin;
    }
}

TEST_F(CallerGuardTest, AsksTheRolesOfToday) {
    hub.signIn("wangmin", "210299D03", "clerk");
    EXPECT_EQ(get("/api/v1/a"), "403 forbidden");
    EXPECT_EQ(post("/api/v1/a"), "403 forbidden");
    const auto auditor = hub.signIn("zhaoshen", "210299D13", "auditor");
    EXPECT_EQ(get("/api/v1/a"), "200 zhaoshen");
    EXPECT_EQ(post("/api/v1/a"), "200 zhaoshen");
    hub.session = nullptr;
    EXPECT_EQ(post("/api/v1/a"), "403 csrf") << "the role does not stand in for the token";
    auto posts = hub.world.stores.posts->all().value();
    auto& ended = *std::find_if(posts.begin(), posts.end(), [&](const auto& p) { return p.person == auditor; });
    ended.validity.to = identity::dayAt(hub.world.clock.wall(), minutes(480)) - 1;
    ASSERT_TRUE(hub.world.stores.posts->update(ended).ok());
    ASSERT_TRUE(hub.context.hub.directory.reload().ok());
    EXPECT_EQ(get("/api/v1/a"), "403 forbidden") << "the post ended yesterday";
}

TEST_F(CallerGuardTest, LetsAnAdministratorsSessionRestShorter) {
    hub.signIn("sunyue", "210299D02", "clerk");
    hub.world.clock.advance(seconds(1795));
    EXPECT_EQ(get(), "200 sunyue");
    hub.world.clock.advance(seconds(1801));
    EXPECT_EQ(get(), "401 no_session");
    hub.signIn("zhaoshen", "210299D13", "auditor");
    hub.world.clock.advance(seconds(595));
    EXPECT_EQ(get(), "200 zhaoshen") << "and this counts as a visit";
    hub.world.clock.advance(seconds(595));
    EXPECT_EQ(get(), "200 zhaoshen");
    hub.world.clock.advance(seconds(620));
    EXPECT_EQ(get(), "401 no_session");
    EXPECT_EQ(get(), "401 no_session") << "the try that was refused was no visit";
}

TEST_F(CallerGuardTest, AnOpenEventStreamIsNoVisit) {
    hub.signIn("sunyue", "210299D02", "clerk");
    http::Request stream;
    stream.headers.set("Accept", "text/event-stream");
    stream.cookies.add(kHub, hub.cookies[kHub]);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(hub.context.guard.callerOf(stream).ok()) << i;
        hub.world.clock.advance(seconds(610));
    }
    EXPECT_FALSE(hub.context.guard.callerOf(stream).ok()) << "idle, whatever its page asked for meanwhile";
    EXPECT_EQ(get(), "401 no_session");
}

TEST_F(CallerGuardTest, AnswersInTheReadersLanguage) {
    http::Request request;
    request.requestId = "trace-7";
    request.headers.set("Accept-Language", "en");
    const auto title = [&] {
        return core::parseJson(apiProblem(request, 409, "conflict", "冲突", "Conflict").body).value()["title"];
    };
    EXPECT_EQ(title(), "Conflict");
    request.cookies.add("yimen-lang", "zh-CN");
    EXPECT_EQ(title(), "冲突") << "what was chosen here goes before what the browser says";
    const auto answer = apiProblem(request, core::makeError(core::ErrorCode::kInternal, "shown", "hidden-detail"));
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("hidden-detail"), std::string::npos);
    EXPECT_NE(answer.body.find("trace-7"), std::string::npos);
}

}  // namespace
}  // namespace yimen::web
