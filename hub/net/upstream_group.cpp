#include "net/upstream_group.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>

#include "net/resolver.h"
#include "net/socket_util.h"
#include "net/tls/tls_client.h"

namespace yimen::net {
namespace {

std::vector<Address> lookUp(const Origin& origin) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    std::vector<Address> found;
    if (::getaddrinfo(origin.host.c_str(), nullptr, &hints, &list) != 0) return found;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        sockaddr_storage storage{};
        const auto* const from = static_cast<const char*>(static_cast<const void*>(at->ai_addr));
        std::copy_n(from, std::min<std::size_t>(at->ai_addrlen, sizeof storage),
                    static_cast<char*>(static_cast<void*>(&storage)));
        Address address = SocketAddress::read(storage);
        address.port = origin.port;
        found.push_back(address);
    }
    ::freeaddrinfo(list);
    return found;
}

}  // namespace

core::Result<std::shared_ptr<UpstreamGroup>> UpstreamGroup::create(UpstreamConfig config, const core::Clock& clock) {
    const auto refuse = [&](const char* what) {
        return core::makeError(core::ErrorCode::kInvalidInput, "upstream '" + config.name + "': " + what);
    };
    if (config.origins.empty()) return refuse("no origin; name at least one host and port");
    for (const Origin& origin : config.origins) {
        if (origin.port == 0 || origin.host.empty()) return refuse("an origin needs a host and a port from 1 to 65535");
    }
    if (config.maxConnections == 0) return refuse("maxConnections must be at least 1");
    std::shared_ptr<TlsClient> tls;
    if (config.tls.enabled) {
        YIMEN_TRY(tls, TlsClient::create(config.tls));
    }
    auto group = std::make_shared<UpstreamGroupImpl>(std::move(config), clock, std::move(tls));
    if (!group->allLiterals()) Resolver::shared().watch(group);
    return std::shared_ptr<UpstreamGroup>(std::move(group));
}

UpstreamGroupImpl::UpstreamGroupImpl(UpstreamConfig config, const core::Clock& clock, std::shared_ptr<TlsClient> tls)
    : config_(std::move(config)), clock_(clock), tls_(std::move(tls)) {
    for (const Origin& origin : config_.origins) {
        auto entry = std::make_unique<Entry>();
        entry->origin = origin;
        if (auto literal = Address::parse(origin.host, origin.port); literal.ok()) {
            entry->addresses.store(std::make_shared<const Addresses>(Addresses{*literal}));
            entry->lookedUp = true;
        } else {
            allLiterals_ = false;
        }
        origins_.push_back(std::move(entry));
    }
}

void UpstreamGroupImpl::resolve() {
    for (const auto& entry : origins_) {
        if (Address::parse(entry->origin.host).ok()) continue;
        Addresses found = lookUp(entry->origin);
        // A name server that is down for a moment does not take a known address away.
        if (!found.empty()) entry->addresses.store(std::make_shared<const Addresses>(std::move(found)));
        entry->lookedUp = true;
    }
}

std::int64_t UpstreamGroupImpl::nowMs() const noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.mono().time_since_epoch()).count();
}

UpstreamGroupImpl::Pick UpstreamGroupImpl::pick() {
    const unsigned first = turn_.fetch_add(1, std::memory_order_relaxed);
    const std::int64_t now = nowMs();
    Pick pick;
    for (std::size_t i = 0; i < origins_.size(); ++i) {
        const std::size_t index = (first + i) % origins_.size();
        Entry& entry = *origins_[index];
        const std::shared_ptr<const Addresses> addresses = entry.addresses.load();
        if (!addresses) {
            if (!entry.lookedUp) pick.outcome = Pick::Outcome::kUnresolved;
            continue;
        }
        std::int64_t until = entry.ejectedUntilMs.load(std::memory_order_relaxed);
        if (until > now) continue;
        // The first to come after the time is over tries; the others wait for its outcome.
        if (until != 0 && !entry.ejectedUntilMs.compare_exchange_strong(until, now + entry.backOffMs.load())) continue;
        const unsigned turn = entry.next.load(std::memory_order_relaxed);
        entry.requests.fetch_add(1, std::memory_order_relaxed);
        return {Pick::Outcome::kAddress, index, (*addresses)[turn % addresses->size()]};
    }
    return pick;
}

void UpstreamGroupImpl::succeeded(std::size_t origin) noexcept {
    Entry& entry = *origins_[origin];
    if (entry.failures.load(std::memory_order_relaxed) == 0) return;
    entry.failures = 0;
    entry.ejectedUntilMs = 0;
    entry.backOffMs = 0;
}

bool UpstreamGroupImpl::failed(std::size_t origin) noexcept {
    Entry& entry = *origins_[origin];
    entry.next.fetch_add(1, std::memory_order_relaxed);
    entry.totalFailures.fetch_add(1, std::memory_order_relaxed);
    if (entry.failures.fetch_add(1) + 1 < config_.failuresToEject) return false;
    const std::int64_t previous = entry.backOffMs.load();
    const std::int64_t next =
        std::clamp<std::int64_t>(previous * 2, config_.ejectMin.count(), config_.ejectMax.count());
    entry.backOffMs = next;
    entry.ejectedUntilMs = nowMs() + next;
    return previous == 0;
}

const std::string& UpstreamGroupImpl::serverName(std::size_t origin) const noexcept {
    return config_.tls.serverName.empty() ? origins_[origin]->origin.host : config_.tls.serverName;
}

std::vector<OriginState> UpstreamGroupImpl::state() const {
    std::vector<OriginState> all;
    const std::int64_t now = nowMs();
    for (const auto& entry : origins_) {
        OriginState one;
        one.host = entry->origin.host;
        one.port = entry->origin.port;
        one.resolved = entry->addresses.load() != nullptr;
        one.ejected = entry->ejectedUntilMs > now;
        one.consecutiveFailures = entry->failures;
        one.requests = entry->requests;
        one.failures = entry->totalFailures;
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace yimen::net
