#include "identity/entry_codes.h"

#include <set>

#include "identity/one_time_links.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using std::chrono::seconds;

namespace {

class EntryCodesTest : public ::testing::Test {
protected:
    test::World world;
    SessionTable table{{}, {world.clock, world.random, *world.stores.sessions, world.sealer, {}}};
    EntryCodes codes{{seconds(60), 10}, table, world.clock, world.random};
    SessionTable::Created session = table.create({world.person("zhang"), 0, Assurance::kPassword, "", ""}).value();
};

TEST_F(EntryCodesTest, TurnsACodeIntoATicketForThatSystemOnly) {
    const auto code = codes.issue(*session.session, "qu-oa");
    ASSERT_TRUE(code.ok());
    EXPECT_EQ(code->size(), 22U) << "128 bits in Base64url";
    const auto entered = codes.redeem(*code, "qu-oa");
    ASSERT_TRUE(entered.ok());
    EXPECT_EQ(entered->session->id(), session.session->id());
    EXPECT_EQ(table.check(entered->cookie, appPurpose("qu-oa")).problem, SessionProblem::kNone);
    EXPECT_EQ(table.check(entered->cookie, appPurpose("dl-8890")).problem, SessionProblem::kBadTicket);
    EXPECT_EQ(table.check(entered->cookie, kHubPurpose).problem, SessionProblem::kBadTicket);
}

TEST_F(EntryCodesTest, RefusesASecondUseAnotherSystemAndALateOneAlike) {
    const auto used = codes.issue(*session.session, "a");
    ASSERT_TRUE(codes.redeem(*used, "a").ok());
    const auto again = codes.redeem(*used, "a");
    const auto foreign = codes.issue(*session.session, "a");
    const auto wrong = codes.redeem(*foreign, "b");
    EXPECT_FALSE(codes.redeem(*foreign, "a").ok()) << "a wrong try uses it up";
    const auto slow = codes.issue(*session.session, "a");
    world.clock.advance(seconds(60));
    const auto late = codes.redeem(*slow, "a");
    const auto unknown = codes.redeem("AAAAAAAAAAAAAAAAAAAAAA", "a");
    for (const auto* refused : {&again, &wrong, &late, &unknown}) {
        ASSERT_FALSE(refused->ok());
        EXPECT_EQ(refused->error().code, ErrorCode::kUnauthenticated);
        EXPECT_EQ(refused->error().message, again.error().message);
    }
}

TEST_F(EntryCodesTest, DiesWithTheSession) {
    const auto code = codes.issue(*session.session, "a");
    ASSERT_TRUE(table.end(session.session->id(), SessionTable::EndReason::kSignedOut).ok());
    EXPECT_FALSE(codes.redeem(*code, "a").ok());
}

TEST_F(EntryCodesTest, GivesOneOfManyParallelCallsATicket) {
    for (int round = 0; round < 200; ++round) {
        const auto code = codes.issue(*session.session, "a");
        ASSERT_TRUE(code.ok());
        std::atomic<int> won{0};
        test::together(8, [&](int) {
            if (codes.redeem(*code, "a").ok()) ++won;
        });
        ASSERT_EQ(won.load(), 1);
    }
}

TEST_F(EntryCodesTest, RefusesBeyondItsLimitUntilSomeAreLate) {
    std::set<std::string> distinct;
    for (int i = 0; i < 10; ++i) distinct.insert(codes.issue(*session.session, "a").value());
    EXPECT_EQ(distinct.size(), 10U);
    EXPECT_EQ(codes.issue(*session.session, "a").error().code, ErrorCode::kUnavailable);
    world.clock.advance(seconds(60));
    EXPECT_TRUE(codes.issue(*session.session, "a").ok());
}

}  // namespace
}  // namespace yimen::identity
