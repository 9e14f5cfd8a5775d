#include <gmock/gmock.h>

#include "unit/identity/session_fixture.h"

namespace yimen::identity {

using std::chrono::minutes;
using test::together;

TEST_F(SessionTableTest, OutlivesARestartWithWhatChanged) {
    const auto made = signIn(zhang);
    ASSERT_TRUE(table->setActingPost(made.session->id(), 8));
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kTwoFactors));
    world.clock.advance(minutes(25));
    EXPECT_EQ(problem(made.cookie), SessionProblem::kNone);
    ASSERT_TRUE(table->flush().ok());
    world.clock.advance(minutes(25));
    restart();
    const auto check = table->check(made.cookie, kHubPurpose);
    ASSERT_EQ(check.problem, SessionProblem::kNone);
    EXPECT_EQ(check.session->actingPost(), 8);
    EXPECT_EQ(check.session->assurance(world.clock.wall()), Assurance::kPassword) << "50 minutes later";
    EXPECT_EQ(check.session->provedAt(), made.session->provedAt());
}

TEST_F(SessionTableTest, StaysEndedAfterARestart) {
    const auto gone = signIn(zhang);
    const auto stays = signIn(zhang);
    ASSERT_TRUE(table->end(gone.session->id(), End::kSignedOut).ok());
    EXPECT_EQ(problem(gone.cookie), SessionProblem::kEnded);
    restart();
    EXPECT_EQ(problem(gone.cookie), SessionProblem::kEnded);
    EXPECT_EQ(problem(stays.cookie), SessionProblem::kNone);
}

TEST_F(SessionTableTest, DropsAtStartWhatWentIdleWhileDown) {
    const auto made = signIn(zhang);
    world.clock.advance(minutes(31));
    restart();
    EXPECT_EQ(table->size(), 0U);
    EXPECT_EQ(problem(made.cookie), SessionProblem::kEnded);
}

TEST_F(SessionTableTest, EndsAllOfAPersonButOneAndNobodyElses) {
    const auto here = signIn(zhang);
    const auto phone = signIn(zhang);
    const auto other = signIn(li);
    const auto count = table->endAll(zhang, here.session->id(), End::kEndedByOther);
    EXPECT_EQ(*count, 1U);
    EXPECT_EQ(problem(here.cookie), SessionProblem::kNone);
    EXPECT_EQ(problem(phone.cookie), SessionProblem::kEnded);
    EXPECT_EQ(problem(other.cookie), SessionProblem::kNone);
    EXPECT_THAT(ended, ::testing::ElementsAre(std::pair(phone.session->id(), End::kEndedByOther)));
    EXPECT_EQ(*table->endAll(zhang, {}, End::kSignedOut), 1U);
    EXPECT_EQ(table->ofPerson(zhang).size(), 0U);
    EXPECT_EQ(table->all().size(), 1U);
}

TEST_F(SessionTableTest, EndsThoseWhoMayNoLongerStay) {
    const auto made = signIn(zhang);
    const auto other = signIn(li);
    barred = zhang;
    ASSERT_TRUE(table->flush().ok());
    EXPECT_EQ(problem(made.cookie), SessionProblem::kEnded);
    EXPECT_EQ(problem(other.cookie), SessionProblem::kNone);
    barred = li;
    restart();
    EXPECT_EQ(problem(other.cookie), SessionProblem::kEnded);
}

TEST_F(SessionTableTest, OpensOldTicketsAfterARotationOfKeys) {
    const auto made = signIn(zhang);
    const store::test::TempFolder folder;
    const std::string path = folder.file("keys");
    const auto first = crypto::KeyRing::loadOrCreate(path, world.random, world.clock);
    ASSERT_TRUE(first.ok());
    table->setSealer(std::make_shared<const crypto::TicketSealer>(*first));
    EXPECT_EQ(problem(made.cookie), SessionProblem::kBadTicket) << "a ring that never knew the key";
    const auto old = signIn(zhang);
    const auto second = crypto::KeyRing::rotateFile(path, world.random, world.clock);
    ASSERT_TRUE(second.ok());
    table->setSealer(std::make_shared<const crypto::TicketSealer>(*second));
    EXPECT_EQ(problem(old.cookie), SessionProblem::kNone);
    EXPECT_EQ(problem(signIn(zhang).cookie), SessionProblem::kNone);
}

