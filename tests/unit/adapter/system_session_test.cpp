#include "adapter/system_session.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace yimen::adapter {
namespace {

class Marked final : public EngineState {
public:
    explicit Marked(int number) : value(number) {}
    const int value;
};

class Session : public testing::Test {
protected:
    const core::WallTime now_ = core::fromUnixSeconds(1767225600);
    SystemSession session_{core::Url::parse("http://system.test/").value(), now_};
};

TEST_F(Session, CountsGenerations) {
    EXPECT_EQ(session_.generation(), 0U);
    EXPECT_FALSE(session_.signedOn());
    session_.establish({}, std::make_shared<Marked>(1));
    session_.renew(std::make_shared<Marked>(2), {});
    EXPECT_EQ(session_.generation(), 2U);
    EXPECT_TRUE(session_.signedOn());
    session_.clear();
    EXPECT_EQ(session_.generation(), 2U) << "an answer of before must not renew again";
    EXPECT_FALSE(session_.signedOn());
    EXPECT_EQ(session_.state(), nullptr);
}

TEST_F(Session, ReplacesTheJarOnSignOnAndKeepsItOnRefresh) {
    session_.putCookie("old", "1", now_);
    CookieJar jar;
    jar.store("fresh=1; Path=/", session_.origin(), now_);
    session_.establish(std::move(jar), nullptr);
    EXPECT_EQ(session_.cookieHeader("/", now_), "fresh=1");
    session_.renew(std::make_shared<Marked>(1), {});
    EXPECT_TRUE(session_.hasCookie("fresh"));
}

TEST_F(Session, LooksAtThePathOfATargetOnly) {
    session_.storeCookie("a=1", "/app/x?next=/other/", now_);
    EXPECT_EQ(session_.cookieHeader("/app/y?z=1", now_), "a=1");
    EXPECT_EQ(session_.cookieHeader("/?p=/app/", now_), "");
}

TEST_F(Session, KnowsWhenARefreshIsDue) {
    EXPECT_FALSE(session_.refreshDue(now_));
    session_.establish({}, nullptr, now_ + std::chrono::minutes(5));
    EXPECT_FALSE(session_.refreshDue(now_));
    EXPECT_TRUE(session_.refreshDue(now_ + std::chrono::minutes(5)));
    session_.clear();
    EXPECT_FALSE(session_.refreshDue(now_ + std::chrono::minutes(5)));
}

TEST_F(Session, BearsManyThreads) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([this, t] {
            for (int i = 0; i < 500; ++i) {
                session_.storeCookie("c" + std::to_string(i % 8) + "=" + std::to_string(t), "/", now_);
                (void)session_.cookieHeader("/", now_);
                if (i % 50 == 0) session_.establish({}, std::make_shared<Marked>(t));
                (void)session_.state();
                session_.touch(now_);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(session_.generation(), 40U);
}

}  // namespace
}  // namespace yimen::adapter
