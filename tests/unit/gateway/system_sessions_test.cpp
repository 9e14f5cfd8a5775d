#include "gateway/system_sessions.h"

#include <future>
#include <thread>

#include "unit/gateway/fixture.h"
#include "unit/identity/session_fixture.h"

namespace yimen::gateway {
namespace {

using adapter::Outcome;
using std::chrono::seconds;
using Kind = SignOnReport::Kind;

class Accounts final : public AccountSource {
public:
    core::Result<Account> open(PersonId, const adapter::Manifest&, const std::string&) override {
        ++opened;
        if (!status.ok()) return status.error();
        return Account{{}, 7, false};
    }
    void worked(PersonId, const std::string&, const Account&) override { ++workedCount; }
    void refused(PersonId, const std::string&, const Account&, Outcome) override { ++refusedCount; }

    core::Status status;
    std::atomic<int> opened{0};
    std::atomic<int> workedCount{0};
    std::atomic<int> refusedCount{0};
};

class Events final : public SystemSessionEvents {
public:
    void signedOn(PersonId, const std::string&, const SignOnReport&) override { ++on; }
    void signedOff(PersonId, const std::string&, const adapter::SignOnOutcome&) override { ++off; }
    std::atomic<int> on{0};
    std::atomic<int> off{0};
};

class SystemSessionsTest : public identity::SessionTableTest {
protected:
    std::shared_ptr<SystemEntry> enter(const identity::SessionTable::Created& created) {
        return systems.enter(*created.session, system.adapter);
    }
    SignOnReport signOn(const std::shared_ptr<SystemEntry>& entry, bool force = false) {
        std::promise<SignOnReport> done;
        systems.signOn(entry, entry->session().generation(), force,
                       [&](const SignOnReport& report) { done.set_value(report); });
        return done.get_future().get();
    }
    int signOns() { return system.script->count(&test::FakeEngine::Script::signOns); }
    int signOffs() { return system.script->count(&test::FakeEngine::Script::signOffs); }

