#include <set>

#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

using core::ErrorCode;

class ShareReaderTest : public ::testing::Test {
protected:
    ShareReaderTest() {
        world.put("1", "210299001");
        world.put("2", "210299001001");
        world.put("3", "210299002");
        world.put("4", "old-2");
        world.put("5", "2102990019", "202609");
        world.settle();
        id = world.contract();
    }
    Contract contract() { return reader.open(id).value(); }
    core::Json rows(const RowsRequest& request, const ShareAudience& who = {}) {
        const auto answer = reader.rows(contract(), who, request);
        EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().describe());
        return answer.ok() ? answer->rows : core::Json();
    }
    ErrorCode refusal(const RowsRequest& request, const ShareAudience& who = {}) {
        const auto answer = reader.rows(contract(), who, request);
        EXPECT_FALSE(answer.ok());
        return answer.ok() ? ErrorCode::kInternal : answer.error().code;
    }
    static std::string ids(const core::Json& rows) {
        std::string out;
        for (const core::Json& row : rows) out += row["id"].get<std::string>() + " ";
        return out;
    }
    ChangesAnswer changes(const ChangePosition& from, std::size_t limit = 500) {
        const auto answer = reader.changes(contract(), {}, {}, from, limit);
        EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().describe());
        return *answer;
    }

    ShareWorld world;
    ShareReader reader = world.makeReader();
    store::ShareId id = 0;
};

TEST_F(ShareReaderTest, GivesTheColumnsAndRowsOfTheContractMasked) {
    const core::Json found = rows({});
    EXPECT_EQ(ids(found), "1 2 5 ") << "the street, what is below it, and codes that begin with it";
    const core::Json& row = found[0];
    EXPECT_EQ(row.size(), 7U) << "six columns and _id: " << row.dump();
    EXPECT_EQ(row["name"], "张**");
    EXPECT_EQ(row["phone"], "138****1234");
    EXPECT_EQ(row["address"], "大连市甘井子区机场街道*****");
    EXPECT_EQ(row["id_no"].get<std::string>().size(), 64U);
    EXPECT_EQ(found[1]["id_no"], row["id_no"]) << "the same value can be told to be the same";
    EXPECT_EQ(found.dump().find("210299195001011234"), std::string::npos);
    EXPECT_EQ(found.dump().find("6222"), std::string::npos) << "a column that the contract does not give";
}

TEST_F(ShareReaderTest, HoldsPeopleToTheirPartAndTheirRole) {
    EXPECT_EQ(rows({}, {{"leader"}, std::nullopt})[0]["id_no"], "210299195001011234");
    EXPECT_EQ(ids(rows({}, {{"clerk"}, "210299001001"})), "2 ");
    EXPECT_EQ(ids(rows({}, {{"clerk"}, "210299002"})), "") << "the contract does not reach there";
    EXPECT_EQ(ids(rows({}, {{"clerk"}, ""})), "") << "of no part at all";
    core::Json whole = ShareWorld::terms();
    whole.erase("rows");
    id = world.contract(whole);
    EXPECT_EQ(ids(rows({})), "1 2 3 4 5 ");
    EXPECT_EQ(refusal({}, {{"clerk"}, "210299001"}), ErrorCode::kDenied) << "rows do not say where they belong";
}

