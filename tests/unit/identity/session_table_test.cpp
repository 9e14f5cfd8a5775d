#include "identity/session_table.h"

#include <gmock/gmock.h>

#include "unit/identity/session_fixture.h"

namespace yimen::identity {

using std::chrono::minutes;
using std::chrono::seconds;
using test::together;

namespace {

TEST_F(SessionTableTest, KnowsThePersonBehindACookie) {
    const auto made = signIn(zhang);
    const auto check = table->check(made.cookie, kHubPurpose);
    ASSERT_EQ(check.problem, SessionProblem::kNone);
    EXPECT_EQ(check.session->person(), zhang);
    EXPECT_EQ(check.session->actingPost(), 5);
    EXPECT_EQ(check.session->assurance(world.clock.wall()), Assurance::kPassword);
    EXPECT_EQ(check.session->ip(), "10.0.0.1");
    EXPECT_EQ(check.session->userAgent(), "Firefox");
    EXPECT_EQ(check.session->createdAt(), world.clock.wall());
}

TEST_F(SessionTableTest, GivesEverySignInAnotherIdAndCookie) {
    const auto first = signIn(zhang);
    const auto second = signIn(zhang);
    EXPECT_NE(first.session->id(), second.session->id());
    EXPECT_NE(first.cookie, second.cookie);
}

TEST_F(SessionTableTest, RefusesACookieWithAnyByteChanged) {
    const auto made = signIn(zhang);
    for (std::size_t i = 0; i < made.cookie.size(); ++i) {
        std::string changed = made.cookie;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(problem(changed), SessionProblem::kBadTicket) << i;
    }
    EXPECT_EQ(problem(""), SessionProblem::kBadTicket);
    EXPECT_EQ(problem(made.cookie + "A"), SessionProblem::kBadTicket);
    EXPECT_EQ(problem(made.cookie), SessionProblem::kNone);
}

TEST_F(SessionTableTest, KeepsPurposesApart) {
    const auto made = signIn(zhang);
    const auto app = table->ticketFor(*made.session, appPurpose("qu-oa"));
    ASSERT_TRUE(app.ok());
    EXPECT_EQ(problem(*app, appPurpose("qu-oa")), SessionProblem::kNone);
    EXPECT_EQ(problem(*app, kHubPurpose), SessionProblem::kBadTicket);
    EXPECT_EQ(problem(*app, appPurpose("qu-o")), SessionProblem::kBadTicket);
    EXPECT_EQ(problem(made.cookie, appPurpose("qu-oa")), SessionProblem::kBadTicket);
}

TEST_F(SessionTableTest, EndsAfterIdleTimeUnlessSeen) {
    const auto made = signIn(zhang);
    for (int i = 0; i < 5; ++i) {
        world.clock.advance(minutes(29));
        EXPECT_EQ(problem(made.cookie), SessionProblem::kNone);
    }
    world.clock.advance(minutes(30));
    EXPECT_EQ(problem(made.cookie), SessionProblem::kIdle);
    EXPECT_EQ(problem(made.cookie), SessionProblem::kIdle) << "asking does not bring it back";
    ASSERT_TRUE(table->flush().ok());
    EXPECT_EQ(problem(made.cookie), SessionProblem::kEnded);
    EXPECT_THAT(ended, ::testing::ElementsAre(std::pair(made.session->id(), End::kIdle)));
    EXPECT_TRUE(made.session->ended());
}

TEST_F(SessionTableTest, PeeksWithoutKeepingAlive) {
    const auto made = signIn(zhang);
    world.clock.advance(minutes(20));
    EXPECT_EQ(table->peek(made.cookie, kHubPurpose).problem, SessionProblem::kNone);
    world.clock.advance(minutes(10));
    EXPECT_EQ(problem(made.cookie), SessionProblem::kIdle);
}

TEST_F(SessionTableTest, EndsAtTheAbsoluteLimitHoweverBusy) {
    const auto made = signIn(zhang);
    for (int i = 0; i < 12 * 6 - 1; ++i) {
        world.clock.advance(minutes(10));
        ASSERT_EQ(problem(made.cookie), SessionProblem::kNone) << i;
    }
    world.clock.advance(minutes(10));
    EXPECT_NE(problem(made.cookie), SessionProblem::kNone);
    ASSERT_TRUE(table->flush().ok());
    EXPECT_EQ(ended.at(0).second, End::kExpired);
    EXPECT_EQ(table->size(), 0U);
}

TEST_F(SessionTableTest, EndsTheOldestWhenAPersonHasTooMany) {
    std::vector<SessionTable::Created> mine;
    for (int i = 0; i < 4; ++i) {
        mine.push_back(signIn(zhang));
        world.clock.advance(seconds(1));
    }
    EXPECT_EQ(problem(mine[0].cookie), SessionProblem::kEnded);
    EXPECT_EQ(problem(mine[1].cookie), SessionProblem::kNone);
    EXPECT_EQ(table->ofPerson(zhang).size(), 3U);
    EXPECT_EQ(ended.at(0).second, End::kReplaced);
}

TEST_F(SessionTableTest, RefusesMoreThanItsLimit) {
    limits.maxSessions = 1;
    table = makeTable();
    signIn(zhang);
    const auto refused = table->create({li, 0, Assurance::kPassword, "", ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kUnavailable);
}

TEST_F(SessionTableTest, GivesNoSessionWhenTheStoreRefuses) {
    const auto refused = table->create({4711, 0, Assurance::kPassword, "", ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(table->size(), 0U);
}

TEST_F(SessionTableTest, CutsALongUserAgentAndSharesEqualOnes) {
    const auto first = table->create({zhang, 0, Assurance::kPassword, "", std::string(5000, 'x')});
    const auto second = table->create({zhang, 0, Assurance::kPassword, "", std::string(5000, 'x')});
    EXPECT_EQ(first->session->userAgent().size(), SessionTable::kMaxUserAgent);
    EXPECT_EQ(&first->session->userAgent(), &second->session->userAgent());
}

TEST_F(SessionTableTest, HoldsTogetherUnderParallelUse) {
    limits.maxPerPerson = 100000;
    table = makeTable();
    std::atomic<int> wrong{0};
    together(6, [&](int index) {
        for (int round = 0; round < 40; ++round) {
            const PersonId person = index % 2 == 0 ? zhang : li;
            auto made = table->create({person, 0, Assurance::kPassword, "10.0.0.1", "ua" + std::to_string(round)});
            if (!made.ok() || table->check(made->cookie, kHubPurpose).session == nullptr) ++wrong;
            if (round % 8 == 0 && !table->flush().ok()) ++wrong;
            static_cast<void>(table->all());
            if (!table->end(made->session->id(), End::kSignedOut).ok()) ++wrong;
            if (table->check(made->cookie, kHubPurpose).session != nullptr) ++wrong;
        }
    });
    EXPECT_EQ(wrong.load(), 0);
    EXPECT_EQ(table->size(), 0U);
    EXPECT_TRUE(table->ofPerson(zhang).empty());
    EXPECT_EQ(ended.size(), 6U * 40U);
}

}  // namespace

}  // namespace yimen::identity