TEST_F(SessionTableTest, KeepsARaisedLevelThroughAKillAndForItsTimeOnly) {
    const auto made = signIn(zhang);
    const auto other = signIn(zhang);
    const auto before = made.session->proof();
    world.clock.advance(minutes(3));
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kTwoFactors));
    EXPECT_NE(made.session->proof(), before);
    restart();  // without a flush
    const auto raised = table->check(made.cookie, kHubPurpose).session;
    EXPECT_EQ(raised->assurance(world.clock.wall()), Assurance::kTwoFactors);
    EXPECT_EQ(raised->provedAt(), world.clock.wall());
    EXPECT_EQ(table->check(other.cookie, kHubPurpose).session->assurance(world.clock.wall()), Assurance::kPassword)
        << "another session of the same person";
    const auto ticket = table->ticketFor(*raised, appPurpose("qu-oa"));
    EXPECT_EQ(table->check(*ticket, appPurpose("qu-oa")).session, raised) << "app hosts see the same level";
    world.clock.advance(minutes(10));
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kTwoFactors)) << "proved again: the time is new";
    world.clock.advance(minutes(14));
    EXPECT_EQ(raised->assurance(world.clock.wall()), Assurance::kTwoFactors);
    world.clock.advance(minutes(1));
    EXPECT_EQ(raised->assurance(world.clock.wall()), Assurance::kPassword);
}

TEST_F(SessionTableTest, NeverLowersAssurance) {
    const auto made = signIn(zhang);
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kCertificate));
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kPassword));
    EXPECT_EQ(made.session->assurance(world.clock.wall()), Assurance::kCertificate);
    EXPECT_FALSE(table->setActingPost({1, 2}, 3));
    EXPECT_FALSE(table->raiseAssurance({1, 2}, Assurance::kCertificate));
}

TEST_F(SessionTableTest, EndsASessionOnceHoweverManyAsk) {
    for (int round = 0; round < 30; ++round) {
        const auto made = signIn(zhang);
        ended.clear();
        together(6, [&](int index) {
            if (index % 2 == 0) {
                EXPECT_TRUE(table->end(made.session->id(), End::kSignedOut).ok());
            } else {
                EXPECT_TRUE(table->endAll(zhang, {}, End::kEndedByOther).ok());
            }
        });
        EXPECT_EQ(ended.size(), 1U);
    }
}

/// A store that can be made to fail.
class BrittleSessionStore final : public store::SessionStore {
public:
    core::Status create(const store::SessionRecord&) override { return answer(); }
    core::Status end(const std::vector<SessionId>& ids) override {
        const core::Status done = answer();
        if (done.ok()) buried.insert(buried.end(), ids.begin(), ids.end());
        return done;
    }
    core::Status touch(const std::vector<store::SessionTouch>& touches) override {
        const core::Status done = answer();
        if (done.ok()) touched += touches.size();
        return done;
    }
    core::Status load(core::WallTime, const std::function<void(store::SessionRecord&&)>&) override { return answer(); }
    core::Result<std::int64_t> purge(core::WallTime) override { return std::int64_t{0}; }

    bool failing = false;
    std::vector<SessionId> buried;
    std::size_t touched = 0;

private:
    core::Status answer() const {
        if (failing) return core::makeError(core::ErrorCode::kUnavailable, "disk");
        return {};
    }
};

class SessionTableWithBrittleStore : public ::testing::Test {
protected:
    core::ManualClock clock;
    core::SystemRandom random;
    BrittleSessionStore store;
    SessionTable table{
        {},
        {clock, random, store, std::make_shared<const crypto::TicketSealer>(crypto::KeyRing::ephemeral(random)), {}}};
};

TEST_F(SessionTableWithBrittleStore, EndsAtOnceAndBuriesWhenTheStoreIsBack) {
    const auto made = table.create({1, 0, Assurance::kPassword, "", ""});
    store.failing = true;
    EXPECT_FALSE(table.end(made->session->id(), End::kSignedOut).ok());
    EXPECT_EQ(table.check(made->cookie, kHubPurpose).problem, SessionProblem::kEnded);
    EXPECT_FALSE(table.flush().ok());
    store.failing = false;
    EXPECT_TRUE(table.flush().ok());
    EXPECT_EQ(store.buried, std::vector<SessionId>{made->session->id()});
}

TEST_F(SessionTableWithBrittleStore, WritesATouchAgainThatWasLost) {
    const auto made = table.create({1, 0, Assurance::kPassword, "", ""});
    table.setActingPost(made->session->id(), 3);
    store.failing = true;
    EXPECT_FALSE(table.flush().ok());
    store.failing = false;
    EXPECT_TRUE(table.flush().ok());
    EXPECT_EQ(store.touched, 1U);
    EXPECT_TRUE(table.flush().ok());
    EXPECT_EQ(store.touched, 1U) << "nothing changed since";
}

}  // namespace yimen::identity
