#include "admin/api.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

class SystemsApiTest : public testing::Test {
protected:
    SystemsApiTest() { EXPECT_TRUE(mountSystems(hub.router, hub.context).ok()); }
    core::Json call(const std::string& method, const std::string& path, int status) {
        const auto answer = hub.api(method, path);
        EXPECT_EQ(answer.status, status) << method << ' ' << path << ' ' << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    std::vector<std::string> ids() {
        std::vector<std::string> out;
        const core::Json all = call("GET", "/api/v1/systems", 200);
        for (const auto& item : all["items"]) out.push_back(item["id"]);
        return out;
    }

    web::test::HubWorld hub;
};

TEST_F(SystemsApiTest, ShowsWhatThePersonMayEnterAndNothingElse) {
    hub.signIn("gaofeng", "210299D07", "leader");
    const auto leader = ids();
    hub.signIn("visitor", "210299D09", "");
    const auto visitor = ids();
    EXPECT_NE(leader, visitor);
    for (const auto& id : {"dl-video", "qu-tourism"}) {
        const bool shown = std::count(visitor.begin(), visitor.end(), id) > 0;
        const auto why = call("GET", std::string("/api/v1/me/access/") + id, 200);
        EXPECT_EQ(why["allowed"], shown) << id << ": the list and the explanation are of one engine";
        EXPECT_EQ(why["change"].get<std::string>().empty(), shown) << id;
    }
}

TEST_F(SystemsApiTest, TellsHowASystemIsFoundAndOpened) {
    hub.signIn("gaofeng", "210299D07", "leader");
    const auto answer = call("GET", "/api/v1/systems", 200);
    ASSERT_FALSE(answer["items"].empty());
    const auto& item = answer["items"][0];
    EXPECT_EQ(item["open_url"], "/go/" + item["id"].get<std::string>());
    EXPECT_FALSE(item["pinyin"].empty());
    EXPECT_FALSE(item["mark"].get<std::string>().empty());
    EXPECT_EQ(item["state"], "unknown") << "nobody used it yet";
    EXPECT_EQ(item["use_count"], 0);
    EXPECT_TRUE(item["last_used_at"].is_null());
    for (const auto& category : answer["categories"]) {
        EXPECT_NE(category["name"], category["id"]) << "a theme has a name for people";
    }
}

TEST_F(SystemsApiTest, KeepsFavouritesOfWhatMayBeEntered) {
    hub.signIn("gaofeng", "210299D07", "leader");
    const auto id = ids().at(0);
    const std::string path = "/api/v1/me/favourites/" + id;
    for (int i = 0; i < 2; ++i) call("PUT", path, 204);
    EXPECT_EQ(call("GET", "/api/v1/systems", 200)["items"][0]["favourite"], true);
    for (int i = 0; i < 2; ++i) call("DELETE", path, 204);
    EXPECT_EQ(call("GET", "/api/v1/systems", 200)["items"][0]["favourite"], false);
    EXPECT_EQ(call("PUT", "/api/v1/me/favourites/no-such", 404)["code"], "not_found");
    call("DELETE", "/api/v1/me/favourites/no-such", 204);
}

TEST_F(SystemsApiTest, AnUnknownSystemIsNotExplained) {
    hub.signIn("sunyue", "210299D02", "clerk");
    EXPECT_EQ(call("GET", "/api/v1/me/access/no-such", 404)["code"], "not_found");
    hub.cookies.clear();
    EXPECT_EQ(call("GET", "/api/v1/systems", 401)["code"], "no_session");
}

}  // namespace
}  // namespace yimen::admin
