#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace yimen::net {

/// What the data plane counts. counterName() gives the metric's name; kActive... and kIdle... are gauges.
enum class Counter : std::uint8_t {
    kAccepted,
    kActiveConnections,
    kActiveExchanges,
    kActiveTunnels,
    kRequests,
    kReplies,
    kForwards,
    kBytesIn,
    kBytesOut,
    kResponses1xx,
    kResponses2xx,
    kResponses3xx,
    kResponses4xx,
    kResponses5xx,
    kTlsHandshakes,
    kTlsResumed,
    kTlsFailed,
    kProxyHeaderRefused,
    kRefusedConnectionLimit,
    kRefusedClientLimit,
    kRefusedHead,         ///< 400: the head broke a rule of the parser
    kRefusedHeadTooLong,  ///< 431 or 414
    kRefusedBody,         ///< 400: chunk syntax
    kRefusedBodyTooLong,  ///< 413
    kTimeoutHead,
    kTimeoutBody,
    kTimeoutBodyRate,
    kTimeoutIdle,
    kTimeoutWrite,
    kTimeoutHandshake,
    kTimeoutHold,
    kClientAborted,
    kUndecided,
    kReplyFieldRefused,
    kUpstreamConnects,
    kUpstreamReuses,
    kIdleUpstream,
    kActiveUpstream,
    kUpstreamRetries,
    kUpstreamQueued,
    kUpstreamErrors,
    kUpstreamBadResponse,
    kUpstreamTruncated,
    kUpstreamEjections,
    kTurns,
    kCount
};

/// "net_accepted_total", "net_active_connections", ...
std::string_view counterName(Counter counter) noexcept;
bool isGauge(Counter counter) noexcept;

/// Counters of one loop. Written by the loop thread only, read by any thread.
class LoopMetrics {
public:
    void add(Counter counter, std::uint64_t amount = 1) noexcept {
        auto& cell = cells_[static_cast<std::size_t>(counter)];
        cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    void subtract(Counter counter, std::uint64_t amount = 1) noexcept { add(counter, ~amount + 1); }
    std::uint64_t read(Counter counter) const noexcept {
        return cells_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Counter::kCount)> cells_{};
};

/// The sum over all loops. A value.
using MetricsSnapshot = std::array<std::uint64_t, static_cast<std::size_t>(Counter::kCount)>;

}  // namespace yimen::net
