#include "net/listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/log.h"
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/socket_util.h"

namespace yimen::net {
namespace {

constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{200};

}  // namespace

Listener::Listener(LoopImpl& loop, const ListenerState& state, FileDescriptor fd)
    : loop_(loop), state_(state), fd_(std::move(fd)) {}

void Listener::begin() {
    loop_.watch(fd_.get(), *this, EPOLLIN);
}

void Listener::onEvents(std::uint32_t) {
    for (int i = 0; i < kAcceptsPerTurn && acceptOne(); ++i) {
    }
}

bool Listener::acceptOne() {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    FileDescriptor fd(::accept4(fd_.get(), static_cast<sockaddr*>(static_cast<void*>(&storage)), &length,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.open()) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            core::logWarn("net.accept.no_descriptors", {{"listener", std::int64_t{state_.index}}});
            loop_.unwatch(fd_.get());
            loop_.setTimer(*this, kPauseWithoutDescriptors);
            return false;
        }
        return errno == ECONNABORTED || errno == EINTR;
    }
    loop_.metrics().add(Counter::kAccepted);
    ServerShared& shared = loop_.parts().shared();
    if (shared.connections.fetch_add(1, std::memory_order_relaxed) >= shared.limits.maxConnections) {
        shared.connections.fetch_sub(1, std::memory_order_relaxed);
        loop_.metrics().add(Counter::kRefusedConnectionLimit);
        return true;
    }
    auto connection = std::make_unique<ClientConnection>(loop_, state_, std::move(fd), SocketAddress::read(storage));
    ClientConnection& adopted = *connection;
    loop_.adopt(std::move(connection));
    adopted.begin();
    return true;
}

void Listener::onTimer() {
    loop_.watch(fd_.get(), *this, EPOLLIN);
}

void Listener::onDrain() {
    fd_.reset();
    loop_.retire(*this);
}

}  // namespace yimen::net
