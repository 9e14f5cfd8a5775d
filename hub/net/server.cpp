#include "net/server.h"

#include <algorithm>
#include <thread>

#include "net/listener.h"
#include "net/loop_impl.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/server_shared.h"
#include "net/socket_util.h"
#include "net/tls/ticket_keys.h"
#include "net/tls/tls_server.h"
#include "net/upstream_pool.h"

namespace yimen::net {
namespace {

constexpr std::size_t kMostHeadBytes = 60 * 1024;

unsigned loopCountFor(const ServerConfig& config) noexcept {
    if (config.loops != 0) return config.loops;
    return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

class Server::State {
public:
    State(ServerConfig config, Dispatcher& dispatcher, const core::Clock& clock, core::Random& random)
        : config_(std::move(config)),
          shared_(config_.limits, random, loopCountFor(config_)),
          tickets_(random, clock, config_.ticketKeyLifetime) {
        for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
            auto listener = std::make_unique<ListenerState>();
            listener->config = config_.listeners[i];
            listener->index = static_cast<std::uint32_t>(i);
            listeners_.push_back(std::move(listener));
        }
        for (unsigned i = 0; i < shared_.loopCount; ++i) {
            loops_.push_back(std::make_unique<LoopImpl>(i, dispatcher, clock));
            publicLoops_.push_back(loops_.back().get());
        }
    }

    ~State() {
        if (running_) stop(std::chrono::milliseconds(0));
    }

    core::Status start() {
        YIMEN_TRY_STATUS(checkLimits());
        YIMEN_TRY_STATUS(loadTls());
        std::vector<std::vector<FileDescriptor>> sockets(loops_.size());
        for (const auto& listener : listeners_) YIMEN_TRY_STATUS(openFor(*listener, sockets));
        for (const auto& loop : loops_) {
            YIMEN_TRY_STATUS(loop->open());
            loop->setParts(std::make_unique<LoopParts>(*loop, shared_));
        }
        running_ = true;
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            // Shared, because std::function must be copyable and descriptors are not.
            auto mine = std::make_shared<std::vector<FileDescriptor>>(std::move(sockets[i]));
            LoopImpl* const loop = loops_[i].get();
            loop->start([this, loop, mine] { listen(*loop, *mine); });
        }
        return {};
    }

    bool stop(std::chrono::milliseconds deadline) {
        if (!running_) return true;
        for (const auto& loop : loops_) loop->drain(deadline);
        bool clean = true;
        for (const auto& loop : loops_) {
            loop->join();
            clean = clean && !loop->cutSomethingOff();
        }
        running_ = false;
        return clean;
    }

    core::Status loadTls() {
        std::vector<std::shared_ptr<TlsServer>> made;
        for (const auto& listener : listeners_) {
            made.emplace_back();
            if (listener->config.tls.empty()) continue;
            YIMEN_TRY(made.back(), TlsServer::create(listener->config.tls, tickets_));
        }
        for (std::size_t i = 0; i < made.size(); ++i) listeners_[i]->tls.store(made[i]);
        return {};
    }

    std::uint16_t port(std::size_t listener) const { return listeners_.at(listener)->port; }
    const std::vector<Loop*>& loops() const noexcept { return publicLoops_; }

    MetricsSnapshot metrics() const {
        MetricsSnapshot sum{};
        for (const auto& loop : loops_) {
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += loop->metrics().read(static_cast<Counter>(i));
        }
        return sum;
    }

private:
    core::Status checkLimits() const {
        const ServerLimits& limits = config_.limits;
        if (limits.maxHeadBytes > kMostHeadBytes) {
            return core::makeError(core::ErrorCode::kInvalidInput, "maxHeadBytes must be at most 61440");
        }
        for (const auto& listener : listeners_) {
            const bool believes = listener->config.proxyProtocol || listener->config.forwardedHeaders;
            if (believes && listener->config.trustedPeers.empty()) {
                return core::makeError(core::ErrorCode::kInvalidInput,
                                       "listener " + std::to_string(listener->index) +
                                           ": proxyProtocol and forwardedHeaders need trustedPeers");
            }
        }
        return {};
    }

    core::Status openFor(ListenerState& listener, std::vector<std::vector<FileDescriptor>>& sockets) {
        YIMEN_TRY(Address address, Address::parse(listener.config.address, listener.config.port));
        for (auto& ofLoop : sockets) {
            YIMEN_TRY(FileDescriptor fd, openListener(address));
            // With port 0 the first socket's port is taken for the others.
            address.port = boundPort(fd.get());
            ofLoop.push_back(std::move(fd));
        }
        listener.port = address.port;
        return {};
    }

    void listen(LoopImpl& loop, std::vector<FileDescriptor>& sockets) {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            auto listener = std::make_unique<Listener>(loop, *listeners_[i], std::move(sockets[i]));
            Listener& adopted = *listener;
            loop.adopt(std::move(listener));
            adopted.begin();
        }
    }

    const ServerConfig config_;
    ServerShared shared_;
    TicketKeys tickets_;
    std::vector<std::unique_ptr<ListenerState>> listeners_;
    std::vector<std::unique_ptr<LoopImpl>> loops_;
    std::vector<Loop*> publicLoops_;
    bool running_ = false;
};

Server::Server(ServerConfig config, Dispatcher& dispatcher, const core::Clock& clock, core::Random& random)
    : state_(std::make_unique<State>(std::move(config), dispatcher, clock, random)) {}
Server::~Server() = default;

core::Status Server::start() {
    return state_->start();
}
bool Server::stop(std::chrono::milliseconds deadline) {
    return state_->stop(deadline);
}
core::Status Server::reloadTls() {
    return state_->loadTls();
}
std::uint16_t Server::port(std::size_t listener) const {
    return state_->port(listener);
}
const std::vector<Loop*>& Server::loops() const noexcept {
    return state_->loops();
}
MetricsSnapshot Server::metrics() const {
    return state_->metrics();
}

}  // namespace yimen::net
