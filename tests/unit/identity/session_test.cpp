#include "identity/session.h"

#include <gtest/gtest.h>

namespace yimen::identity {

TEST(Session, GivesBackTheRecordItWasMadeOf) {
    const store::SessionRecord record{
        {1, 2},        7,        5, 2, core::fromUnixSeconds(10), core::fromUnixSeconds(20), core::fromUnixSeconds(30),
        "2001:db8::1", "Firefox"};
    const Session session(record, std::make_shared<const std::string>(record.userAgent));
    const store::SessionRecord again = session.record();
    EXPECT_EQ(again.id, record.id);
    EXPECT_EQ(again.person, 7);
    EXPECT_EQ(again.actingPost, 5);
    EXPECT_EQ(again.assurance, 2);
    EXPECT_EQ(again.createdAt, record.createdAt);
    EXPECT_EQ(again.lastSeenAt, record.lastSeenAt);
    EXPECT_EQ(again.expiresAt, record.expiresAt);
    EXPECT_EQ(again.ip, record.ip);
    EXPECT_EQ(again.userAgent, "Firefox");
    EXPECT_FALSE(session.ended());
}

}  // namespace yimen::identity
