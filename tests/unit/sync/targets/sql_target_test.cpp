#include "sync/targets/sql_target.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

TEST(SqlTarget, IsNotOpenedWithoutClockOrSealer) {
    const core::ManualClock clock;
    TargetOptions options;
    options.clock = &clock;
    EXPECT_EQ(openShared({}, options).error().code, core::ErrorCode::kInvalidInput);
    options.clock = nullptr;
    options.sealer = std::make_shared<TestSealer>();
    EXPECT_EQ(openShared({}, options).error().code, core::ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::sync
