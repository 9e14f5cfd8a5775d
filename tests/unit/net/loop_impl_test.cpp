#include "net/loop_impl.h"

#include <gtest/gtest.h>

#include <future>

#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/upstream_pool.h"

namespace yimen::net {
namespace {

using namespace std::chrono_literals;

class Quiet final : public Dispatcher {
public:
    void onRequest(Exchange&) override {}
    void onEnd(Exchange&, const ExchangeStats&) override {}
    void onLoopStart(Loop& loop) override { loop.slot = std::make_shared<int>(7); }
    void onLoopTurn(Loop&) override { ++turns; }
    void onLoopStop(Loop& loop) override { slotAtStop = *std::static_pointer_cast<int>(loop.slot); }
    std::atomic<int> turns = 0;
    int slotAtStop = 0;
};

struct Running {
    Running() {
        EXPECT_TRUE(loop.open().ok());
        loop.setParts(std::make_unique<LoopParts>(loop, shared));
        loop.start([] {});
    }
    ~Running() { stop(); }
    void stop() {
        loop.drain(0ms);
        loop.join();
    }

    core::SystemClock clock;
    core::SystemRandom random;
    ServerShared shared{ServerLimits{}, random, 1};
    Quiet dispatcher;
    LoopImpl loop{0, dispatcher, clock};
};

TEST(Loop, RunsPostedTasksInOrderOnItsThread) {
    Running running;
    std::vector<int> order;
    std::promise<bool> last;
    for (int i = 0; i < 100; ++i) running.loop.post([&order, i] { order.push_back(i); });
    running.loop.post([&] { last.set_value(running.loop.onLoopThread()); });
    EXPECT_TRUE(last.get_future().get());
    EXPECT_FALSE(running.loop.onLoopThread());
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Loop, FiresTimersInTheirOrderAndNotWhenCancelled) {
    Running running;
    std::promise<std::string> result;
    running.loop.post([&] {
        auto text = std::make_shared<std::string>();
        running.loop.after(60ms, [&, text] { result.set_value(*text); });
        running.loop.after(30ms, [text] { *text += "b"; });
        running.loop.after(0ms, [text] { *text += "a"; });
        running.loop.cancel(running.loop.after(20ms, [text] { *text += "x"; }));
        running.loop.cancel(12345);
    });
    EXPECT_EQ(result.get_future().get(), "ab");
}

TEST(Loop, DestroysTasksThatComeTooLate) {
    auto mailbox = std::shared_ptr<Mailbox>();
    const auto held = std::make_shared<int>(1);
    {
        Running running;
        mailbox = running.loop.mailbox();
        running.stop();
        EXPECT_EQ(running.dispatcher.slotAtStop, 7);
        EXPECT_GT(running.dispatcher.turns, 0);
    }
    mailbox->post([held] { FAIL(); });
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace yimen::net
