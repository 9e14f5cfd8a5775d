#include "http/service.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace yimen::http {
namespace {

/// Stands for net: records the decision; posted tasks run in the posting thread.
class FakeExchange final : public net::Exchange {
public:
    struct Link final : net::ExchangeRef::Link {
        explicit Link(FakeExchange& exchange) : owner(exchange) {}
        void post(std::function<void(net::Exchange&)> task) override { task(owner); }
        bool alive() const noexcept override { return owner.alive; }
        FakeExchange& owner;
    };

    const net::RequestHead& head() const noexcept override { return head_; }
    const net::Peer& peer() const noexcept override { return peer_; }
    net::Loop& loop() noexcept override { std::abort(); }
    std::uint64_t id() const noexcept override { return 1; }
    void reply(net::Reply reply) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        answer_ = std::move(reply);
        answered_.notify_all();
    }
    void collect(std::size_t limit, std::function<void(net::Exchange&, std::string)> done) override {
        collectLimit = limit;
        if (body.size() > limit && tooLong_) return reply(tooLong_());
        head_ = {};
        done(*this, body);
    }
    void onTooLong(std::function<net::Reply()> answer) override { tooLong_ = std::move(answer); }
    void forward(net::Forward) override { FAIL(); }
    net::ExchangeRef hold() override { return net::ExchangeRef(std::make_shared<Link>(*this)); }
    void onCancel(std::function<void()>) override {}
    bool upstreamReused() const noexcept override { return false; }

    void ask(std::string_view method, std::string_view target, bool withBody = false) {
        head_.method = method;
        head_.target = target;
        head_.host = "Yimen.Example:8443";
        if (withBody) head_.bodyKind = net::BodyKind::kChunked;
        head_.fields = fields;
        peer_.secure = true;
    }
    net::Reply wait() {
        std::unique_lock<std::mutex> lock(mutex_);
        answered_.wait_for(lock, std::chrono::seconds(10), [this] { return answer_.has_value(); });
        return answer_.value_or(net::Reply{0, {}, nullptr, false});
    }
    bool answered() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return answer_.has_value();
    }

    std::vector<net::Field> fields;
    std::string body;
    std::size_t collectLimit = 0;
    std::atomic<bool> alive{true};

private:
    net::RequestHead head_;
    net::Peer peer_;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::optional<net::Reply> answer_;
    std::function<net::Reply()> tooLong_;
};

std::string field(const net::Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.fields) {
        if (key == name) return value;
    }
    return "";
}

class ServiceTest : public testing::Test {
protected:
    void route(const char* method, const char* pattern, RunOn runOn, Handler handler) {
        ASSERT_TRUE(router_.add(Route{method, pattern, std::move(handler), {runOn, 100}}).ok());
    }
    const Service& service(ServiceHooks hooks = {}) {
        return service_.emplace(router_, Service::Pools{kdf_, io_}, random_, std::move(hooks));
    }

    Router router_;
    core::SystemRandom random_;
    FakeExchange exchange_;
    std::optional<Service> service_;
    // Their tasks use what stands above, so they end first.
    net::WorkerPool kdf_{{"kdf", 1, 1}};
    net::WorkerPool io_{{"io", 1, 4}};
};

TEST_F(ServiceTest, BuildsTheRequestFromTheExchange) {
    Request seen;
    route("GET", "/people/{id}", RunOn::kLoop, [&](const Request& request) {
        seen = request;
        return Response::text(200, "ok");
    });
    exchange_.fields = {{"Cookie", "a=1; b=2", net::FieldId::kCookie, false}, {"Accept-Language", "en"}};
    exchange_.ask("GET", "/people/%41?x=%E4%B8%AD&y");
    service().serve(exchange_);
    EXPECT_EQ(seen.path, "/people/A");
    EXPECT_EQ(seen.params.text("id"), "A");
    EXPECT_EQ(seen.query.text("x"), "中");
    EXPECT_EQ(seen.cookies.text("b"), "2");
    EXPECT_EQ(seen.host, "yimen.example:8443");
    EXPECT_EQ(seen.acceptLanguage(), "en");
    EXPECT_EQ(seen.requestId.size(), 16U);
    EXPECT_EQ(*exchange_.wait().body, "ok");
}

TEST_F(ServiceTest, CollectsTheBodyUpToTheLimitOfTheRoute) {
    route("POST", "/a", RunOn::kIo, [](const Request& request) { return Response::text(200, request.body); });
    exchange_.body = "hello";
    exchange_.ask("POST", "/a", true);
    service().serve(exchange_);
    EXPECT_EQ(*exchange_.wait().body, "hello");
    EXPECT_EQ(exchange_.collectLimit, 100U);
}

TEST_F(ServiceTest, ABodyAboveTheLimitGetsAProblemOrThePageOfTheHook) {
    for (const char* path : {"/api/a", "/a"}) {
        route("POST", path, RunOn::kIo, [](const Request&) { return Response::noContent(); });
    }
    ServiceHooks hooks;
    hooks.tooLong = [](const Request& request) {
        return request.path == "/a" ? std::optional(Response::html(413, "<p>zu lang</p>")) : std::nullopt;
    };
    hooks.finish = [](const Request&, Response& response) { response.headers.set("X-Finished", "1"); };
    const Service& hub = service(std::move(hooks));
    exchange_.body = std::string(101, 'x');
    exchange_.ask("POST", "/api/a", true);
    hub.serve(exchange_);
    const auto json = exchange_.wait();
    EXPECT_EQ(json.status, 413);
    EXPECT_EQ(field(json, "Content-Type"), "application/problem+json");
    EXPECT_EQ(field(json, "X-Finished"), "1");
    EXPECT_THAT(*json.body, testing::HasSubstr("\"code\":\"too_large\""));
    exchange_.ask("POST", "/a", true);
    hub.serve(exchange_);
    const auto page = exchange_.wait();
    EXPECT_EQ(page.status, 413);
    EXPECT_THAT(*page.body, testing::HasSubstr("zu lang"));
}

