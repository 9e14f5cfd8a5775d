#include "net/metrics.h"

#include <iterator>

namespace yimen::net {
namespace {

// In the order of Counter; a gauge has no _total.
constexpr std::string_view kNames[] = {
    "net_accepted_total",
    "net_active_connections",
    "net_active_exchanges",
    "net_active_tunnels",
    "net_requests_total",
    "net_replies_total",
    "net_forwards_total",
    "net_bytes_in_total",
    "net_bytes_out_total",
    "net_responses_1xx_total",
    "net_responses_2xx_total",
    "net_responses_3xx_total",
    "net_responses_4xx_total",
    "net_responses_5xx_total",
    "net_tls_handshakes_total",
    "net_tls_resumed_total",
    "net_tls_failed_total",
    "net_proxy_header_refused_total",
    "net_refused_connection_limit_total",
    "net_refused_client_limit_total",
    "net_refused_head_total",
    "net_refused_head_too_long_total",
    "net_refused_body_total",
    "net_refused_body_too_long_total",
    "net_timeout_head_total",
    "net_timeout_body_total",
    "net_timeout_body_rate_total",
    "net_timeout_idle_total",
    "net_timeout_write_total",
    "net_timeout_handshake_total",
    "net_timeout_hold_total",
    "net_client_aborted_total",
    "net_undecided_total",
    "net_reply_field_refused_total",
    "net_upstream_connects_total",
    "net_upstream_reuses_total",
    "net_idle_upstream",
    "net_active_upstream",
    "net_upstream_retries_total",
    "net_upstream_queued_total",
    "net_upstream_errors_total",
    "net_upstream_bad_response_total",
    "net_upstream_truncated_total",
    "net_upstream_ejections_total",
    "net_turns_total",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Counter::kCount));

}  // namespace

std::string_view counterName(Counter counter) noexcept {
    return kNames[static_cast<std::size_t>(counter)];
}

bool isGauge(Counter counter) noexcept {
    return !counterName(counter).ends_with("_total");
}

}  // namespace yimen::net