    test::FakeSystem system;
    Accounts accounts;
    Events events;
    core::SystemRandom random;
    net::WorkerPool pool{{"sign_on", 4, 64}};
    SystemSessions systems{{accounts, events, pool, system.clock, random}};
};

TEST_F(SystemSessionsTest, CoalescesManyFirstRequestsIntoOneSignOn) {
    const auto entry = enter(signIn(zhang));
    system.script->open = false;
    std::atomic<int> answered{0};
    for (int i = 0; i < 50; ++i) {
        systems.signOn(entry, 0, false, [&](const SignOnReport& report) { answered += report.ready() ? 1 : 1000; });
    }
    EXPECT_EQ(answered, 0);
    system.script->release();
    while (answered < 50) std::this_thread::yield();
    EXPECT_EQ(answered, 50);
    EXPECT_EQ(signOns(), 1);
    EXPECT_EQ(accounts.workedCount, 1);
    EXPECT_EQ(events.on, 1);
}

TEST_F(SystemSessionsTest, RenewsOnlyForTheGenerationThatExpired) {
    const auto entry = enter(signIn(zhang));
    ASSERT_TRUE(signOn(entry).ready());
    const auto first = entry->session().generation();
    ASSERT_TRUE(signOn(entry).ready());  // asked with the current generation: it has expired
    EXPECT_EQ(signOns(), 2);
    // A late answer of the first generation finds the session renewed already.
    bool ready = false;
    systems.signOn(entry, first, false, [&](const SignOnReport& report) { ready = report.ready(); });
    EXPECT_TRUE(ready);
    EXPECT_EQ(signOns(), 2);
}

TEST_F(SystemSessionsTest, HoldsAFailureSoThatAPageIsOneAttempt) {
    const auto entry = enter(signIn(zhang));
    system.script->outcome = Outcome::kBadPassword;
    for (int i = 0; i < 40; ++i) {
        const auto report = signOn(entry);
        EXPECT_EQ(report.kind, Kind::kFailed);
        EXPECT_EQ(report.outcome.outcome, Outcome::kBadPassword);
    }
    EXPECT_EQ(signOns(), 1);
    EXPECT_EQ(accounts.refusedCount, 1);
    EXPECT_FALSE(entry->ready());
    system.clock.advance(SystemSessions::kFailureHold + seconds(1));
    signOn(entry);
    EXPECT_EQ(signOns(), 2);
}

TEST_F(SystemSessionsTest, AsksAgainAtOnceWhenThePersonDoes) {
    const auto entry = enter(signIn(zhang));
    system.script->outcome = Outcome::kUnreachable;
    EXPECT_FALSE(signOn(entry).ready());
    EXPECT_EQ(accounts.refusedCount, 0) << "a dead system says nothing about the account";
    system.script->outcome = Outcome::kOk;
    EXPECT_FALSE(signOn(entry).ready());
    systems.forgive(zhang, "qu-tourism");
    EXPECT_TRUE(signOn(entry).ready());
    EXPECT_EQ(signOns(), 2);
}

TEST_F(SystemSessionsTest, TellsMissingAndBrokenLinksApartWithoutAskingTheSystem) {
    const auto entry = enter(signIn(zhang));
    accounts.status = core::makeError(core::ErrorCode::kNotFound, "none");
    EXPECT_EQ(signOn(entry).kind, Kind::kNotLinked);
    accounts.status = core::makeError(core::ErrorCode::kDenied, "broken");
    EXPECT_EQ(signOn(entry).kind, Kind::kNotLinked) << "the failure is held";
    systems.forgive(zhang, "qu-tourism");
    EXPECT_EQ(signOn(entry).kind, Kind::kLinkBroken);
    EXPECT_EQ(signOns(), 0);
}

TEST_F(SystemSessionsTest, SaysBusyWhenThePoolIsFullAndDoesNotHoldThat) {
    net::WorkerPool tiny{{"tiny", 1, 1}};
    SystemSessions few{{accounts, events, tiny, system.clock, random}};
    std::promise<void> go;
    const auto wait = go.get_future().share();
    ASSERT_TRUE(tiny.submit([wait] { wait.wait(); }));
    while (tiny.stats().active == 0) std::this_thread::yield();
    ASSERT_TRUE(tiny.submit([] {}));
    const auto entry = few.enter(*signIn(zhang).session, system.adapter);
    Kind kind = Kind::kReady;
    few.signOn(entry, 0, false, [&](const SignOnReport& report) { kind = report.kind; });
    EXPECT_EQ(kind, Kind::kBusy);
    go.set_value();
    while (tiny.stats().done < 2) std::this_thread::yield();
    std::promise<bool> done;
    few.signOn(entry, 0, false, [&](const SignOnReport& report) { done.set_value(report.ready()); });
    EXPECT_TRUE(done.get_future().get());
}

TEST_F(SystemSessionsTest, LeavesASystemWithTheLastSessionThatUsedIt) {
    const auto one = signIn(zhang);
    const auto two = signIn(zhang);
    const auto entry = enter(one);
    EXPECT_EQ(enter(two), entry);
    ASSERT_TRUE(signOn(entry).ready());
    EXPECT_TRUE(systems.leaveAll(*one.session)->wait(seconds(5)).at(0).kept);
    EXPECT_EQ(signOffs(), 0);
    const auto left = systems.leaveAll(*two.session)->wait(seconds(5));
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(left[0].system, "qu-tourism");
    EXPECT_TRUE(left[0].finished && left[0].outcome.ok());
    EXPECT_EQ(signOffs(), 1);
    EXPECT_FALSE(entry->ready());
    EXPECT_EQ(systems.size(), 0u);
    // The page and the table both ask: the same batch, no second sign-off.
    EXPECT_EQ(systems.leaveAll(*two.session)->wait(seconds(5)).size(), 1u);
    EXPECT_EQ(signOffs(), 1);
}

TEST_F(SystemSessionsTest, KeepsPeopleApart) {
    const auto mine = enter(signIn(zhang));
    const auto theirs = enter(signIn(li));
    EXPECT_NE(mine, theirs);
    ASSERT_TRUE(signOn(mine).ready());
    EXPECT_FALSE(theirs->ready());
}

TEST_F(SystemSessionsTest, StartsAnewAfterAnAdapterWasReloaded) {
    const auto created = signIn(zhang);
    const auto before = enter(created);
    ASSERT_TRUE(signOn(before).ready());
    const test::FakeSystem reloaded;
    const auto after = systems.enter(*created.session, reloaded.adapter);
    EXPECT_NE(before, after);
    EXPECT_FALSE(after->ready());
    EXPECT_TRUE(before->retired());
    while (signOffs() == 0) std::this_thread::yield();
    EXPECT_EQ(signOffs(), 1) << "the old jar was forgotten without telling the system";
    EXPECT_EQ(systems.enter(*created.session, reloaded.adapter), after);
    EXPECT_EQ(systems.size(), 1u);
}

TEST_F(SystemSessionsTest, SaysWhichSystemsStayBecauseAnotherDeviceUsesThem) {
    const auto one = signIn(zhang);
    const auto two = signIn(zhang);
    const auto entry = enter(one);
    enter(two);
    ASSERT_TRUE(signOn(entry).ready());
    const auto left = systems.leaveAll(*one.session)->wait(seconds(5));
    ASSERT_EQ(left.size(), 1u);
    EXPECT_TRUE(left[0].kept && left[0].finished);
    EXPECT_EQ(left[0].system, "qu-tourism");
    EXPECT_EQ(signOffs(), 0);
    const auto last = systems.leaveAll(*two.session)->wait(seconds(5));
    ASSERT_EQ(last.size(), 1u);
    EXPECT_FALSE(last[0].kept);
    EXPECT_EQ(signOffs(), 1);
}

TEST_F(SystemSessionsTest, AKeepAliveWithoutAnAnswerKeepsTheSessionAndIsCounted) {
    test::FakeSystem kept("nat-salvation");
    const auto created = signIn(zhang);
    const auto entry = systems.enter(*created.session, kept.adapter);
    ASSERT_TRUE(signOn(entry).ready());
    system.clock.advance(std::chrono::hours(1));
    systems.tick();
    EXPECT_TRUE(entry->ready());
    EXPECT_EQ(systems.keepAliveFailures(), 1u);
}

TEST_F(SystemSessionsTest, DropSignsOffAndForgets) {
    const auto created = signIn(zhang);
    const auto entry = enter(created);
    ASSERT_TRUE(signOn(entry).ready());
    systems.drop(zhang, "qu-tourism");
    while (signOffs() == 0) std::this_thread::yield();
    EXPECT_NE(enter(created), entry);
    systems.drop(li, "qu-tourism");  // nothing there: nothing happens
    EXPECT_EQ(signOffs(), 1);
}

}  // namespace
}  // namespace yimen::gateway