TEST_F(ServiceTest, RefusesAPathThatIsNotPlain) {
    route("GET", "/a", RunOn::kLoop, [](const Request&) { return Response::noContent(); });
    exchange_.ask("GET", "/x/..%2fa");
    service().serve(exchange_);
    EXPECT_EQ(exchange_.wait().status, 400);
}

TEST_F(ServiceTest, AnswersAFullPoolWith503) {
    std::mutex gate;
    std::unique_lock<std::mutex> closed(gate);
    route("POST", "/login", RunOn::kKdf, [&](const Request&) {
        const std::lock_guard<std::mutex> pass(gate);
        return Response::noContent();
    });
    std::vector<std::unique_ptr<FakeExchange>> exchanges;
    const Service& service = this->service();
    int refused = 0;
    for (int i = 0; i < 4; ++i) {
        exchanges.push_back(std::make_unique<FakeExchange>());
        exchanges.back()->ask("POST", "/login");
        service.serve(*exchanges.back());
        if (exchanges.back()->answered()) {
            ++refused;
            const net::Reply reply = exchanges.back()->wait();
            EXPECT_EQ(reply.status, 503);
            EXPECT_EQ(field(reply, "Retry-After"), "2");
        }
    }
    EXPECT_GE(refused, 2);
    closed.unlock();
    for (const auto& exchange : exchanges) EXPECT_NE(exchange->wait().status, 0);
}

TEST_F(ServiceTest, HidesWhatAHandlerThrows) {
    for (const RunOn runOn : {RunOn::kLoop, RunOn::kIo}) {
        Router router;
        ASSERT_TRUE(router
                        .add(Route{"GET",
                                   "/a",
                                   [](const Request&) -> Response { throw std::runtime_error("table person"); },
                                   {runOn, 1}})
                        .ok());
        FakeExchange exchange;
        exchange.ask("GET", "/a");
        Service(router, {kdf_, io_}, random_, {}).serve(exchange);
        const net::Reply reply = exchange.wait();
        EXPECT_EQ(reply.status, 500);
        EXPECT_EQ(reply.body->find("person"), std::string::npos);
        EXPECT_NE(reply.body->find("trace_id"), std::string::npos);
    }
}

TEST_F(ServiceTest, DoesNotWorkForAClientThatHasGone) {
    std::atomic<int> runs{0};
    route("GET", "/a", RunOn::kIo, [&](const Request&) {
        ++runs;
        return Response::noContent();
    });
    exchange_.alive = false;
    exchange_.ask("GET", "/a");
    service().serve(exchange_);
    FakeExchange second;
    second.ask("GET", "/a");
    service().serve(second);
    second.wait();
    EXPECT_EQ(runs, 1);
}

TEST_F(ServiceTest, AnAnswerMayComeLaterFromElsewhere) {
    Waiting left;
    std::atomic<bool> taken{false};
    Route later{"GET", "/later", [](const Request&) { return Response::noContent(); }, {RunOn::kIo, 100}};
    later.later = [&](const Request&, const Waiting& waiting) {
        left = waiting;
        taken = true;
    };
    ASSERT_TRUE(router_.add(std::move(later)).ok());
    ServiceHooks hooks;
    hooks.finish = [](const Request&, Response& response) { response.headers.set("X-Seen", "yes"); };
    const Service service = this->service(hooks);
    exchange_.ask("GET", "/later");
    service.serve(exchange_);
    for (int i = 0; i < 1000 && !taken; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(taken);
    EXPECT_FALSE(exchange_.answered()) << "the pool's thread is free, and nobody has answered yet";
    EXPECT_TRUE(left.alive());
    exchange_.alive = false;
    EXPECT_FALSE(left.alive());
    left.answer(Response::text(200, "news"));
    EXPECT_EQ(*exchange_.wait().body, "news");
    EXPECT_EQ(field(exchange_.wait(), "X-Seen"), "yes");
}

TEST_F(ServiceTest, ALaterHandlerThatThrowsIsAnsweredFor) {
    Route later{"GET", "/later", [](const Request&) { return Response::noContent(); }, {RunOn::kIo, 100}};
    later.later = [](const Request&, const Waiting&) { throw std::runtime_error("person 2102"); };
    ASSERT_TRUE(router_.add(std::move(later)).ok());
    const Service& service = this->service();
    exchange_.ask("GET", "/later");
    service.serve(exchange_);
    EXPECT_EQ(exchange_.wait().status, 500);
    EXPECT_EQ(exchange_.wait().body->find("2102"), std::string::npos);
}

TEST_F(ServiceTest, FinishesEveryAnswer) {
    ServiceHooks hooks;
    hooks.finish = [](const Request&, Response& response) { response.headers.set("X-Seen", "yes"); };
    hooks.fallback = [](const Request& request) -> std::optional<Response> {
        if (request.path == "/page") return Response::html(200, "page");
        return std::nullopt;
    };
    const Service service = this->service(hooks);
    for (const auto& [target, status] : {std::pair{"/page", 200}, {"/none", 404}, {"/..", 400}}) {
        FakeExchange exchange;
        exchange.ask("GET", target);
        service.serve(exchange);
        EXPECT_EQ(exchange.wait().status, status) << target;
        EXPECT_EQ(field(exchange.wait(), "X-Seen"), "yes") << target;
    }
}

}  // namespace
}  // namespace yimen::http
