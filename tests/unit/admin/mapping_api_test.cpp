#include <gtest/gtest.h>

#include "admin/mapping_desk.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

/// Gives one row, and remembers what was wished.
class OneRow final : public MappingDesk {
public:
    core::Result<MappingText> mapping(const std::string& code) override {
        if (code != "ZS-SQ-013") return core::makeError(core::ErrorCode::kNotFound, "no data.yaml supplies it");
        return MappingText{"adapters/qu-grid/data.yaml", "api: 1\n", "map.lua", "return {}", "v1"};
    }
    core::Result<MappingPreview> preview(const std::string&, const MappingWish& wish) override {
        wished = wish;
        if (wish.text == "api: 2") {
            return core::makeError(core::ErrorCode::kInvalidInput, "adapters/qu-grid/data.yaml:1:6: 1 is expected");
        }
        sync::PreviewRow row;
        row.origin = 7;
        row.state = sync::PreviewRow::State::kRejected;
        row.cells.push_back({"class", "大类", "99", std::nullopt, "code", "no code 99"});
        return MappingPreview{{"cls"}, "v2", {row}};
    }
    MappingWish wished;
};

class MappingApiTest : public ::testing::Test {
protected:
    MappingApiTest() {
        EXPECT_TRUE(mountMapping(hub.router, hub.context, desk).ok());
        hub.signIn("sunzhuan", "210299D11", "data_steward");
    }
    http::Response preview(const core::Json& body) {
        return hub.api("POST", "/api/v1/data/items/ZS-SQ-013/mapping/preview", body);
    }
    web::test::HubWorld hub;
    OneRow desk;
};

TEST_F(MappingApiTest, ShowsTheTextAndSaysWhenThereIsNone) {
    const auto answer = hub.get("/api/v1/data/items/ZS-SQ-013/mapping");
    EXPECT_EQ(core::parseJson(answer.body).value()["script_name"], "map.lua");
    EXPECT_EQ(hub.get("/api/v1/data/items/ZS-SQ-014/mapping").status, 404);
}

TEST_F(MappingApiTest, TriesATextRowByRowAndWritesItDown) {
    const auto answer = preview({{"rows", 5}, {"text", "api: 1"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const core::Json row = core::parseJson(answer.body).value()["rows"][0];
    EXPECT_EQ(row["state"], "rejected");
    EXPECT_EQ(row["cells"][0]["source"], "99");
    EXPECT_TRUE(row["cells"][0]["result"].is_null());
    EXPECT_EQ(desk.wished.rows, 5U);
    EXPECT_EQ(desk.wished.text, "api: 1");
    EXPECT_FALSE(desk.wished.script.has_value());
    EXPECT_NE(hub.audit.last().find("sync.mapping.preview sunzhuan"), std::string::npos) << hub.audit.last();
}

TEST_F(MappingApiTest, SaysWhereATextIsWrong) {
    const auto answer = preview({{"rows", 5}, {"text", "api: 2"}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("data.yaml:1:6"), std::string::npos) << answer.body;
}

TEST_F(MappingApiTest, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(preview({{"rows", 0}}).status, 400);
    EXPECT_EQ(preview({{"rows", 51}}).status, 400);
    EXPECT_EQ(preview({{"text", "api: 1"}}).status, 400) << "how many rows?";
    EXPECT_EQ(preview({{"rows", 5}, {"read", "other_table"}}).status, 400);
    hub.signIn("wangmin", "210299D01", "clerk");
    EXPECT_EQ(preview({{"rows", 5}}).status, 403);
}

}  // namespace
}  // namespace yimen::admin
