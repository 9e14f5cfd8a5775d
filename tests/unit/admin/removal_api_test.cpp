#include "unit/admin/data_fixture.h"

namespace yimen::admin {
namespace {

/// An item of three records, of which a complete read saw one.
class RemovalApiTest : public DataFixture {
protected:
    RemovalApiTest() {
        EXPECT_TRUE(desk.shared().board->declare({{"ZS-SQ-013", 0}}).ok());
        EXPECT_TRUE(desk.shared().target->prepare(desk.item.table).ok());
        read({"E1", "E2", "E3"}, sync::RunState::kDone);
        held = read({"E2"}, sync::RunState::kPartial);
        path = "/api/v1/sync/runs/" + std::to_string(held) + "/removal";
    }
    sync::RunId read(const std::vector<std::string>& keys, sync::RunState state) {
        sync::SharedDatabase& shared = desk.shared();
        const auto run = shared.runs->begin("ZS-SQ-013", sync::ReadMode::kFull, "v1").value();
        const auto taken = shared.target->takeOver("ZS-SQ-013", "", run.id).value();
        const auto writer = shared.target->writer(desk.item.table, true).value();
        sync::Batch rows;
        rows.reset(1);
        for (const std::string& key : keys) EXPECT_TRUE(rows.set(rows.addRow(sync::Op::kUpsert, 0), 0, key));
        sync::Commit commit;
        commit.rows = &rows;
        commit.read = keys.size();
        commit.complete = true;
        EXPECT_TRUE(writer->commit(taken.claim, commit).ok());
        EXPECT_TRUE(writer->removeUnseen(taken.claim, {}).ok());
        EXPECT_TRUE(shared.runs->finish(run.id, state, "").ok());
        return run.id;
    }
    sync::RunId held = 0;
    std::string path;
};

TEST_F(RemovalApiTest, ShowsHowManyOfHowManyWithSomeKeysAndWritesItDown) {
    const core::Json shown = get(path);
    EXPECT_EQ(shown["item"], "ZS-SQ-013");
    EXPECT_EQ(shown["unseen"], 2);
    EXPECT_EQ(shown["before"], 3);
    EXPECT_EQ(shown["confirmed"], false);
    EXPECT_EQ(shown["keys"][0]["title"], "事件编号");
    EXPECT_EQ(shown["samples"], core::Json::parse(R"([["E1"],["E3"]])"));
    EXPECT_NE(hub.audit.last().find("sync.removal.read sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_EQ(hub.get("/api/v1/sync/runs/" + std::to_string(held - 1) + "/removal").status, 409) << "held nothing";
    EXPECT_EQ(hub.get("/api/v1/sync/runs/999/removal").status, 404);
    EXPECT_EQ(hub.get("/api/v1/sync/runs/x/removal").status, 404);
}

TEST_F(RemovalApiTest, ConfirmsWhatWasLookedAtAndMakesACompleteReadDue) {
    EXPECT_EQ(hub.api("POST", path, {{"unseen", 3}}).status, 409) << "another number than was shown";
    EXPECT_EQ(hub.api("POST", path, {{"unseen", -2}}).status, 409);
    EXPECT_EQ(hub.api("POST", path, core::Json::object()).status, 400);
    EXPECT_EQ(hub.api("POST", path, {{"unseen", 2}, {"all", true}}).status, 400);
    EXPECT_EQ(desk.shared().board->list().value()[0].confirmedRun, 0);
    EXPECT_EQ(desk.woken, 0);

    EXPECT_EQ(hub.api("POST", path, {{"unseen", 2}}).status, 200);
    EXPECT_NE(hub.audit.last().find("sync.removal.confirm sunzhuan"), std::string::npos) << hub.audit.last();
    const sync::Job job = desk.shared().board->list().value()[0];
    EXPECT_EQ(job.confirmedRun, held);
    EXPECT_TRUE(job.full);
    EXPECT_EQ(desk.woken, 1);
    EXPECT_EQ(get(path)["confirmed"], true);
}

TEST_F(RemovalApiTest, RefusesWhatANewerCompleteReadKnowsBetter) {
    read({"E1", "E2", "E3"}, sync::RunState::kDone);
    EXPECT_EQ(hub.api("POST", path, {{"unseen", 2}}).status, 409);
    EXPECT_EQ(desk.shared().board->list().value()[0].confirmedRun, 0);
}

TEST_F(RemovalApiTest, IsForThoseWhoAnswerForData) {
    hub.signIn("chenke", "210299D12", "clerk");
    EXPECT_EQ(hub.get(path).status, 403);
    EXPECT_EQ(hub.api("POST", path, {{"unseen", 2}}).status, 403);
}

}  // namespace
}  // namespace yimen::admin
