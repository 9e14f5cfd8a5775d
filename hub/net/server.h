#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "net/dispatcher.h"
#include "net/loop.h"
#include "net/metrics.h"
#include "net/server_config.h"

namespace yimen::net {

/// The data plane: listeners, loops, limits. Thread-safe after start().
class Server {
public:
    /// What is passed by reference must outlive the server.
    Server(ServerConfig config, Dispatcher& dispatcher, const core::Clock& clock, core::Random& random);
    /// Stops at once if still running.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens the listeners and starts the loop threads. The error names the listener and the reason.
    core::Status start();
    /// Closes the listeners, lets exchanges end until `deadline` from now, then cuts them off and joins the threads.
    /// True when nothing had to be cut off. Not on a loop thread.
    bool stop(std::chrono::milliseconds deadline);
    /// Reads the certificate files of all listeners again; new handshakes use them. Unchanged on error.
    core::Status reloadTls();

    /// Actual port of a listener, valid after start().
    std::uint16_t port(std::size_t listener = 0) const;
    const std::vector<Loop*>& loops() const noexcept;
    MetricsSnapshot metrics() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace yimen::net
