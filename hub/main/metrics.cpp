#include "main/metrics.h"

namespace yimen::main {

namespace {

class Writer {
public:
    void one(std::string_view name, std::uint64_t value, bool gauge, const std::string& labels = {}) {
        if (name != last_) {
            text += "# TYPE yimen_";
            text += name;
            text += gauge ? " gauge\n" : " counter\n";
            last_ = name;
        }
        text += "yimen_";
        text += name;
        text += labels;
        text += ' ';
        text += std::to_string(value);
        text += '\n';
    }
    std::string text;

private:
    std::string last_;
};

void writePools(Writer& writer, const MetricsInput& input) {
    const auto each = [&](std::string_view name, bool gauge, auto member) {
        for (const auto& [pool, stats] : input.pools) writer.one(name, stats.*member, gauge, "{pool=\"" + pool + "\"}");
    };
    each("pool_queued", true, &net::WorkerPool::Stats::queued);
    each("pool_active", true, &net::WorkerPool::Stats::active);
    each("pool_done_total", false, &net::WorkerPool::Stats::done);
    each("pool_refused_total", false, &net::WorkerPool::Stats::refused);
}

}  // namespace

std::string writeMetrics(const MetricsInput& input) {
    Writer writer;
    for (std::size_t i = 0; i < input.net.size(); ++i) {
        const auto counter = static_cast<net::Counter>(i);
        writer.one(net::counterName(counter), input.net[i], net::isGauge(counter));
    }
    const auto& gateway = input.gateway;
    writer.one("gateway_forwarded_total", gateway.forwarded, false);
    writer.one("gateway_entered_total", gateway.entered, false);
    writer.one("gateway_signed_out_total", gateway.signedOut, false);
    writer.one("gateway_denied_total", gateway.denied, false);
    writer.one("gateway_forged_fields_total", gateway.forgedFields, false);
    writer.one("gateway_renewals_total", gateway.renewals, false);
    writer.one("gateway_replayed_total", gateway.replayed, false);
    writer.one("gateway_troubles_total", gateway.troubles, false);
    writer.one("gateway_hook_calls_total", gateway.hookCalls, false);
    writer.one("gateway_hook_denied_total", gateway.hookDenied, false);
    writer.one("gateway_hook_failures_total", gateway.hookFailures, false);
    writer.one("sessions", input.sessions, true);
    writer.one("system_sessions", input.systemSessions, true);
    writer.one("keep_alive_failures_total", input.keepAliveFailures, false);
    writer.one("config_generation", input.generation, true);
    writer.one("access_log_dropped_bytes_total", input.accessLogDropped, false);
    writer.one("audit_last_seq", input.audit.lastSeq, true);
    writer.one("audit_durable_total", input.audit.durable, false);
    writer.one("audit_batches_total", input.audit.batches, false);
    writer.one("audit_failed_total", input.audit.failed, false);
    writer.one("audit_refused_total", input.audit.refused, false);
    writePools(writer, input);
    return writer.text;
}

}  // namespace yimen::main
