#include "unit/store/backend.h"

namespace yimen::store::test {

using ShareAccessStoreTest = StoreTest<SqliteBackend>;

TEST_F(ShareAccessStoreTest, KnowsNoTokenOfAShareThatIsNot) {
    EXPECT_FALSE(stores.shareAccess->addToken({0, 41, "x", "h", 1, {}, {}, {}}).ok());
    EXPECT_TRUE(stores.shareAccess->tokens(41)->empty());
}

}  // namespace yimen::store::test
