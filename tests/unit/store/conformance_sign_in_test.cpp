#include "unit/store/backend.h"

namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

template <typename Backend>
class CredentialConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(CredentialConformance, Backends);

TYPED_TEST(CredentialConformance, MovesFormerHashesToABoundedHistory) {
    const auto person = this->person("a");
    for (int i = 1; i <= 5; ++i) {
        ASSERT_TRUE(
            this->stores.credentials->set({person.id, "h" + std::to_string(i), fromUnixSeconds(i), i == 5}, 3).ok());
    }
    const auto current = this->stores.credentials->get(person.id);
    EXPECT_EQ((*current)->encodedHash, "h5");
    EXPECT_TRUE((*current)->mustChange);
    EXPECT_EQ((*current)->changedAt, fromUnixSeconds(5));
    EXPECT_EQ(*this->stores.credentials->history(person.id), (std::vector<std::string>{"h4", "h3", "h2"}));
}

TYPED_TEST(CredentialConformance, KeepsHistoriesOfPeopleApart) {
    const auto a = this->person("a");
    const auto b = this->person("b");
    ASSERT_TRUE(this->stores.credentials->set({a.id, "a1", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({b.id, "b1", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({a.id, "a2", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({b.id, "b2", {}, false}, 0).ok());
    EXPECT_EQ(*this->stores.credentials->history(a.id), (std::vector<std::string>{"a1"}));
    EXPECT_TRUE(this->stores.credentials->history(b.id)->empty());
    EXPECT_EQ(*this->stores.credentials->holders(), (std::vector<PersonId>{a.id, b.id}));
}

TYPED_TEST(CredentialConformance, RehashesOnlyTheHashThatWasChecked) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.credentials->set({person.id, "weak", {}, false}, 3).ok());
    ASSERT_TRUE(this->stores.credentials->rehash(person.id, "weak", "strong").ok());
    EXPECT_EQ(this->stores.credentials->rehash(person.id, "weak", "other").error().code, ErrorCode::kConflict);
    EXPECT_EQ((*this->stores.credentials->get(person.id))->encodedHash, "strong");
    EXPECT_TRUE(this->stores.credentials->history(person.id)->empty());
}

TYPED_TEST(CredentialConformance, RefusesACredentialOfNobody) {
    EXPECT_EQ(this->stores.credentials->set({77, "h", {}, false}, 3).error().code, ErrorCode::kConflict);
    EXPECT_FALSE(this->stores.credentials->get(77)->has_value());
}

template <typename Backend>
class SessionConformance : public StoreTest<Backend> {
protected:
    SessionRecord session(std::uint64_t number, PersonId owner) {
        return {{number, ~number},
                owner,
                3,
                2,
                fromUnixSeconds(10),
                fromUnixSeconds(11),
                fromUnixSeconds(100),
                "2001:db8::1",
                "Firefox \"中文\""};
    }
    std::vector<SessionRecord> loaded(const Stores& from, std::int64_t now) {
        std::vector<SessionRecord> found;
        EXPECT_TRUE(from.sessions->load(fromUnixSeconds(now), [&](SessionRecord&& one) { found.push_back(one); }).ok());
        return found;
    }
};
TYPED_TEST_SUITE(SessionConformance, Backends);

TYPED_TEST(SessionConformance, LoadsEveryFieldAfterReopening) {
    const auto person = this->person("a");
    const auto wanted = this->session(0x8000000000000001, person.id);
    ASSERT_TRUE(this->stores.sessions->create(wanted).ok());
    const Stores again = this->reopened();
    const auto found = this->loaded(again, 50);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, wanted.id);
    EXPECT_EQ(found[0].person, person.id);
    EXPECT_EQ(found[0].actingPost, 3);
    EXPECT_EQ(found[0].assurance, 2);
    EXPECT_EQ(found[0].createdAt, wanted.createdAt);
    EXPECT_EQ(found[0].lastSeenAt, wanted.lastSeenAt);
    EXPECT_EQ(found[0].expiresAt, wanted.expiresAt);
    EXPECT_EQ(found[0].ip, wanted.ip);
    EXPECT_EQ(found[0].userAgent, wanted.userAgent);
    EXPECT_TRUE(this->loaded(again, 100).empty()) << "the limit itself is too late";
}

TYPED_TEST(SessionConformance, NeverBringsAnEndedSessionBack) {
    const auto person = this->person("a");
    const auto one = this->session(1, person.id);
    const auto two = this->session(2, person.id);
    ASSERT_TRUE(this->stores.sessions->create(one).ok());
    ASSERT_TRUE(this->stores.sessions->create(two).ok());
    ASSERT_TRUE(this->stores.sessions->end({one.id, {9, 9}}).ok());
    ASSERT_TRUE(
        this->stores.sessions->touch({{one.id, 5, 3, fromUnixSeconds(60)}, {two.id, 6, 3, fromUnixSeconds(61)}}).ok());
    const auto found = this->loaded(this->stores, 50);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, two.id);
    EXPECT_EQ(found[0].actingPost, 6);
    EXPECT_EQ(found[0].assurance, 3);
    EXPECT_EQ(found[0].lastSeenAt, fromUnixSeconds(61));
}

TYPED_TEST(SessionConformance, PurgesWhatIsPastItsLimit) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.sessions->create(this->session(1, person.id)).ok());
    EXPECT_EQ(*this->stores.sessions->purge(fromUnixSeconds(99)), 0);
    EXPECT_EQ(*this->stores.sessions->purge(fromUnixSeconds(100)), 1);
}

