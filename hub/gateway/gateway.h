#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "core/published.h"
#include "gateway/access_log.h"
#include "gateway/gate.h"
#include "gateway/hook_stage.h"
#include "gateway/route.h"
#include "gateway/system_sessions.h"
#include "identity/entry_codes.h"
#include "net/dispatcher.h"
#include "policy/engine.h"

namespace yimen::gateway {

/// Told about what a security officer wants to see. Thread-safe; called on loop threads, must not block.
class GatewayEvents {
public:
    virtual ~GatewayEvents() = default;
    /// A browser sent fields that claim an identity; they were dropped.
    virtual void forgedFields(PersonId person, const std::string& system, std::string_view client,
                              std::size_t count) = 0;
    /// The rules refused a request.
    virtual void denied(PersonId person, const std::string& system, std::string_view client, std::string_view path,
                        std::string_view rule) = 0;
};

/// Client addresses as text, for log lines: formatting one costs more than the rest of the line. Loop thread only.
class AddressTexts {
public:
    const std::string& of(const core::IpAddress& address);

private:
    struct Slot {
        core::IpAddress address;
        std::string text;
    };
    std::array<Slot, 256> slots_;
};

/// What the gateway counts, besides net's counters. Relaxed atomics; any thread.
struct GatewayMetrics {
    std::atomic<std::uint64_t> forwarded{0};
    std::atomic<std::uint64_t> signedOut{0};
    std::atomic<std::uint64_t> denied{0};
    std::atomic<std::uint64_t> forgedFields{0};
    std::atomic<std::uint64_t> renewals{0};
    std::atomic<std::uint64_t> replayed{0};
    std::atomic<std::uint64_t> entered{0};
    std::atomic<std::uint64_t> troubles{0};
    std::atomic<std::uint64_t> hookCalls{0};     ///< of adapters' traffic scripts
    std::atomic<std::uint64_t> hookDenied{0};    ///< ... that stopped a request or an answer on purpose
    std::atomic<std::uint64_t> hookFailures{0};  ///< ... and by an error, a passed limit, or held back after many
};

/// The app hosts: one per system. Thread-safe; requests run on loop threads and never block there.
class Gateway {
public:
    struct Dependencies {
        identity::SessionTable& sessions;
        identity::EntryCodes& entryCodes;
        identity::DirectoryHolder& directory;
        SystemSessions& systems;
        AccessLog& accessLog;
        GatewayEvents& events;
        const core::Clock& clock;
        std::chrono::minutes utcOffset;
    };
    explicit Gateway(const Dependencies& dependencies) : deps_(dependencies) {}

    /// Published whole; every request that arrives afterwards finds the new ones. Any thread.
    void setRoutes(std::shared_ptr<const RouteTable> routes) {
        routes_.store(std::move(routes));
        published_.fetch_add(1, std::memory_order_release);
    }
    void setPolicy(std::shared_ptr<const policy::PolicyEngine> policy) {
        policy_.store(std::move(policy));
        published_.fetch_add(1, std::memory_order_release);
    }
    std::shared_ptr<const RouteTable> routes() const { return routes_.load(); }
    std::shared_ptr<const policy::PolicyEngine> policy() const { return policy_.load(); }
    const GatewayMetrics& metrics() const noexcept { return metrics_; }

    // From the dispatcher, on loop threads.
    void onLoopStart(net::Loop& loop);
    void onLoopTurn(net::Loop& loop);
    void onLoopStop(net::Loop& loop);
    /// False when the Host field names no system: nothing was decided then.
    bool onRequest(net::Exchange& exchange);
    /// For exchanges that onRequest took.
    void onEnd(net::Exchange& exchange, const net::ExchangeStats& stats);

    /// What one loop keeps. Loop thread only.
    struct LoopState {
        explicit LoopState(const Gate::Dependencies& dependencies) : gate(dependencies), hooks(dependencies.clock) {}
        std::shared_ptr<const RouteTable> routes;
        std::shared_ptr<const policy::PolicyEngine> policy;
        std::shared_ptr<const identity::Directory> directory;
        Gate gate;
        HookStates hooks;
        std::string head;  ///< scratch for request heads
        std::string log;
        core::MonoTime logSince{};
        AddressTexts addresses;
        std::uint64_t published = 0;  ///< what was published when the snapshots were taken
    };
    static LoopState& stateOf(net::Loop& loop);

private:
    friend class AppExchange;
    void refresh(LoopState& state) const;

    Dependencies deps_;
    core::Published<RouteTable> routes_{std::make_shared<const RouteTable>()};
    core::Published<policy::PolicyEngine> policy_;
    std::atomic<std::uint64_t> published_{0};
    GatewayMetrics metrics_;
};

}  // namespace yimen::gateway
