#include "adapter/ltpa_token.h"

#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

TEST(LtpaToken, EqualsTheTestVector) {
    const auto secret = core::fromBase64("AAECAwQFBgcICQoLDA0ODxAREhM=").value();
    EXPECT_EQ(makeLtpaToken("CN=zhangwei/O=zsq", secret, core::fromUnixSeconds(0x6955B900),
                            core::fromUnixSeconds(0x6955D520)),
              "AAECAzY5NTVCOTAwNjk1NUQ1MjBDTj16aGFuZ3dlaS9PPXpzcRnc3cSmANLbND75zQ5oDUGJemTm");
}

TEST(LtpaToken, DependsOnTheSecret) {
    const core::Bytes one(20, 1);
    core::Bytes two = one;
    two.back() ^= 1;
    const auto at = core::fromUnixSeconds(1767225600);
    EXPECT_NE(makeLtpaToken("CN=a", one, at, at), makeLtpaToken("CN=a", two, at, at));
}

}  // namespace
}  // namespace yimen::adapter