TYPED_TEST(SessionConformance, RefusesTheSameIdTwice) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.sessions->create(this->session(1, person.id)).ok());
    EXPECT_EQ(this->stores.sessions->create(this->session(1, person.id)).error().code, ErrorCode::kConflict);
}

TEST(SessionId, ReadsOnlyItsOwnSpelling) {
    const SessionId id{0x0123456789abcdef, 1};
    EXPECT_EQ(id.hex(), "0123456789abcdef0000000000000001");
    EXPECT_EQ(SessionId::fromHex(id.hex()), id);
    EXPECT_FALSE(SessionId::fromHex("0123456789ABCDEF0000000000000001"));
    EXPECT_FALSE(SessionId::fromHex("0123456789abcdef000000000000000"));
    EXPECT_FALSE(SessionId::fromHex("0123456789abcdef000000000000000 "));
}

template <typename Backend>
class OneTimeTokenConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(OneTimeTokenConformance, Backends);

TYPED_TEST(OneTimeTokenConformance, GivesATokenToOneOfManyParallelCalls) {
    for (int round = 0; round < 50; ++round) {
        const std::string hash = "hash" + std::to_string(round);
        ASSERT_TRUE(this->stores.oneTimeTokens->put({hash, "reset", 7, fromUnixSeconds(100)}).ok());
        std::atomic<int> won{0};
        std::atomic<int> failed{0};
        together(20, [&](int) {
            const auto got = this->stores.oneTimeTokens->consume(hash, "reset", fromUnixSeconds(1));
            if (!got.ok()) {
                ++failed;
            } else if (got->has_value()) {
                ++won;
            }
        });
        ASSERT_EQ(won.load(), 1);
        ASSERT_EQ(failed.load(), 0);
    }
}

TYPED_TEST(OneTimeTokenConformance, RefusesAnotherPurposeAndALateOneWithoutUsingItUp) {
    auto& tokens = *this->stores.oneTimeTokens;
    ASSERT_TRUE(tokens.put({"h", "reset", 7, fromUnixSeconds(100)}).ok());
    EXPECT_FALSE(tokens.consume("h", "first_admin", fromUnixSeconds(1))->has_value());
    EXPECT_FALSE(tokens.consume("h", "reset", fromUnixSeconds(100))->has_value());
    const auto got = tokens.consume("h", "reset", fromUnixSeconds(99));
    ASSERT_TRUE(got->has_value());
    EXPECT_EQ((*got)->person, 7);
    EXPECT_FALSE(tokens.consume("h", "reset", fromUnixSeconds(99))->has_value());
}

TYPED_TEST(OneTimeTokenConformance, StaysUsedAfterReopening) {
    ASSERT_TRUE(this->stores.oneTimeTokens->put({"h", "reset", 7, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(this->stores.oneTimeTokens->consume("h", "reset", fromUnixSeconds(1))->has_value());
    const Stores again = this->reopened();
    EXPECT_FALSE(again.oneTimeTokens->consume("h", "reset", fromUnixSeconds(1))->has_value());
}

TYPED_TEST(OneTimeTokenConformance, RevokesAndPurges) {
    auto& tokens = *this->stores.oneTimeTokens;
    ASSERT_TRUE(tokens.put({"h1", "reset", 7, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(tokens.put({"h2", "reset", 8, fromUnixSeconds(200)}).ok());
    ASSERT_TRUE(tokens.revoke("reset", 7).ok());
    EXPECT_FALSE(tokens.consume("h1", "reset", fromUnixSeconds(1))->has_value());
    EXPECT_EQ(*tokens.purge(fromUnixSeconds(200)), 1);
}

template <typename Backend>
class LockConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(LockConformance, Backends);

TYPED_TEST(LockConformance, KeepsLocksPerAccountAndSourceUntilTheirTime) {
    auto& locks = *this->stores.locks;
    ASSERT_TRUE(locks.put({"a", "10.0.0.0/24", 5, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(locks.put({"a", "10.0.0.0/24", 6, fromUnixSeconds(200)}).ok());
    ASSERT_TRUE(locks.put({"a", "device:x", 5, fromUnixSeconds(50)}).ok());
    ASSERT_TRUE(locks.put({"b", "10.0.0.0/24", 5, fromUnixSeconds(150)}).ok());
    const auto live = locks.load(fromUnixSeconds(60));
    ASSERT_EQ(live->size(), 2U);
    EXPECT_EQ((*live)[0].failures, 6);
    ASSERT_TRUE(locks.clear("a").ok());
    EXPECT_EQ(locks.load(fromUnixSeconds(60))->size(), 1U);
    EXPECT_EQ(*locks.purge(fromUnixSeconds(150)), 1);
}

}  // namespace yimen::store::test
