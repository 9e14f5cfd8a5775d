#include "unit/admin/fake_operations.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

const std::string kPeople = "/api/v1/admin/people";
const std::string kImport = "/api/v1/admin/people/import";

class PeopleApiTest : public testing::Test {
protected:
    PeopleApiTest() { EXPECT_TRUE(mountPeople(hub.router, hub.context, operations).ok()); }
    core::Json read(const http::Response& answer, int status) {
        EXPECT_EQ(answer.status, status) << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    core::Json get(const std::string& path, int status = 200) { return read(hub.api("GET", path), status); }
    core::Json import(const std::string& csv, int status, const std::string& query = "") {
        return read(hub.ask("POST", kImport + query, "text/csv", csv), status);
    }

    test::FakeOperations operations;
    web::test::HubWorld hub;
};

TEST_F(PeopleApiTest, IsForAdministratorsAndImportingForOneOfThem) {
    hub.signIn("wangmin", "210299D03", "clerk");
    for (const char* path : {"/api/v1/admin/people", "/api/v1/admin/orgs", "/api/v1/admin/access?who=a&system=b"})
        EXPECT_EQ(get(path, 403)["code"], "forbidden") << path;
    hub.signIn("shenji", "210299D13", "auditor");
    get(kPeople);
    import("username,name,phone,password\n", 403);
    EXPECT_TRUE(operations.applied.people.empty());
}

TEST_F(PeopleApiTest, GivesPagesInOrderWithoutLosingAnybody) {
    hub.signIn("ligong", "210299D01", "system_admin");
    for (const char* name : {"a1", "a2", "a3", "a4"}) hub.world.person(name);
    ASSERT_TRUE(hub.context.hub.directory.reload().ok());
    std::vector<std::string> seen;
    std::string cursor;
    do {
        const auto page = get(kPeople + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
        EXPECT_EQ(page["count"], 5);
        EXPECT_LE(page["items"].size(), 2U);
        for (const auto& one : page["items"]) seen.push_back(one["username"]);
        cursor = page["next"].is_null() ? "" : page["next"].get<std::string>();
    } while (!cursor.empty());
    EXPECT_EQ(seen, (std::vector<std::string>{"ligong", "a1", "a2", "a3", "a4"}));
    EXPECT_EQ(get(kPeople + "?q=a3")["count"], 1);
    const auto admin = get(kPeople + "?q=ligong")["items"][0];
    EXPECT_EQ(admin["roles"], core::Json({"system_admin"}));
    EXPECT_EQ(admin["posts"][0]["current"], true);
    for (const char* odd : {"cursor=x", "cursor=-1", "limit=0", "limit=999999999999999999999"})
        get(kPeople + "?" + odd);
}

TEST_F(PeopleApiTest, TellsTheFilesApartByTheirHeader) {
    hub.signIn("ligong", "210299D01", "system_admin");
    operations.report.peopleAdded = 2;
    const std::string people = "\xEF\xBB\xBFusername,name,phone,password\nx,y,,\n";
    EXPECT_EQ(import(people, 200)["created"], 2);
    EXPECT_EQ(operations.applied.people, people);
    EXPECT_EQ(hub.audit.last(), "people.imported ligong created=2");
    import("username,org,title,roles,valid_from,valid_to\n", 200);
    EXPECT_FALSE(operations.applied.posts.empty());
    import("code,parent,kind,name,name_en,valid_from,valid_to\n", 200);
    EXPECT_FALSE(operations.applied.organisations.empty());
    for (const char* odd : {"", "name,username\n", "id;name\n"}) {
        const auto problem = import(odd, 422);
        EXPECT_EQ(problem["code"], "import_lines") << odd;
        EXPECT_EQ(problem["fields"][0]["name"], "line 1");
    }
}

TEST_F(PeopleApiTest, ADryRunWritesNothingAndNamesEveryBadLine) {
    hub.signIn("ligong", "210299D01", "system_admin");
    operations.report.problems = {{"people.csv", 3, "phone", "not a number", "give eleven digits"},
                                  {"people.csv", 9, "", "too few cells", "add them"}};
    const std::string people = "username,name,phone,password\n";
    const auto dry = import(people, 200, "?dry_run=1");
    EXPECT_EQ(dry["dry_run"], true);
    ASSERT_EQ(dry["bad"].size(), 2U);
    EXPECT_EQ(dry["bad"][0]["line"], 3);
    EXPECT_TRUE(operations.applied.people.empty());
    EXPECT_TRUE(hub.audit.events.empty());
    const auto refused = import(people, 422);
    EXPECT_EQ(refused["fields"].size(), 2U);
    EXPECT_TRUE(hub.audit.events.empty()) << "nothing was imported";
}

TEST_F(PeopleApiTest, ExplainsWhyAnybodyMayOrMayNot) {
    hub.signIn("sunyue", "210299D02", "clerk");
    hub.signIn("shenji", "210299D13", "auditor");
    const auto why = get("/api/v1/admin/access?who=sunyue&system=dl-video");
    EXPECT_EQ(why["system"], "dl-video");
    EXPECT_EQ(why["allowed"].get<bool>(), why["change"].get<std::string>().empty());
    get("/api/v1/admin/access?who=nobody&system=dl-video", 404);
    get("/api/v1/admin/access?who=sunyue&system=nothing", 404);
    get("/api/v1/admin/access", 404);
}

TEST_F(PeopleApiTest, ShowsTheTreeParentsFirstWithItsPeople) {
    hub.signIn("ligong", "210299D01", "system_admin");
    const auto district = hub.world.organisation("210299", store::OrgKind::kDistrict, 0);
    hub.world.organisation("210299S01", store::OrgKind::kStreet, district);
    ASSERT_TRUE(hub.context.hub.directory.reload().ok());
    const auto items = get("/api/v1/admin/orgs")["items"];
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < items.size(); ++i) place[items[i]["name"]] = i;
    const auto& street = items[place.at("210299S01")];
    EXPECT_EQ(street["parent_id"], std::to_string(district));
    EXPECT_EQ(street["kind"], "street");
    EXPECT_LT(place.at("210299"), place.at("210299S01"));
    EXPECT_EQ(items[place.at("210299D01")]["people"], 1);
}

}  // namespace
}  // namespace yimen::admin
