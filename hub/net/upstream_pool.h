#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/clock.h"
#include "net/upstream_group.h"

namespace yimen::net {

class LoopImpl;
class ServedExchange;
class UpstreamConnection;

/// Idle connections, warmest first. As many as there are connections: those that are not needed stay cold and end by
/// their own idle time, and closing them sooner would make every peak above a limit a storm of handshakes. Linked
/// through the connections, so that taking one out costs the same wherever it stands.
class IdleConnections {
public:
    bool empty() const noexcept { return warmest_ == nullptr; }
    void push(UpstreamConnection& connection) noexcept;
    /// The warmest: the one least likely to be closed by the system meanwhile. Not empty.
    UpstreamConnection& pop() noexcept;
    /// Nothing for one that is not in here.
    void remove(UpstreamConnection& connection) noexcept;

private:
    UpstreamConnection* warmest_ = nullptr;
};

/// The connections of one loop to one group. Holds nothing of the group itself, so that the group goes when its last
/// connection does. Internal to net; loop thread only.
class UpstreamPool {
public:
    UpstreamPool(LoopImpl& loop, unsigned loopCount) : loop_(loop), loopCount_(loopCount) {}

    /// Ends in ServedExchange::onUpstreamReady or onUpstreamFailed, perhaps before this returns. `fresh`: not an idle
    /// connection.
    void request(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group, bool fresh);
    /// The exchange no longer waits.
    void cancel(ServedExchange& exchange);
    /// Lets waiting exchanges go whose time is over, tries again for the others.
    void sweep();
    bool waiting() const noexcept { return !waiting_.empty(); }
    bool unused() const noexcept { return open_ == 0 && waiting_.empty(); }

    // Called by the connections.
    /// It serves a waiting exchange or stays idle.
    void takeIdle(UpstreamConnection& connection);
    void forget(UpstreamConnection& connection);

private:
    struct Waiting {
        ServedExchange* exchange;
        std::shared_ptr<UpstreamGroupImpl> group;
        core::MonoTime until;
    };

    bool serveIdle(ServedExchange& exchange);
    void connect(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group);
    void enqueue(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group);
    unsigned share(unsigned total) const noexcept { return (total + loopCount_ - 1) / loopCount_; }

    LoopImpl& loop_;
    const unsigned loopCount_;
    IdleConnections idle_;
    std::unordered_map<std::uint64_t, UpstreamConnection*> pinned_;
    std::deque<Waiting> waiting_;
    unsigned open_ = 0;
};

/// All pools of a loop. Internal to net; loop thread only.
class UpstreamPools {
public:
    UpstreamPools(LoopImpl& loop, unsigned loopCount) : loop_(loop), loopCount_(loopCount) {}
    void request(ServedExchange& exchange, const std::shared_ptr<UpstreamGroupImpl>& group, bool fresh);
    void cancel(ServedExchange& exchange, const UpstreamGroupImpl& group);

private:
    void startSweeping();
    void sweep();

    LoopImpl& loop_;
    const unsigned loopCount_;
    std::unordered_map<const UpstreamGroupImpl*, std::unique_ptr<UpstreamPool>> pools_;
    bool sweeping_ = false;
};

}  // namespace yimen::net
