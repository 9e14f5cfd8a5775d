#include "sync/targets/postgres_database.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

TEST(PostgresDatabase, SaysThatItsServerDoesNotAnswer) {
    const core::ManualClock clock;
    TargetOptions options;
    options.clock = &clock;
    options.sealer = std::make_shared<TestSealer>();
    const auto shared = postgres::open(core::Secret("host=/nowhere user=x dbname=x"), options);
    ASSERT_FALSE(shared.ok());
    EXPECT_EQ(shared.error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
