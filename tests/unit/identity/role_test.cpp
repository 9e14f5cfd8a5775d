#include "identity/role.h"

#include <gtest/gtest.h>

namespace yimen::identity {

TEST(RoleSet, ReadsWhatItWrites) {
    EXPECT_EQ(RoleSet::parse(" leader ; clerk;;clerk")->write(), "clerk;leader");
    EXPECT_TRUE(RoleSet::parse("")->empty());
    EXPECT_FALSE(RoleSet::parse("Clerk").ok());
    for (std::size_t i = 0; i < kRoleCount; ++i) {
        const auto role = static_cast<Role>(i);
        EXPECT_EQ(roleFromText(toString(role)), role);
    }
}

}  // namespace yimen::identity
