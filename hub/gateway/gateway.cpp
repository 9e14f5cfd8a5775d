#include "gateway/gateway.h"

#include "gateway/app_exchange.h"
#include "net/loop.h"

namespace yimen::gateway {

namespace {

constexpr std::size_t kLogBlock = 32 * 1024;
constexpr std::chrono::seconds kLogDelay{1};

}  // namespace

const std::string& AddressTexts::of(const core::IpAddress& address) {
    auto& slot = slots_[address.bytes().back()];
    if (slot.text.empty() || slot.address != address) slot = {address, address.text()};
    return slot.text;
}

Gateway::LoopState& Gateway::stateOf(net::Loop& loop) {
    return *static_cast<LoopState*>(loop.slot.get());
}

void Gateway::refresh(LoopState& state) const {
    state.published = published_.load(std::memory_order_acquire);
    state.routes = routes_.load();
    state.policy = policy_.load();
    state.directory = deps_.directory.current();
}

void Gateway::onLoopStart(net::Loop& loop) {
    auto state =
        std::make_shared<LoopState>(Gate::Dependencies{deps_.sessions, deps_.systems, deps_.clock, deps_.utcOffset});
    refresh(*state);
    loop.slot = std::move(state);
}

void Gateway::onLoopTurn(net::Loop& loop) {
    auto& state = stateOf(loop);
    refresh(state);
    if (state.log.empty()) return;
    const auto now = loop.now();
    if (state.log.size() >= kLogBlock || now - state.logSince >= kLogDelay) {
        deps_.accessLog.submit(state.log);
        state.logSince = now;
    }
}

void Gateway::onLoopStop(net::Loop& loop) {
    deps_.accessLog.submit(stateOf(loop).log);
}

bool Gateway::onRequest(net::Exchange& exchange) {
    auto& state = stateOf(exchange.loop());
    // A loop that slept has not seen a reload yet, but whoever asked for it comes back at once.
    if (state.published != published_.load(std::memory_order_acquire)) refresh(state);
    const auto* route = state.routes->find(exchange.head().host);
    if (route == nullptr) return false;
    auto app = std::make_unique<AppExchange>(*this, *route);
    auto& started = *app;
    exchange.data = std::move(app);
    started.start(exchange);
    return true;
}

void Gateway::onEnd(net::Exchange& exchange, const net::ExchangeStats& stats) {
    auto* app = dynamic_cast<AppExchange*>(exchange.data.get());
    if (app == nullptr) return;
    auto& state = stateOf(exchange.loop());
    app->log(exchange, stats, state);
    if (state.log.size() >= kLogBlock) deps_.accessLog.submit(state.log);
}

}  // namespace yimen::gateway
