#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "net/address.h"
#include "net/shared_value.h"
#include "net/upstream.h"

namespace yimen::net {

class TlsClient;

/// UpstreamGroup with what the loops need. Thread-safe. Internal to net.
class UpstreamGroupImpl final : public UpstreamGroup, public std::enable_shared_from_this<UpstreamGroupImpl> {
public:
    UpstreamGroupImpl(UpstreamConfig config, const core::Clock& clock, std::shared_ptr<TlsClient> tls);

    const UpstreamConfig& config() const noexcept override { return config_; }
    std::vector<OriginState> state() const override;

    struct Pick {
        enum class Outcome { kAddress, kUnresolved, kNone };
        Outcome outcome = Outcome::kNone;
        std::size_t origin = 0;
        Address address;
    };
    /// The next healthy origin, in turn. An ejected one gets one try when its time is over. kUnresolved: ask later.
    Pick pick();
    void succeeded(std::size_t origin) noexcept;
    /// True when this failure ejected the origin.
    bool failed(std::size_t origin) noexcept;
    const std::string& serverName(std::size_t origin) const noexcept;
    TlsClient* tls() const noexcept { return tls_.get(); }

    /// Looks all names up. Blocks: resolver thread or start-up only.
    void resolve();
    bool allLiterals() const noexcept { return allLiterals_; }

private:
    using Addresses = std::vector<Address>;
    struct Entry {
        Origin origin;
        SharedValue<const Addresses> addresses;
        std::atomic<bool> lookedUp{false};
        std::atomic<unsigned> next{0};
        std::atomic<unsigned> failures{0};
        std::atomic<std::int64_t> ejectedUntilMs{0};
        std::atomic<std::int64_t> backOffMs{0};
        std::atomic<std::uint64_t> requests{0};
        std::atomic<std::uint64_t> totalFailures{0};
    };
    std::int64_t nowMs() const noexcept;

    const UpstreamConfig config_;
    const core::Clock& clock_;
    const std::shared_ptr<TlsClient> tls_;
    std::vector<std::unique_ptr<Entry>> origins_;
    std::atomic<unsigned> turn_{0};
    bool allLiterals_ = true;
};

}  // namespace yimen::net
