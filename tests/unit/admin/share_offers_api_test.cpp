#include <algorithm>

#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

using core::Json;

class ShareOffersTest : public ::testing::Test {
protected:
    ShareOffersTest() { EXPECT_TRUE(mountShareOffers(world.hub.router, world.hub.context, world.desk).ok()); }
    Json shown() {
        const auto answer = world.hub.get("/api/v1/share-offers/ZS-MS-005");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return world.body(answer);
    }
    static Json fieldOf(const Json& offer, const std::string& name) {
        const auto found = std::find_if(offer["fields"].begin(), offer["fields"].end(),
                                        [&](const Json& field) { return field["name"] == name; });
        return found == offer["fields"].end() ? Json() : *found;
    }
    ShareHub world;
};

TEST_F(ShareOffersTest, NameOnlyWhatIsSuppliedAndTheUnitThatDecides) {
    world.signIn("renshe", world.consumer, "clerk");
    const Json items = world.body(world.hub.get("/api/v1/share-offers"))["items"];
    ASSERT_EQ(items.size(), 1U) << "one of the 260 items is supplied here";
    EXPECT_EQ(items[0]["code"], "ZS-MS-005");
    EXPECT_EQ(items[0]["owner"]["name"], "区民政局");
    EXPECT_EQ(world.hub.get("/api/v1/share-offers/ZS-MS-001").status, 404) << "not supplied";
    EXPECT_EQ(world.hub.get("/api/v1/share-offers/nothing").status, 404);
}

TEST_F(ShareOffersTest, SaysForWhichUnitsOneMayAskAndOfWhichStreets) {
    world.signIn("renshe", world.consumer, "clerk");
    const Json offer = shown();
    ASSERT_EQ(offer["units"].size(), 1U);
    EXPECT_EQ(offer["units"][0]["code"], "D15");
    ASSERT_EQ(offer["areas"].size(), 1U) << "streets, neither the district nor communities";
    EXPECT_EQ(offer["areas"][0]["code"], "210299001");
}

TEST_F(ShareOffersTest, ProposesTheMaskThatFitsWhatAFieldSaysOfAPerson) {
    const auto document = config::YamlDocument::parse(
        "fields:\n  - {to: name, personal: name}\n  - {to: id_no, personal: id_no}\n  - {to: phone, personal: phone}\n"
        "  - {to: address, personal: address}\n  - {to: account, personal: sensitive}\n"
        "  - {to: amount, personal: sensitive}\n  - {to: month}\n",
        "data.yaml");
    ASSERT_TRUE(document.ok());
    world.data.item.fields = *document->root().find("fields");
    world.signIn("renshe", world.consumer, "clerk");
    const Json offer = shown();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"name", "name"},    {"id_no", "id_number"}, {"phone", "phone"}, {"address", "address"},
        {"account", "hash"}, {"amount", "hash"},     {"month", "plain"}, {"id", "plain"}};
    for (const auto& [field, mask] : expected) EXPECT_EQ(fieldOf(offer, field)["mask"], mask) << field;
    EXPECT_EQ(fieldOf(offer, "id_no")["personal"], "id_no");
    EXPECT_EQ(fieldOf(offer, "month")["personal"], "none");
    // What is proposed is accepted as it stands.
    Json columns = Json::array();
    for (const Json& field : offer["fields"]) columns.push_back({{"field", field["name"]}, {"mask", field["mask"]}});
    const auto asked = world.hub.api("POST", "/api/v1/shares", world.draft({{"columns", columns}}));
    ASSERT_EQ(asked.status, 200) << asked.body;
    EXPECT_EQ(fieldOf(world.body(asked), "phone")["title"], "电话") << "a share names its fields too";
}

TEST_F(ShareOffersTest, TellNothingWithoutASession) {
    world.hub.cookies.clear();
    world.hub.session = nullptr;
    EXPECT_EQ(world.hub.get("/api/v1/share-offers").status, 401);
}

TEST_F(ShareOffersTest, AreNotConfusedWithWhoAskedAndWhoDecides) {
    const auto decider = world.signIn("minzheng", world.owner, "leader");
    world.signIn("renshe", world.consumer, "clerk");
    const Json made = world.body(world.hub.api("POST", "/api/v1/shares", world.draft()));
    EXPECT_EQ(made["mine"], true);
    EXPECT_EQ(made["decides"], false);
    EXPECT_EQ(made["rows_unit"]["code"], "210299001");
    Json whole = catalog::test::ShareWorld::terms();
    whole["rows"] = nullptr;
    EXPECT_TRUE(world.body(world.hub.api("POST", "/api/v1/shares", world.draft(whole)))["rows_unit"].is_null());
    world.as(decider);
    const Json seen = world.body(world.hub.get("/api/v1/shares"))["items"][0];
    EXPECT_EQ(seen["mine"], false);
    EXPECT_EQ(seen["decides"], true);
}

}  // namespace
}  // namespace yimen::admin::test
