#include <gtest/gtest.h>

#include "store/session_store.h"

namespace yimen::store {

TEST(SessionId, ReadsOnlyItsOwnSpelling) {
    const SessionId id{0x0123456789abcdef, 1};
    EXPECT_EQ(id.hex(), "0123456789abcdef0000000000000001");
    EXPECT_EQ(SessionId::fromHex(id.hex()), id);
    EXPECT_FALSE(SessionId::fromHex("0123456789ABCDEF0000000000000001"));
    EXPECT_FALSE(SessionId::fromHex("0123456789abcdef000000000000000"));
    EXPECT_FALSE(SessionId::fromHex("0123456789abcdef000000000000000 "));
}

}  // namespace yimen::store
