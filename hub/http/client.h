#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/url.h"

namespace yimen::http {

/// One field of an outgoing request or its answer. The value is bytes as on the wire.
struct ClientField {
    std::string name;
    std::string value;
};

/// What one exchange may take. Each limit has a name, a default and a unit; passing one is kTooLarge or kTimeout.
struct ClientLimits {
    std::size_t maxHeadBytes = 64 * 1024;
    std::size_t maxBodyBytes = 8 * 1024 * 1024;
    std::chrono::milliseconds connectTimeout{5000};
    std::chrono::milliseconds totalTimeout{20000};
};

/// A request to another server. A value. Field values and the body may hold secrets: it is never logged.
struct ClientRequest {
    std::string method = "GET";
    core::Url url;
    std::vector<ClientField> fields;
    std::string body;
    ClientLimits limits;
};

/// An answer, read completely. A value.
struct ClientResponse {
    int status = 0;
    std::vector<ClientField> fields;
    std::string body;
    std::chrono::microseconds elapsed{0};

    /// The first field of that name (case ignored).
    std::optional<std::string_view> find(std::string_view name) const noexcept;
};

/// Sends requests to other servers on the hub's own behalf: sign-ons, sign-offs, keep-alives. Never traffic.
/// Implementations are thread-safe and block the caller: for worker pools, never for a loop thread.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// kUnavailable: no connection came about, or TLS is not to be trusted; nothing was sent then. kTimeout; kTooLarge;
    /// kUpstream: not HTTP; kDenied: the address is not one this client may reach. A 3xx, 4xx or 5xx answer is a value,
    /// redirects are never followed.
    virtual core::Result<ClientResponse> send(const ClientRequest& request) = 0;
};

/// Shared by who waits and who may end the waiting: once true, exchanges under way end within about a second, later
/// ones at once, with kUnavailable.
using StopFlag = std::shared_ptr<const std::atomic<bool>>;

/// Whom a CurlClient may talk to and what it believes.
struct ClientConfig {
    std::vector<core::Url> origins;  ///< the only servers it connects to (scheme, host, port); a path is ignored
    std::string caFile;              ///< PEM; empty: the system's own list
    std::string pinnedKey;           ///< "sha256//BASE64" of the public key; checked besides the chain; empty: none
    std::size_t maxIdleHandles = 8;  ///< connections kept for the next exchange
    StopFlag stop{};                 ///< may be null
};

/// HttpClient on libcurl: HTTP/1.1 over TCP or TLS 1.2+, the peer and its name always verified, no proxy from the
/// environment, no redirects, no cookies of its own, no other protocols. Thread-safe: idle handles (and with them
/// connections) are shared under a lock that is never held during an exchange.
class CurlClient final : public HttpClient {
public:
    /// `clock` must outlive the client.
    CurlClient(ClientConfig config, const core::Clock& clock);
    ~CurlClient() override;
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    core::Result<ClientResponse> send(const ClientRequest& request) override;

private:
    class Pool;
    ClientConfig config_;
    const core::Clock& clock_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace yimen::http
