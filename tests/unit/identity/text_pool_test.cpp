#include "identity/text_pool.h"

#include <gtest/gtest.h>

namespace yimen::identity {

TEST(TextPool, ForgetsTextsNobodyUses) {
    TextPool pool;
    const auto kept = pool.share("kept");
    for (int i = 0; i < 5000; ++i) static_cast<void>(pool.share(std::to_string(i)));
    EXPECT_LT(pool.size(), 2000U);
    EXPECT_EQ(pool.share("kept"), kept);
}

}  // namespace yimen::identity
