#pragma once

#include <string>
#include <utility>
#include <vector>

#include "audit/file_audit_log.h"
#include "gateway/gateway.h"
#include "net/metrics.h"
#include "net/worker_pool.h"

namespace yimen::main {

/// What /metrics shows, taken at one moment.
struct MetricsInput {
    net::MetricsSnapshot net;
    const gateway::GatewayMetrics& gateway;
    audit::FileAuditLog::Stats audit;
    std::vector<std::pair<std::string, net::WorkerPool::Stats>> pools;
    std::uint64_t sessions = 0;
    std::uint64_t systemSessions = 0;
    std::uint64_t keepAliveFailures = 0;
    std::uint64_t accessLogDropped = 0;
    std::uint64_t generation = 0;
};

/// Prometheus text format 0.0.4. Any thread.
std::string writeMetrics(const MetricsInput& input);

}  // namespace yimen::main
