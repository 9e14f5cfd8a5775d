#include "sync/targets/migrations.h"

#include <atomic>
#include <thread>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class MigrationsTest : public ::testing::Test {
protected:
    core::ManualClock clock;
    Backend backend;
    TargetOptions options() {
        TargetOptions out;
        out.clock = &clock;
        out.sealer = std::make_shared<TestSealer>();
        return out;
    }
};
TYPED_TEST_SUITE(MigrationsTest, Backends);

TYPED_TEST(MigrationsTest, AreDoneOnceByHubsThatStartTogether) {
    std::vector<std::thread> hubs;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i) {
        hubs.emplace_back([&] {
            auto shared = this->backend.open(this->options());
            if (shared.ok() && shared->runs->list("", 1).ok()) ++good;
        });
    }
    for (std::thread& hub : hubs) hub.join();
    EXPECT_EQ(good, 4);
}

}  // namespace
}  // namespace yimen::sync