TEST_F(ShareReaderTest, LetsNothingOutsideTheContractBeAskedFor) {
    EXPECT_EQ(refusal({{"account"}, {}, {}, "", 10}), ErrorCode::kDenied);
    EXPECT_EQ(refusal({{"id", "nothing"}, {}, {}, "", 10}), ErrorCode::kDenied);
    EXPECT_EQ(refusal({{"_hash"}, {}, {}, "", 10}), ErrorCode::kDenied);
    for (const char* field : {"account", "town", "name", "phone", "_batch", "1=1 OR id", "month\" OR \"1"}) {
        EXPECT_EQ(refusal({{}, {{field, "x"}}, {}, "", 10}), ErrorCode::kDenied) << field;
    }
    EXPECT_EQ(refusal({{}, {{"id_no", "210299195001011234"}}, {}, "", 10}), ErrorCode::kDenied)
        << "a filter would tell what the mask hides";
    EXPECT_EQ(ids(rows({{}, {{"id_no", "210299195001011234"}}, {}, "", 10}, {{"leader"}, {}})), "1 2 5 ");
    EXPECT_EQ(ids(rows({{}, {{"month", "202609' OR '1'='1"}}, {}, "", 10})), "");
    EXPECT_EQ(ids(rows({{}, {{"month", "202609"}}, {}, "", 10})), "5 ");
    EXPECT_EQ(ids(rows({{}, {{"id.from", "2"}, {"id.to", "4"}}, {}, "", 10})), "2 ");
    EXPECT_EQ(rows({{"month"}, {}, {}, "", 10})[0].size(), 2U);
}

TEST_F(ShareReaderTest, TakesACursorForItsOwnQuestionOnly) {
    const auto first = reader.rows(contract(), {}, {{}, {}, {}, "", 2});
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(ids(first->rows), "1 2 ");
    EXPECT_EQ(ids(rows({{}, {}, {}, first->next, 2})), "5 ");
    EXPECT_EQ(reader.rows(contract(), {}, {{}, {}, {}, first->next, 2})->next, "");
    EXPECT_EQ(refusal({{"id"}, {}, {}, first->next, 2}), ErrorCode::kInvalidInput);
    EXPECT_EQ(refusal({{}, {{"month", "202609"}}, {}, first->next, 2}), ErrorCode::kInvalidInput);
    EXPECT_EQ(refusal({{}, {}, {}, first->next, 2}, {{"clerk"}, "210299001"}), ErrorCode::kInvalidInput);
    for (std::size_t at = 0; at < first->next.size(); at += 7) {
        std::string changed = first->next;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_EQ(refusal({{}, {}, {}, changed, 2}), ErrorCode::kInvalidInput) << at;
    }
    const store::ShareId other = world.contract();
    const auto stolen = reader.rows(reader.open(other).value(), {}, {{}, {}, {}, first->next, 2});
    EXPECT_EQ(stolen.error().code, ErrorCode::kInvalidInput) << "of another contract";
    const std::string since = reader.seal(contract(), changes({}).next).value();
    EXPECT_TRUE(reader.unseal(contract(), since).ok());
    EXPECT_FALSE(reader.unseal(reader.open(other).value(), since).ok());
    EXPECT_EQ(refusal({{}, {}, {}, since, 2}), ErrorCode::kInvalidInput);
}

TEST_F(ShareReaderTest, ReadsInItsTermAndStateOnly) {
    const auto version = world.service.find(id)->version;
    ASSERT_TRUE(world.service.act(id, "suspend", "核查", version, world.owner).ok());
    EXPECT_EQ(reader.open(id).error().code, ErrorCode::kDenied);
    ASSERT_TRUE(world.service.act(id, "resume", "", version + 1, world.owner).ok());
    EXPECT_TRUE(reader.open(id).ok());
    world.clock.advance(std::chrono::hours(24 * 31));
    EXPECT_EQ(reader.open(id).error().code, ErrorCode::kDenied) << "expired";
    ShareDraft later = world.draft();
    later.from = world.clock.wall() + std::chrono::hours(1);
    const auto asked = world.service.request(later, world.asker);
    EXPECT_EQ(reader.open(asked->id).error().code, ErrorCode::kDenied) << "only asked for";
    ASSERT_TRUE(world.service.act(asked->id, "approve", "", 1, world.owner).ok());
    EXPECT_EQ(reader.open(asked->id).error().code, ErrorCode::kDenied) << "not yet";
    EXPECT_EQ(reader.open(asked->id + 9).error().code, ErrorCode::kNotFound);
}

