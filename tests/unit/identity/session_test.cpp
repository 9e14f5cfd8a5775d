#include "identity/session.h"

#include <gtest/gtest.h>

namespace yimen::identity {

TEST(Session, GivesBackTheRecordItWasMadeOf) {
    const store::SessionRecord record{{1, 2},
                                      7,
                                      5,
                                      2,
                                      core::fromUnixSeconds(10),
                                      core::fromUnixSeconds(20),
                                      core::fromUnixSeconds(30),
                                      "2001:db8::1",
                                      "Firefox",
                                      core::fromUnixSeconds(15)};
    const Session session(record, std::make_shared<const std::string>(record.userAgent));
    const store::SessionRecord again = session.record();
    EXPECT_EQ(again.id, record.id);
    EXPECT_EQ(again.person, 7);
    EXPECT_EQ(again.actingPost, 5);
    EXPECT_EQ(again.assurance, 2);
    EXPECT_EQ(again.assuranceAt, record.assuranceAt);
    EXPECT_EQ(again.createdAt, record.createdAt);
    EXPECT_EQ(again.lastSeenAt, record.lastSeenAt);
    EXPECT_EQ(again.expiresAt, record.expiresAt);
    EXPECT_EQ(again.ip, record.ip);
    EXPECT_EQ(again.userAgent, "Firefox");
    EXPECT_FALSE(session.ended());
}

TEST(Session, LetsARaisedLevelFallBackByItself) {
    store::SessionRecord record;
    record.assurance = 2;
    record.createdAt = core::fromUnixSeconds(100);
    record.assuranceAt = core::fromUnixSeconds(1000);
    const Session session(record, std::make_shared<const std::string>(), std::chrono::seconds(60));
    EXPECT_EQ(session.assurance(core::fromUnixSeconds(1059)), Assurance::kTwoFactors);
    EXPECT_EQ(session.raisedUntil(core::fromUnixSeconds(1059)), core::fromUnixSeconds(1060));
    EXPECT_EQ(session.assurance(core::fromUnixSeconds(1060)), Assurance::kPassword);
    EXPECT_EQ(session.raisedUntil(core::fromUnixSeconds(1060)), core::WallTime{});
    EXPECT_EQ(session.provedAt(), core::fromUnixSeconds(1000));
}

TEST(Session, WithoutAProofOfItsOwnWasProvedAtSignIn) {
    store::SessionRecord record;
    record.createdAt = core::fromUnixSeconds(100);
    const Session session(record, std::make_shared<const std::string>(), std::chrono::seconds(60));
    EXPECT_EQ(session.provedAt(), core::fromUnixSeconds(100));
    EXPECT_EQ(session.assurance(core::fromUnixSeconds(100000)), Assurance::kPassword) << "the password's level stays";
}

}  // namespace yimen::identity
