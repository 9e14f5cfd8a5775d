#include "net/loop_parts.h"

#include "net/loop_impl.h"
#include "net/served_exchange.h"
#include "net/upstream_pool.h"

namespace yimen::net {
namespace {

/// Spare exchanges beyond this are let go, a few at a time.
constexpr std::size_t kMostSpare = 256;

}  // namespace

LoopParts::LoopParts(LoopImpl& loop, ServerShared& shared)
    : loop_(loop),
      shared_(shared),
      nextId_(loop.index() + 1),
      upstreams_(std::make_unique<UpstreamPools>(loop, shared.loopCount)) {}

LoopParts::~LoopParts() = default;

std::unique_ptr<ServedExchange> LoopParts::takeExchange(ClientConnection& client) {
    while (spare_.size() > kMostSpare) spare_.pop_back();
    std::unique_ptr<ServedExchange> exchange;
    if (spare_.empty()) {
        exchange = std::make_unique<ServedExchange>(loop_);
    } else {
        exchange = std::move(spare_.back());
        spare_.pop_back();
        exchange->recycle();
    }
    exchange->attach(client, nextExchangeId());
    return exchange;
}

/// Nothing is destroyed or emptied here: the caller may still be inside one of its functions.
void LoopParts::giveBack(std::unique_ptr<ServedExchange> exchange) {
    spare_.push_back(std::move(exchange));
}

}  // namespace yimen::net
