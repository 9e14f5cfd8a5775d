#include "unit/admin/data_fixture.h"

namespace yimen::admin {
namespace {

using LettersApiTest = DataFixture;

/// Three letters of one item, one of them without a record.
void refuse(sync::SharedDatabase& shared, const sync::ItemTable& table) {
    ASSERT_TRUE(shared.target->prepare(table).ok());
    const auto run = shared.runs->begin(table.code, sync::ReadMode::kFull, "v1");
    const auto taken = shared.target->takeOver(table.code, "", run->id);
    const auto writer = shared.target->writer(table, false);
    sync::Batch rows;
    rows.reset(1);
    sync::Commit commit;
    commit.rows = &rows;
    commit.rejected = {{1, "id_card", "id_no", "check digit", R"({"sfzh":"1","xm":null})"},
                       {2, "id_card", "id_no", "check digit", R"({"sfzh":"2","xm":"x"})"},
                       {3, "format", "", "quote not closed", "1,\"x"}};
    commit.read = 3;
    const auto done = (*writer)->commit(taken->claim, commit);
    ASSERT_TRUE(done.ok()) << done.error().describe();
    ASSERT_TRUE(shared.runs->finish(run->id, sync::RunState::kPartial, "").ok());
}

TEST_F(LettersApiTest, GroupsDeadLettersByCauseAndShowsThemWithTheirRecords) {
    EXPECT_EQ(get("/api/v1/sync/dead-letters")["items"].size(), 0U);
    refuse(desk.shared(), desk.item.table);
    const core::Json groups = get("/api/v1/sync/dead-letters")["items"];
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[1]["rule"], "id_card");
    EXPECT_EQ(groups[1]["open"], 2);
    EXPECT_EQ(groups[1]["last_run"], 1);
    const core::Json letters = get("/api/v1/data/items/ZS-SQ-013/dead-letters?rule=id_card&field=id_no")["items"];
    EXPECT_NE(hub.audit.last().find("sync.letters.read sunzhuan"), std::string::npos) << hub.audit.last();
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(letters[0]["record"]["sfzh"], "1");
    EXPECT_TRUE(letters[0]["record"]["xm"].is_null());
    const core::Json broken = get("/api/v1/data/items/ZS-SQ-013/dead-letters?rule=format")["items"];
    EXPECT_TRUE(broken[0]["record"].is_null());
    EXPECT_EQ(broken[0]["text"], "1,\"x");
    const core::Json rest =
        get("/api/v1/data/items/ZS-SQ-013/dead-letters?after=" + core::writeJson(letters[1]["id"]))["items"];
    EXPECT_EQ(rest.size(), 1U);
}

TEST_F(LettersApiTest, ReplaysWhatIsAskedForAndWritesItDown) {
    const auto replay = [&](const core::Json& body) {
        return hub.api("POST", "/api/v1/sync/dead-letters/replay", body);
    };
    const http::Response dry = replay({{"item", "ZS-SQ-013"}, {"rule", "id_card"}, {"dry_run", true}});
    ASSERT_EQ(dry.status, 200) << dry.body;
    EXPECT_TRUE(core::parseJson(dry.body).value()["run"].is_null());
    EXPECT_TRUE(desk.wished.dryRun);
    EXPECT_EQ(desk.wished.filter.rule, "id_card");
    EXPECT_FALSE(desk.wished.filter.field);
    const http::Response done = replay({{"item", "ZS-SQ-013"},
                                        {"ids", {7, 8}},
                                        {"edits", {{"7", {{"sfzh", "210203196807152842"}, {"xm", nullptr}}}}},
                                        {"dry_run", false}});
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(core::parseJson(done.body).value()["details"][0]["rule"], "id_card");
    EXPECT_EQ(desk.wished.edits.at(7), R"({"sfzh":"210203196807152842","xm":null})");
    EXPECT_NE(hub.audit.last().find("sync.letters.replay sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_EQ(hub.audit.last().find("2102"), std::string::npos) << "no value in the audit log";
    EXPECT_EQ(replay({{"item", "ZS-SQ-013"}}).status, 400) << "dry_run must be said";
    EXPECT_EQ(replay({{"item", "ZS-SQ-013"}, {"edits", {{"7", {{"a", "b"}}}}}, {"dry_run", true}}).status, 400)
        << "an edit of a letter that was not named";
    EXPECT_EQ(replay({{"item", "ZS-XX-000"}, {"dry_run", true}}).status, 404);
}

TEST_F(LettersApiTest, DiscardsLettersAllOrNone) {
    refuse(desk.shared(), desk.item.table);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/dead-letters/discard", {{"ids", {1, 99}}}).status, 409);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/dead-letters/discard", {{"ids", {1, 2}}}).status, 200);
    EXPECT_NE(hub.audit.last().find("sync.letters.discard sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_EQ(get("/api/v1/sync/dead-letters")["items"].size(), 1U);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/dead-letters/discard", {{"ids", "all"}}).status, 400);
}

}  // namespace
}  // namespace yimen::admin
