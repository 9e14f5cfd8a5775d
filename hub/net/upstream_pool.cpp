#include "net/upstream_pool.h"

#include <algorithm>

#include "net/loop_impl.h"
#include "net/served_exchange.h"
#include "net/upstream_connection.h"

namespace yimen::net {
namespace {

constexpr std::chrono::milliseconds kSweepInterval{50};
/// With more pools than this, those of groups that are gone are looked for.
constexpr std::size_t kTidyAbove = 256;

}  // namespace

void IdleConnections::push(UpstreamConnection& connection) noexcept {
    connection.idlePlace = {warmest_, nullptr, true};
    if (warmest_ != nullptr) warmest_->idlePlace.warmer = &connection;
    warmest_ = &connection;
}

UpstreamConnection& IdleConnections::pop() noexcept {
    UpstreamConnection& connection = *warmest_;
    remove(connection);
    return connection;
}

void IdleConnections::remove(UpstreamConnection& connection) noexcept {
    const auto place = std::exchange(connection.idlePlace, {});
    if (!place.taken) return;
    if (place.colder != nullptr) place.colder->idlePlace.warmer = place.warmer;
    (place.warmer != nullptr ? place.warmer->idlePlace.colder : warmest_) = place.colder;
}

void UpstreamPool::request(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group, bool fresh) {
    if (exchange.pin() != 0) {
        const auto found = pinned_.find(exchange.pin());
        if (found == pinned_.end()) {
            connect(exchange, group);
        } else if (found->second->idle()) {
            found->second->serve(exchange);
        } else {
            enqueue(exchange, group);
        }
        return;
    }
    if (!fresh && serveIdle(exchange)) return;
    if (open_ < share(group->config().maxConnections)) {
        connect(exchange, group);
    } else {
        enqueue(exchange, group);
    }
}

bool UpstreamPool::serveIdle(ServedExchange& exchange) {
    if (idle_.empty()) return false;
    idle_.pop().serve(exchange);
    return true;
}

void UpstreamPool::connect(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group) {
    for (std::size_t tries = 0; tries <= group->config().origins.size(); ++tries) {
        const UpstreamGroupImpl::Pick pick = group->pick();
        if (pick.outcome == UpstreamGroupImpl::Pick::Outcome::kUnresolved) {
            enqueue(exchange, group);
            return;
        }
        if (pick.outcome == UpstreamGroupImpl::Pick::Outcome::kNone) {
            exchange.onUpstreamFailed(UpstreamError::kUnavailable);
            return;
        }
        auto owned = std::make_unique<UpstreamConnection>(loop_, *this, group);
        UpstreamConnection& connection = *owned;
        loop_.adopt(std::move(owned));
        ++open_;
        connection.pin = exchange.pin();
        if (connection.pin != 0) pinned_[connection.pin] = &connection;
        if (connection.connect(exchange, pick)) return;
        if (group->failed(pick.origin)) loop_.metrics().add(Counter::kUpstreamEjections);
    }
    exchange.onUpstreamFailed(UpstreamError::kConnect);
}

void UpstreamPool::enqueue(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group) {
    if (waiting_.size() >= share(group->config().maxWaiting)) {
        exchange.onUpstreamFailed(UpstreamError::kQueueFull);
        return;
    }
    loop_.metrics().add(Counter::kUpstreamQueued);
    waiting_.push_back({&exchange, group, loop_.now() + group->config().connectTimeout});
}

void UpstreamPool::cancel(ServedExchange& exchange) {
    std::erase_if(waiting_, [&](const Waiting& one) { return one.exchange == &exchange; });
}

void UpstreamPool::sweep() {
    // Each entry is looked at once; request() may put it back behind the others.
    for (std::size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
        const Waiting one = std::move(waiting_.front());
        waiting_.pop_front();
        if (loop_.now() >= one.until) {
            one.exchange->onUpstreamFailed(UpstreamError::kConnectTimeout);
            continue;
        }
        const std::size_t before = waiting_.size();
        request(*one.exchange, one.group, false);
        // Waiting again: its time goes on from the first attempt.
        if (waiting_.size() > before && waiting_.back().exchange == one.exchange) waiting_.back().until = one.until;
    }
}

void UpstreamPool::takeIdle(UpstreamConnection& connection) {
    const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&](const Waiting& one) { return one.exchange->pin() == connection.pin; });
    if (next != waiting_.end()) {
        ServedExchange& exchange = *next->exchange;
        waiting_.erase(next);
        connection.serve(exchange);
        return;
    }
    if (connection.pin != 0) return;
    idle_.push(connection);
}

void UpstreamPool::forget(UpstreamConnection& connection) {
    --open_;
    if (connection.pin != 0) {
        const auto found = pinned_.find(connection.pin);
        if (found != pinned_.end() && found->second == &connection) pinned_.erase(found);
    } else {
        idle_.remove(connection);
    }
}

void UpstreamPools::request(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group, bool fresh) {
    std::unique_ptr<UpstreamPool>& pool = pools_[group.get()];
    if (!pool) pool = std::make_unique<UpstreamPool>(loop_, loopCount_);
    UpstreamPool& known = *pool;
    known.request(exchange, group, fresh);
    if (known.waiting() || pools_.size() > kTidyAbove) startSweeping();
}

void UpstreamPools::cancel(ServedExchange& exchange, const UpstreamGroupImpl& group) {
    const auto found = pools_.find(&group);
    if (found != pools_.end()) found->second->cancel(exchange);
}

void UpstreamPools::startSweeping() {
    if (std::exchange(sweeping_, true)) return;
    loop_.after(kSweepInterval, [this] { sweep(); });
}

void UpstreamPools::sweep() {
    sweeping_ = false;
    bool waiting = false;
    std::vector<UpstreamPool*> all;
    for (const auto& [group, pool] : pools_) all.push_back(pool.get());
    for (UpstreamPool* const pool : all) {
        pool->sweep();
        waiting = waiting || pool->waiting();
    }
    // Only here, where no pool's function is on the stack.
    std::erase_if(pools_, [](const auto& entry) { return entry.second->unused(); });
    if (waiting) startSweeping();
}

}  // namespace yimen::net
