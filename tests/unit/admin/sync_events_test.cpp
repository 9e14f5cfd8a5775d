#include "admin/sync_events.h"

#include <gtest/gtest.h>

#include <optional>

#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

/// What runs, as the test says.
class Items {
public:
    using List = std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>>;
    SyncEvents::Running asked() {
        return [this] {
            const std::lock_guard<std::mutex> lock(mutex_);
            return now_;
        };
    }
    void set(const std::string& item, std::uint64_t read) {
        auto progress = std::make_shared<sync::Progress>();
        progress->read = read;
        const std::lock_guard<std::mutex> lock(mutex_);
        now_ = {{item, progress}};
    }

private:
    std::mutex mutex_;
    List now_;
};

/// Somebody with an open page.
struct Page {
    http::Waiting waiting() {
        return {[this](http::Response response) {
                    const std::lock_guard<std::mutex> lock(mutex);
                    if (!got) got = std::move(response);
                    came.notify_all();
                },
                [this] { return alive.load(); }};
    }
    http::Response wait() {
        std::unique_lock<std::mutex> lock(mutex);
        came.wait_for(lock, std::chrono::seconds(10), [this] { return got.has_value(); });
        return got.value_or(http::Response::text(0, ""));
    }
    std::mutex mutex;
    std::condition_variable came;
    std::optional<http::Response> got;
    std::atomic<bool> alive{true};
};

SyncEvents::Limits quick(std::size_t readers = 8, unsigned steps = 4000) {
    return {readers, std::chrono::milliseconds(5), steps, std::chrono::milliseconds(500)};
}

class SyncEventsTest : public ::testing::Test {
protected:
    Items items;
    const http::Request request;
};

TEST_F(SyncEventsTest, TellTheStateAtOnceToWhoHasSeenNothing) {
    items.set("ZS-SQ-013", 42);
    SyncEvents events(items.asked(), quick());
    Page page;
    events.wait(request, page.waiting(), "");
    const auto answer = page.wait();
    EXPECT_EQ(answer.headers.first("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(answer.body,
              "retry: 500\nid: 1\nevent: progress\ndata: "
              R"({"running":[{"item":"ZS-SQ-013","kind":"sync","read":42,"rejected":0,"written":0}]})"
              "\n\n");
}

TEST_F(SyncEventsTest, TellABackfillFromTheItemsOwnRun) {
    items.set("ZS-SQ-013:backfill", 7);
    SyncEvents events(items.asked(), quick());
    Page page;
    events.wait(request, page.waiting(), "");
    EXPECT_NE(page.wait().body.find(R"({"item":"ZS-SQ-013","kind":"backfill","read":7,)"), std::string::npos);
}

TEST_F(SyncEventsTest, HoldWhoHasSeenTheNewestUntilSomethingChanges) {
    items.set("ZS-SQ-013", 42);
    SyncEvents events(items.asked(), quick());
    Page first;
    events.wait(request, first.waiting(), "");
    first.wait();
    Page second;
    events.wait(request, second.waiting(), "1");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(events.readers(), 1U) << "nothing new, so no answer";
    items.set("ZS-SQ-013", 43);
    EXPECT_NE(second.wait().body.find("id: 2\n"), std::string::npos);
    EXPECT_NE(second.wait().body.find("\"read\":43"), std::string::npos);
}

TEST_F(SyncEventsTest, AnswerWithoutNewsBeforeTheHoldEnds) {
    SyncEvents events(items.asked(), quick(8, 3));
    Page first;
    events.wait(request, first.waiting(), "");
    first.wait();
    Page second;
    events.wait(request, second.waiting(), "1");
    EXPECT_EQ(second.wait().body, "retry: 500\n: \n\n") << "no id: what was seen last stays so";
}

TEST_F(SyncEventsTest, RefuseReadersAboveTheLimitAndForgetThoseWhoLeft) {
    SyncEvents events(items.asked(), quick(1));
    Page first;
    events.wait(request, first.waiting(), "");
    first.wait();
    Page second;
    Page third;
    events.wait(request, second.waiting(), "1");
    events.wait(request, third.waiting(), "1");
    EXPECT_EQ(third.wait().status, 503);
    EXPECT_FALSE(third.wait().headers.first("Retry-After").empty());
    second.alive = false;
    for (int i = 0; i < 1000 && events.readers() != 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(events.readers(), 0U);
}

TEST_F(SyncEventsTest, SendEverybodyAwayAtTheEnd) {
    SyncEvents events(items.asked(), quick());
    Page first;
    events.wait(request, first.waiting(), "");
    first.wait();
    Page second;
    events.wait(request, second.waiting(), "1");
    events.stop();
    EXPECT_EQ(second.wait().status, 200);
    Page late;
    events.wait(request, late.waiting(), "1");
    EXPECT_EQ(late.wait().status, 503);
}

TEST_F(SyncEventsTest, AreForThoseWhoMaySeeTheDataSide) {
    web::test::HubWorld hub;
    SyncEvents events(items.asked(), quick());
    ASSERT_TRUE(mountSyncEvents(hub.router, hub.context, events).ok());
    EXPECT_EQ(hub.get("/api/v1/sync/events").status, 401);
    hub.signIn("wangmin", "210299D01", "clerk");
    EXPECT_EQ(hub.get("/api/v1/sync/events").status, 403);
    hub.signIn("sunzhuan", "210299D11", "data_steward");
    EXPECT_EQ(hub.get("/api/v1/sync/events").status, 204) << "the guard lets them wait";
}

}  // namespace
}  // namespace yimen::admin