TEST_F(ShareReaderTest, NeverGivesMoreThanTheDaysQuota) {
    core::Json terms = ShareWorld::terms();
    terms["rows_per_day"] = 20;
    id = world.contract(terms);
    std::atomic<std::size_t> given{0};
    std::atomic<int> throttled{0};
    const Contract shared = contract();
    store::test::together(6, [&](int) {
        for (int i = 0; i < 5; ++i) {
            const auto answer = reader.rows(shared, {}, {});
            if (answer.ok()) {
                given += answer->rows.size();
            } else if (answer.error().code == ErrorCode::kThrottled) {
                ++throttled;
            }
        }
    });
    EXPECT_LE(given.load(), 20U);
    EXPECT_GE(given.load(), 18U);
    EXPECT_GT(throttled.load(), 0);
    EXPECT_LE(reader.untilTomorrow(), std::chrono::hours(24));
    EXPECT_GT(reader.untilTomorrow(), std::chrono::seconds(0));
    world.clock.advance(reader.untilTomorrow());
    EXPECT_EQ(rows({}).size(), 3U) << "another day";
}

TEST_F(ShareReaderTest, GivesTheLastRowsOfAQuotaAndACursorToGoOnTomorrow) {
    core::Json terms = ShareWorld::terms();
    terms["rows_per_day"] = 2;
    id = world.contract(terms);
    const auto first = reader.rows(contract(), {}, {});
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(ids(first->rows), "1 2 ");
    EXPECT_EQ(refusal({{}, {}, {}, first->next, 500}), ErrorCode::kThrottled);
    world.clock.advance(std::min<std::chrono::seconds>(reader.untilTomorrow(), std::chrono::hours(23)));
    if (reader.untilTomorrow() > std::chrono::hours(1)) {
        EXPECT_EQ(ids(rows({{}, {}, {}, first->next, 500})), "5 ");
    }
}

TEST_F(ShareReaderTest, ReadsAsOfAMoment) {
    const std::int64_t then = core::toUnixMicros(world.clock.wall()) / 1000;
    world.settle();
    world.put("1", "");
    world.put("2", "210299001001", "202611");
    EXPECT_EQ(ids(rows({{}, {}, then, "", 10})), "1 2 5 ");
    EXPECT_EQ(rows({{}, {}, then, "", 10})[1]["month"], "202610");
    EXPECT_EQ(ids(rows({})), "2 5 ");
    EXPECT_EQ(refusal({{}, {}, then + 3'600'000, "", 10}), ErrorCode::kInvalidInput) << "the future";
}

TEST_F(ShareReaderTest, TellsChangesOfWhatTheContractShowsAndNothingElse) {
    ChangesAnswer all = changes({}, 2);
    EXPECT_EQ(all.changes.size(), 2U);
    EXPECT_TRUE(all.more);
    EXPECT_EQ(all.changes[0]["_op"], "inserted");
    while (all.more) all = changes(all.next, 2);
    world.put("1", "210299001", "202610", "6333");  // a column the contract does not give
    world.put("2", "210299002");                    // out of the contract's rows
    world.put("3", "210299001");                    // into them
    world.put("5", "2102990019", "202612");
    world.put("4", "");
    EXPECT_EQ(changes(all.next).changes.size(), 0U) << "nothing is settled yet";
    world.settle();
    const ChangesAnswer after = changes(all.next);
    std::multiset<std::string> ops;
    for (const core::Json& change : after.changes) {
        ops.insert(change["_op"].get<std::string>());
        EXPECT_EQ(change["_op"] == "deleted" ? 2U : 8U, change.size()) << change.dump();
    }
    EXPECT_EQ(ops, (std::multiset<std::string>{"deleted", "inserted", "updated"}));
    EXPECT_FALSE(after.more);
    EXPECT_EQ(changes(after.next).changes.size(), 0U);
    EXPECT_EQ(ChangePosition::read(after.next.text())->from, after.next.from);
    EXPECT_FALSE(ChangePosition::read("{}").ok());
}

}  // namespace
}  // namespace yimen::catalog::test
