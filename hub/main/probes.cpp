#include "main/probes.h"

namespace yimen::main {

using http::Request;
using http::Response;

core::Status mountProbes(http::Router& router, Probes probes) {
    const http::RouteOptions onLoop{http::RunOn::kLoop, 0};
    YIMEN_TRY_STATUS(
        router.add({"GET", "/healthz", [](const Request&) { return Response::text(200, "ok\n"); }, onLoop}));
    YIMEN_TRY_STATUS(router.add({"GET", "/readyz",
                                 [ready = std::move(probes.ready)](const Request&) {
                                     return ready() ? Response::text(200, "ready\n")
                                                    : Response::text(503, "stopping\n");
                                 },
                                 onLoop}));
    const auto metrics = [text = std::move(probes.metrics),
                          allowed = std::move(probes.metricsFor)](const Request& request) {
        const auto client = core::IpAddress::parse(request.peerIp);
        if (!client.ok() || !core::anyContains(allowed, *client)) return Response::notFound(request.requestId);
        Response response = Response::text(200, text());
        response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        return response;
    };
    return router.add({"GET", "/metrics", metrics, onLoop});
}

}  // namespace yimen::main
