#include "gateway/gate.h"

#include "unit/gateway/fixture.h"
#include "unit/identity/session_fixture.h"

namespace yimen::gateway {
namespace {

using std::chrono::seconds;

class NoAccounts final : public AccountSource {
public:
    core::Result<Account> open(PersonId, const adapter::Manifest&, const std::string&) override {
        return core::makeError(core::ErrorCode::kNotFound, "none");
    }
    void worked(PersonId, const std::string&, const Account&) override {}
    void refused(PersonId, const std::string&, const Account&, adapter::Outcome) override {}
};

class NoEvents final : public SystemSessionEvents {
public:
    void signedOn(PersonId, const std::string&, const SignOnReport&) override {}
    void signedOff(PersonId, const std::string&, const adapter::SignOnOutcome&) override {}
};

class GateTest : public identity::SessionTableTest {
protected:
    std::string appCookie(const identity::SessionTable::Created& created, std::string_view system = "qu-tourism") {
        return table->ticketFor(*created.session, identity::appPurpose(system)).value();
    }
    const Admission* admit(std::string_view cookie, const Route& route) {
        return gate.admit(cookie, route, directory, world.clock.mono());
    }

    test::FakeSystem tourism{"qu-tourism"};
    test::FakeSystem office{"qu-oa"};
    NoAccounts accounts;
    NoEvents events;
    net::WorkerPool pool{{"sign_on", 1, 4}};
    SystemSessions systems{{accounts, events, pool, world.clock, world.random}};
    std::shared_ptr<const identity::Directory> directory = identity::Directory::build({}).value();
    Gate gate{{*table, systems, world.clock, std::chrono::minutes(480)}};
};

TEST_F(GateTest, AdmitsAPersonWithTheCookieOfThisSystem) {
    const auto created = signIn(zhang);
    const auto* admission = admit(appCookie(created), *tourism.route);
    ASSERT_NE(admission, nullptr);
    EXPECT_EQ(admission->session->person(), zhang);
    EXPECT_EQ(&admission->entry->adapter(), tourism.adapter.get());
    EXPECT_NE(admission->subject, nullptr);
}

TEST_F(GateTest, RefusesCookiesOfOtherPlaces) {
    const auto created = signIn(zhang);
    EXPECT_EQ(admit(created.cookie, *tourism.route), nullptr) << "the hub's own cookie";
    EXPECT_EQ(admit(appCookie(created, "qu-oa"), *tourism.route), nullptr);
    EXPECT_EQ(admit("", *tourism.route), nullptr);
    EXPECT_EQ(admit("rubbish", *tourism.route), nullptr);
    // Also when the same cookie was admitted to its own system a moment ago.
    ASSERT_NE(admit(appCookie(created, "qu-oa"), *office.route), nullptr);
    EXPECT_EQ(admit(appCookie(created, "qu-oa"), *tourism.route), nullptr);
}

TEST_F(GateTest, RefusesAnEndedSessionAtOnceThoughItWasSeenJustNow) {
    const auto created = signIn(zhang);
    const auto cookie = appCookie(created);
    ASSERT_NE(admit(cookie, *tourism.route), nullptr);
    ASSERT_TRUE(table->end(created.session->id(), identity::End::kSignedOut).ok());
    EXPECT_EQ(admit(cookie, *tourism.route), nullptr);
}

TEST_F(GateTest, LooksAgainAfterAWhileSoThatIdleSessionsEnd) {
    const auto created = signIn(zhang);
    const auto cookie = appCookie(created);
    ASSERT_NE(admit(cookie, *tourism.route), nullptr);
    world.clock.advance(limits.idle + seconds(1));
    EXPECT_EQ(admit(cookie, *tourism.route), nullptr);
}

TEST_F(GateTest, BuildsTheSubjectAnewForAnotherDirectoryOrPost) {
    const auto created = signIn(zhang);
    const auto cookie = appCookie(created);
    const auto first = admit(cookie, *tourism.route)->subject;
    EXPECT_EQ(admit(cookie, *tourism.route)->subject, first);
    directory = identity::Directory::build({}).value();
    const auto second = admit(cookie, *tourism.route)->subject;
    EXPECT_NE(second, first);
    ASSERT_TRUE(table->setActingPost(created.session->id(), 77));
    EXPECT_NE(admit(cookie, *tourism.route)->subject, second);
}

TEST_F(GateTest, LooksForTheEntryAgainAfterItWasDropped) {
    const auto created = signIn(zhang);
    const auto cookie = appCookie(created);
    const auto before = admit(cookie, *tourism.route)->entry;
    systems.drop(zhang, "qu-tourism");
    const auto* after = admit(cookie, *tourism.route);
    ASSERT_NE(after, nullptr);
    EXPECT_NE(after->entry, before) << "a jar that nobody would sign off any more";
}

TEST(AppCookieOf, TakesExactlyOne) {
    using net::FieldId;
    const auto value = [](std::initializer_list<net::Field> fields) {
        const test::Fields all(fields);
        return std::string(appCookieOf(all.request()));
    };
    EXPECT_EQ(value({{"Cookie", "a=b; __Host-yimen-app=x; c=d", FieldId::kCookie}}), "x");
    EXPECT_EQ(value({{"Cookie", "__Host-yimen-app=x;__Host-yimen-app=y", FieldId::kCookie}}), "");
    EXPECT_EQ(
        value({{"Cookie", "__Host-yimen-app=x", FieldId::kCookie}, {"Cookie", "__Host-yimen-app=x", FieldId::kCookie}}),
        "");
    EXPECT_EQ(value({{"Cookie", "__Host-yimen-app2=x; x__Host-yimen-app=y; __host-yimen-app=z", FieldId::kCookie}}),
              "");
    EXPECT_EQ(value({{"X-Cookie", "__Host-yimen-app=x"}}), "");
    EXPECT_EQ(value({}), "");
}

}  // namespace
}  // namespace yimen::gateway
