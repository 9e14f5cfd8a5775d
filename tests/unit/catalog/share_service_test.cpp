#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

using core::ErrorCode;

class ShareServiceTest : public ::testing::Test {
protected:
    ErrorCode refusal(const ShareDraft& draft, const ShareActor& actor) {
        const auto made = world.service.request(draft, actor);
        EXPECT_FALSE(made.ok());
        return made.ok() ? ErrorCode::kInternal : made.error().code;
    }
    core::Result<store::ShareRecord> act(const std::string& action, const ShareActor& actor,
                                         const std::string& reason = "因") {
        const auto now = world.service.find(id);
        return world.service.act(id, action, reason, now->version, actor);
    }
    ErrorCode refusedTo(const std::string& action, const ShareActor& actor) {
        const auto done = act(action, actor);
        EXPECT_FALSE(done.ok()) << action;
        return done.ok() ? ErrorCode::kInternal : done.error().code;
    }
    ShareWorld world;
    store::ShareId id = world.service.request(world.draft(), world.asker)->id;
};

TEST_F(ShareServiceTest, IsDecidedByTheOwningUnitAndNeverByWhoeverAsked) {
    const ShareActor askerWhoOwns{7, true, true, false};
    EXPECT_EQ(refusedTo("approve", askerWhoOwns), ErrorCode::kDenied);
    EXPECT_EQ(refusedTo("approve", {11, false, true, false}), ErrorCode::kDenied) << "the asking unit";
    EXPECT_EQ(refusedTo("approve", {12, false, false, true}), ErrorCode::kDenied)
        << "security stops, it does not start";
    EXPECT_EQ(act("approve", world.owner)->state, "active");
    EXPECT_EQ(refusedTo("approve", world.owner), ErrorCode::kConflict) << "it is decided";
    EXPECT_EQ(world.service.ownerOf(*world.service.find(id)), "D04");
    EXPECT_EQ(world.stores.shares->events(id)->size(), 2U);
}

TEST_F(ShareServiceTest, GoesThroughItsStates) {
    EXPECT_EQ(act("return", world.owner)->state, "returned");
    EXPECT_EQ(refusedTo("approve", world.owner), ErrorCode::kConflict);
    EXPECT_EQ(world.service.revise(id, world.draft(), {8, false, true, false}).error().code, ErrorCode::kDenied);
    EXPECT_EQ(world.service.revise(id, world.draft(), world.asker)->state, "requested");
    EXPECT_EQ(act("approve", world.owner, "")->state, "active");
    EXPECT_EQ(world.service.revise(id, world.draft(), world.asker).error().code, ErrorCode::kConflict)
        << "terms of a contract do not change under it";
    EXPECT_EQ(act("suspend", {12, false, false, true})->state, "suspended");
    EXPECT_EQ(refusedTo("resume", {12, false, false, true}), ErrorCode::kDenied);
    EXPECT_EQ(act("resume", world.owner, "")->state, "active");
    EXPECT_EQ(refusedTo("end", {30, false, false, false}), ErrorCode::kDenied) << "of neither side";
    EXPECT_EQ(act("end", world.asker)->state, "ended");
    for (const char* action : {"approve", "resume", "suspend", "end", "refuse"}) {
        EXPECT_EQ(refusedTo(action, world.owner), ErrorCode::kConflict) << action;
    }
    EXPECT_EQ(refusedTo("explode", world.owner), ErrorCode::kInvalidInput);
}

TEST_F(ShareServiceTest, WantsAReasonAndTheVersionThatWasSeen) {
    EXPECT_EQ(act("refuse", world.owner, " ").error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(world.service.act(id, "approve", "", 7, world.owner).error().code, ErrorCode::kConflict);
    EXPECT_EQ(world.service.act(id + 5, "approve", "", 1, world.owner).error().code, ErrorCode::kNotFound);
    world.clock.advance(std::chrono::hours(24 * 40));
    EXPECT_EQ(refusedTo("approve", world.owner), ErrorCode::kConflict) << "the term is over";
}

TEST_F(ShareServiceTest, SaysEverythingThatIsWrongWithARequest) {
    ShareDraft draft = world.draft();
    draft.purpose = " ";
    draft.legalBasis = "";
    draft.to = draft.from;
    draft.terms["columns"][0]["field"] = "salary";
    const auto made = world.service.request(draft, world.asker);
    ASSERT_FALSE(made.ok());
    for (const char* part : {"$.purpose", "$.legal_basis", "$.to", "salary"}) {
        EXPECT_NE(made.error().message.find(part), std::string::npos) << part << ": " << made.error().message;
    }
    EXPECT_EQ(refusal(world.draft(), {7, false, false, false}), ErrorCode::kDenied) << "for another unit";
    ShareDraft secret = world.draft();
    secret.item = "ZS-JJ-011";  // 不予共享
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kDenied);
    secret.item = "ZS-MS-004";
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kConflict) << "not supplied";
    secret.item = "ZS-XX-001";
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kNotFound);
    secret = world.draft();
    secret.unit = "D99";
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kInvalidInput);
    secret = world.draft();
    secret.terms["rows"]["unit"] = "999";
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kInvalidInput) << "no such unit to limit the rows to";
    secret = world.draft();
    secret.to += std::chrono::hours(24 * 400 * 3);
    EXPECT_EQ(refusal(secret, world.asker), ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::catalog::test
