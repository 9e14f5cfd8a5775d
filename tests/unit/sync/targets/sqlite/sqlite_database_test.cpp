#include "sync/targets/sqlite_database.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

TEST(SqliteDatabase, SaysThatItsFileCannotBeOpened) {
    const core::ManualClock clock;
    TargetOptions options;
    options.clock = &clock;
    options.sealer = std::make_shared<TestSealer>();
    const auto shared = sqlite::open("/nowhere/at/all/shared.db", options);
    ASSERT_FALSE(shared.ok());
    EXPECT_EQ(shared.error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
