#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ip_address.h"
#include "http/router.h"

namespace yimen::main {

/// What a load balancer and Prometheus ask for. The functions are called on the loop threads and must not block.
struct Probes {
    std::function<bool()> ready;
    std::function<std::string()> metrics;
    std::vector<core::Cidr> metricsFor;  ///< networks that may read /metrics; to others it is not there
};

/// /healthz, /readyz, /metrics.
core::Status mountProbes(http::Router& router, Probes probes);

}  // namespace yimen::main
