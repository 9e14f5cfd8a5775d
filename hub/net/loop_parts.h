#pragma once

#include <memory>
#include <vector>

#include "net/server_shared.h"

namespace yimen::net {

class LoopImpl;
class ServedExchange;
class UpstreamPools;
class ClientConnection;

/// What the connections of one loop share. Loop thread only. Internal to net.
class LoopParts {
public:
    LoopParts(LoopImpl& loop, ServerShared& shared);
    ~LoopParts();

    ServerShared& shared() noexcept { return shared_; }
    const ServerLimits& limits() const noexcept { return shared_.limits; }
    UpstreamPools& upstreams() noexcept { return *upstreams_; }

    /// Exchanges are kept for reuse, with their buffers.
    std::unique_ptr<ServedExchange> takeExchange(ClientConnection& client);
    void giveBack(std::unique_ptr<ServedExchange> exchange);
    std::uint64_t nextExchangeId() noexcept { return nextId_ += shared_.loopCount; }

private:
    LoopImpl& loop_;
    ServerShared& shared_;
    std::uint64_t nextId_;
    std::unique_ptr<UpstreamPools> upstreams_;
    std::vector<std::unique_ptr<ServedExchange>> spare_;
};

}  // namespace yimen::net
