#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/random.h"
#include "http/router.h"
#include "net/exchange.h"
#include "net/worker_pool.h"

namespace yimen::http {

/// What stands around the routes.
struct ServiceHooks {
    /// Loop thread. Asked for GET and HEAD when no route fits: static files and the pages of the portal. Nothing: 404.
    std::function<std::optional<Response>(const Request&)> fallback;
    /// Applied to every answer, refusals and errors included, in the thread that made it: security headers.
    std::function<void(const Request&, Response&)> finish;
    /// The answer to a body above the route's limit, for a person: none makes it problem+json as for a script.
    std::function<std::optional<Response>(const Request&)> tooLong;
};

/// The hub host: turns an Exchange into a Request, runs its handler where the route says, and sends the Response back.
/// Called on every loop thread; router, pools and hooks must outlive it and be thread-safe.
///
/// Refused here: a path that is not canonical (400), a query that does not decode (400), a body above the route's limit
/// (413), a full pool (503 with Retry-After). A handler that throws costs one opaque 500 with a trace id; what
/// was thrown goes to the log as http.handler.failed.
class Service {
public:
    static constexpr int kBusyRetryAfterSeconds = 2;

    struct Pools {
        net::WorkerPool& kdf;
        net::WorkerPool& io;
    };

    Service(const Router& router, Pools pools, core::Random& random, ServiceHooks hooks)
        : router_(router), pools_(pools), random_(random), hooks_(std::move(hooks)) {}

    /// From Dispatcher::onRequest. Leaves a decision behind.
    void serve(net::Exchange& exchange) const;

private:
    using RequestPtr = std::shared_ptr<Request>;

    void run(net::Exchange& exchange, const Route& route, const RequestPtr& request) const;
    void runInPool(net::Exchange& exchange, const Route& route, const RequestPtr& request) const;
    void runLater(const Route& route, const Request& request, const Waiting& waiting) const;
    Response guarded(const Handler& handler, const Request& request) const;
    Response finished(const Request& request, Response response) const;
    Response tooLong(const Request& request, std::size_t limit) const;
    std::optional<Response> refused(const RouteMatch& match, const Request& request) const;

    const Router& router_;
    Pools pools_;
    core::Random& random_;
    ServiceHooks hooks_;
};

/// Copies head and peer into a Request without body. kInvalidInput names what cannot be read. Any thread that may look
/// at the exchange.
core::Result<Request> requestFrom(const net::RequestHead& head, const net::Peer& peer);
/// Moves a Response into the value net sends.
net::Reply replyFrom(Response response);

}  // namespace yimen::http
