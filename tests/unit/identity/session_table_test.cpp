#include "identity/session_table.h"

#include <gmock/gmock.h>

#include "unit/identity/fixture.h"

namespace yimen::identity {

using std::chrono::minutes;
using std::chrono::seconds;
using test::together;
using End = SessionTable::EndReason;

namespace {

class SessionTableTest : public ::testing::Test {
protected:
    std::unique_ptr<SessionTable> makeTable() {
        SessionTable::Dependencies dependencies{world.clock, world.random, *world.stores.sessions, world.sealer,
                                                [this](PersonId id) { return id != barred.load(); }};
        auto made = std::make_unique<SessionTable>(limits, dependencies);
        made->onEnd([this](const SessionHandle& session, End reason) {
            const std::lock_guard lock(endedMutex);
            ended.emplace_back(session->id(), reason);
        });
        return made;
    }
    SessionTable::Created signIn(PersonId person) {
        auto made = table->create({person, 5, Assurance::kPassword, "10.0.0.1", "Firefox"});
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    void restart() {
        table.reset();
        world.stores = {};
        world.stores = world.backend.open();
        table = makeTable();
        ASSERT_TRUE(table->load().ok());
    }
    SessionProblem problem(const std::string& cookie, std::string_view purpose = kHubPurpose) {
        return table->check(cookie, purpose).problem;
    }

    test::World world;
    SessionLimits limits{minutes(30), minutes(12 * 60), 1000, 3, seconds(10)};
    std::atomic<PersonId> barred{0};
    std::mutex endedMutex;
    std::vector<std::pair<SessionId, End>> ended;
    std::unique_ptr<SessionTable> table = makeTable();
    PersonId zhang = world.person("zhang");
    PersonId li = world.person("li");
};

TEST_F(SessionTableTest, KnowsThePersonBehindACookie) {
    const auto made = signIn(zhang);
    const auto check = table->check(made.cookie, kHubPurpose);
    ASSERT_EQ(check.problem, SessionProblem::kNone);
    EXPECT_EQ(check.session->person(), zhang);
    EXPECT_EQ(check.session->actingPost(), 5);
    EXPECT_EQ(check.session->assurance(), Assurance::kPassword);
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
    EXPECT_EQ(check.session->assurance(), Assurance::kTwoFactors);
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

TEST_F(SessionTableTest, GivesNoSessionWhenTheStoreRefuses) {
    const auto refused = table->create({4711, 0, Assurance::kPassword, "", ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(table->size(), 0U);
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

TEST_F(SessionTableTest, CutsALongUserAgentAndSharesEqualOnes) {
    const auto first = table->create({zhang, 0, Assurance::kPassword, "", std::string(5000, 'x')});
    const auto second = table->create({zhang, 0, Assurance::kPassword, "", std::string(5000, 'x')});
    EXPECT_EQ(first->session->userAgent().size(), SessionTable::kMaxUserAgent);
    EXPECT_EQ(&first->session->userAgent(), &second->session->userAgent());
}

TEST_F(SessionTableTest, NeverLowersAssurance) {
    const auto made = signIn(zhang);
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kCertificate));
    ASSERT_TRUE(table->raiseAssurance(made.session->id(), Assurance::kPassword));
    EXPECT_EQ(made.session->assurance(), Assurance::kCertificate);
    EXPECT_FALSE(table->setActingPost({1, 2}, 3));
    EXPECT_FALSE(table->raiseAssurance({1, 2}, Assurance::kCertificate));
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

}  // namespace

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

TEST(TextPool, ForgetsTextsNobodyUses) {
    TextPool pool;
    const auto kept = pool.share("kept");
    for (int i = 0; i < 5000; ++i) static_cast<void>(pool.share(std::to_string(i)));
    EXPECT_LT(pool.size(), 2000U);
    EXPECT_EQ(pool.share("kept"), kept);
}

}  // namespace yimen::identity
