#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

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
                "Firefox \"中文\"",
                fromUnixSeconds(9)};
    }
    std::vector<SessionRecord> loaded(const Stores& from, std::int64_t now) {
        std::vector<SessionRecord> found;
        EXPECT_TRUE(from.sessions->load(fromUnixSeconds(now), [&](SessionRecord&& one) { found.push_back(one); }).ok());
        return found;
    }
};
TYPED_TEST_SUITE_P(SessionConformance);

TYPED_TEST_P(SessionConformance, LoadsEveryFieldAfterReopening) {
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
    EXPECT_EQ(found[0].assuranceAt, fromUnixSeconds(9));
    EXPECT_TRUE(this->loaded(again, 100).empty()) << "the limit itself is too late";
}

TYPED_TEST_P(SessionConformance, NeverBringsAnEndedSessionBack) {
    const auto person = this->person("a");
    const auto one = this->session(1, person.id);
    const auto two = this->session(2, person.id);
    ASSERT_TRUE(this->stores.sessions->create(one).ok());
    ASSERT_TRUE(this->stores.sessions->create(two).ok());
    ASSERT_TRUE(this->stores.sessions->end({one.id, {9, 9}}).ok());
    ASSERT_TRUE(
        this->stores.sessions
            ->touch({{one.id, 5, 3, fromUnixSeconds(60)}, {two.id, 6, 3, fromUnixSeconds(61), fromUnixSeconds(59)}})
            .ok());
    const auto found = this->loaded(this->stores, 50);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, two.id);
    EXPECT_EQ(found[0].actingPost, 6);
    EXPECT_EQ(found[0].assurance, 3);
    EXPECT_EQ(found[0].lastSeenAt, fromUnixSeconds(61));
    EXPECT_EQ(found[0].assuranceAt, fromUnixSeconds(59));
}

TYPED_TEST_P(SessionConformance, PurgesWhatIsPastItsLimit) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.sessions->create(this->session(1, person.id)).ok());
    EXPECT_EQ(*this->stores.sessions->purge(fromUnixSeconds(99)), 0);
    EXPECT_EQ(*this->stores.sessions->purge(fromUnixSeconds(100)), 1);
}

TYPED_TEST_P(SessionConformance, RefusesTheSameIdTwice) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.sessions->create(this->session(1, person.id)).ok());
    EXPECT_EQ(this->stores.sessions->create(this->session(1, person.id)).error().code, ErrorCode::kConflict);
}

REGISTER_TYPED_TEST_SUITE_P(SessionConformance, LoadsEveryFieldAfterReopening, NeverBringsAnEndedSessionBack,
                            PurgesWhatIsPastItsLimit, RefusesTheSameIdTwice);

}  // namespace yimen::store::test
