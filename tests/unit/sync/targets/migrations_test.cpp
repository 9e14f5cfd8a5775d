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

TYPED_TEST(MigrationsTest, KeepEveryLetterOfAnOlderHub) {
    {
        const auto session = valueOf(this->backend.bare());
        ASSERT_TRUE(migrate(*session, this->clock, 2).ok());
        const std::string sealed = TestSealer().seal("{\"a\":\"1\"}", "ZS-01").value();
        for (int i = 0; i < 3; ++i) {  // the older hub wrote the same record once for each read
            const auto done = session->run(
                "INSERT INTO sync_dead_letter (item, run, batch, rule, field, message, origin, raw, map_version, "
                "created_at) VALUES ('ZS-01', $1, $1, 'id_card', 'id_no', 'check digit', 7, $2, 'm0', 5000)",
                {std::int64_t{i + 1}, SqlBytes{sealed}});
            ASSERT_TRUE(done.ok()) << done.error().describe();
        }
    }
    const SharedDatabase shared = valueOf(this->backend.open(this->options()));
    const auto letters = valueOf(shared.deadLetters->open({"ZS-01"}, 0, 10));
    ASSERT_EQ(letters.size(), 3U);
    EXPECT_EQ(letters[2].lastRun, 3);
    EXPECT_EQ(letters[2].lastSeen, 5000);
    EXPECT_EQ(letters[2].times, 1);
    EXPECT_EQ(letters[2].reject.raw, "{\"a\":\"1\"}");
    EXPECT_FALSE(letters[2].reject.key);
    EXPECT_EQ(valueOf(shared.deadLetters->groups())[0].open, 3U);
}

}  // namespace
}  // namespace yimen::sync
