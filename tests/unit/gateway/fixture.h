#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapter/system_adapter.h"
#include "core/clock.h"
#include "core/random.h"
#include "gateway/route.h"
#include "net/exchange.h"
#include "support/repository.h"

namespace yimen::gateway::test {

/// Never asked: engines here are fakes.
class NoClient final : public http::HttpClient {
public:
    core::Result<http::ClientResponse> send(const http::ClientRequest&) override {
        return core::makeError(core::ErrorCode::kUnavailable, "no network in this test");
    }
};

/// An engine that does as it is told and counts.
class FakeEngine final : public adapter::SignOnEngine {
public:
    struct Script {
        std::mutex mutex;
        std::condition_variable changed;
        bool open = true;  ///< false: signOn waits
        adapter::Outcome outcome = adapter::Outcome::kOk;
        int signOns = 0;
        int signOffs = 0;
        core::Status dress;  ///< what decorate answers

        void release() {
            const std::lock_guard lock(mutex);
            open = true;
            changed.notify_all();
        }
        int count(int Script::*which) {
            const std::lock_guard lock(mutex);
            return this->*which;
        }
    };
    explicit FakeEngine(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    core::Result<adapter::SignOnOutcome> signOn(const adapter::SignOnContext& context) const override {
        std::unique_lock lock(script_->mutex);
        ++script_->signOns;
        script_->changed.notify_all();
        script_->changed.wait(lock, [this] { return script_->open; });
        adapter::SignOnOutcome outcome;
        outcome.outcome = script_->outcome;
        outcome.step = "submit";
        if (outcome.ok()) context.session.establish({}, nullptr);
        return outcome;
    }
    core::Result<adapter::SignOnOutcome> refresh(const adapter::SignOnContext&) const override {
        adapter::SignOnOutcome outcome;
        outcome.outcome = adapter::Outcome::kPageChanged;
        return outcome;
    }
    adapter::SignOnOutcome signOff(const adapter::SignOnContext& context) const override {
        const std::lock_guard lock(script_->mutex);
        ++script_->signOffs;
        context.session.clear();
        adapter::SignOnOutcome outcome;
        outcome.outcome = adapter::Outcome::kOk;
        return outcome;
    }
    core::Status decorate(adapter::SystemSession&, const adapter::OutgoingRequest&, const core::Clock&,
                          adapter::HeaderSink& sink) const override {
        sink.set("X-Remote-User", "zhang");
        return script_->dress;
    }
    adapter::Verdict absorb(adapter::SystemSession&, const adapter::ResponseView&, const core::Clock&) const override {
        return adapter::Verdict::kOk;
    }

private:
    std::shared_ptr<Script> script_;
};

/// A system whose manifest stands in the repository, changed as the test needs it.
struct FakeSystem {
    explicit FakeSystem(const std::string& id = "qu-tourism",
                        const std::function<void(adapter::Manifest&)>& change = {}) {
        auto manifest = adapter::Manifest::load(yimen::test::repository() + "/adapters/" + id);
        YIMEN_CHECK(manifest.ok());
        manifest->origin.servers = {core::Url::parse("http://10.1.2.3:8001").value()};
        if (change) change(*manifest);
        std::shared_ptr<const adapter::TrafficHook> hook;
        if (!manifest->traffic.script.empty()) {
            auto loaded = adapter::TrafficHook::load(manifest->folder, manifest->traffic);
            EXPECT_TRUE(loaded.ok()) << loaded.error().message;
            if (loaded.ok()) hook = *loaded;
        }
        adapter = std::make_shared<const adapter::SystemAdapter>(std::make_shared<const adapter::Manifest>(*manifest),
                                                                 std::make_unique<const FakeEngine>(script),
                                                                 std::make_shared<NoClient>(), clock, std::move(hook));
        net::UpstreamConfig upstream;
        upstream.origins = {{"10.1.2.3", 8001}};
        route = std::make_shared<const Route>(adapter, net::UpstreamGroup::create(std::move(upstream), clock).value(),
                                              core::Url::parse("https://" + id + ".yimen.test").value(),
                                              core::Url::parse("https://yimen.test").value(),
                                              adapter->manifest().origin.servers.front());
    }

    core::ManualClock clock;
    std::shared_ptr<FakeEngine::Script> script = std::make_shared<FakeEngine::Script>();
    std::shared_ptr<const adapter::SystemAdapter> adapter;
    std::shared_ptr<const Route> route;
};

/// Fields of a message, with ids as the parser sets them.
class Fields {
public:
    Fields(std::initializer_list<net::Field> fields) : fields_(fields) {}
    net::RequestHead request(std::string_view method = "GET", std::string_view target = "/") const {
        net::RequestHead head;
        head.method = method;
        head.target = target;
        head.fields = fields_;
        return head;
    }
    net::ResponseHead response(int status = 200) const {
        net::ResponseHead head;
        head.status = status;
        head.reason = "OK";
        head.fields = fields_;
        return head;
    }

private:
    std::vector<net::Field> fields_;
};

/// Shows a head to the code under test; nothing may be decided on it.
class StillExchange final : public net::Exchange {
public:
    explicit StillExchange(net::RequestHead head) : head_(head) {}
    const net::RequestHead& head() const noexcept override { return head_; }
    const net::Peer& peer() const noexcept override { return peer_; }
    net::Loop& loop() noexcept override { std::abort(); }
    std::uint64_t id() const noexcept override { return 1; }
    void reply(net::Reply) override { ADD_FAILURE() << "replied"; }
    void collect(std::size_t, std::function<void(net::Exchange&, std::string)>) override {
        ADD_FAILURE() << "collected";
    }
    void forward(net::Forward) override { ADD_FAILURE() << "forwarded"; }
    net::ExchangeRef hold() override { return {}; }
    void onCancel(std::function<void()>) override {}
    bool upstreamReused() const noexcept override { return false; }

private:
    net::RequestHead head_;
    net::Peer peer_;
};

}  // namespace yimen::gateway::test
