#include "http/service.h"

#include <exception>

#include "core/ascii.h"
#include "core/log.h"
#include "core/path.h"
#include "http/cookies.h"

namespace yimen::http {
namespace {

constexpr std::size_t kTraceBytes = 8;

Response busy(const Request& request) {
    Problem problem;
    problem.status = 503;
    problem.code = "busy";
    problem.title = "服务繁忙 / Busy";
    problem.detail = "请稍后再试 / Try again in a moment";
    problem.traceId = request.requestId;
    problem.retryAfterSeconds = Service::kBusyRetryAfterSeconds;
    return Response::problem(problem);
}

Response broken(const Request& request) {
    Problem problem;
    problem.title = "服务出现问题 / Something went wrong";
    problem.detail = "请把追踪编号告诉管理员 / Give the trace id to an administrator";
    problem.traceId = request.requestId;
    return Response::problem(problem);
}

}  // namespace

core::Result<Request> requestFrom(const net::RequestHead& head, const net::Peer& peer) {
    Request request;
    request.method = head.method;
    const core::TargetParts parts = core::splitTarget(head.target);
    std::string buffer;
    YIMEN_TRY(const std::string_view path, core::canonicalPath(parts.path, buffer));
    request.path = path;
    request.rawQuery = parts.query;
    YIMEN_TRY(auto pairs, core::parseForm(parts.query));
    request.query = Params(std::move(pairs));
    for (const net::Field& field : head.fields) request.headers.add(field.name, field.value);
    request.cookies = parseCookies(request.headers.all("Cookie"));
    request.peerIp = peer.client.ip.text();
    request.secure = peer.secure;
    request.host = core::lowerCase(head.host);
    return request;
}

net::Reply replyFrom(Response response) {
    net::Reply reply;
    reply.status = response.status;
    for (const auto& [name, value] : response.headers) reply.fields.emplace_back(name, value);
    if (response.shared) {
        reply.body = std::move(response.shared);
    } else if (!response.body.empty()) {
        reply.body = std::make_shared<const std::string>(std::move(response.body));
    }
    return reply;
}

void Service::runLater(const Route& route, const Request& request, const Waiting& waiting) const {
    try {
        route.later(request, waiting);
        return;
    } catch (const std::exception& error) {  // the seam, as in guarded()
        core::logError("http.handler.failed",
                       {{"trace", request.requestId}, {"path", request.path}, {"what", error.what()}});
    }
    waiting.answer(broken(request));
}

Response Service::finished(const Request& request, Response response) const {
    if (hooks_.finish) hooks_.finish(request, response);
    return response;
}

Response Service::guarded(const Handler& handler, const Request& request) const {
    try {
        return finished(request, handler(request));
    } catch (const std::exception& error) {  // the seam: nothing a handler throws may reach a loop or a pool thread
        core::logError("http.handler.failed",
                       {{"trace", request.requestId}, {"path", request.path}, {"what", error.what()}});
    }
    return finished(request, broken(request));
}

Response Service::tooLong(const Request& request, std::size_t limit) const {
    if (hooks_.tooLong) {
        if (auto page = hooks_.tooLong(request)) return finished(request, std::move(*page));
    }
    Problem problem;
    problem.status = 413;
    problem.code = "too_large";
    problem.title = "内容太大 / Too large";
    problem.detail = "最多 " + std::to_string(limit) + " 字节 / at most " + std::to_string(limit) + " bytes";
    problem.traceId = request.requestId;
    return finished(request, Response::problem(problem));
}

std::optional<Response> Service::refused(const RouteMatch& match, const Request& request) const {
    if (match.route) return std::nullopt;
    const bool page = request.method == "GET" || request.isHead();
    if (match.allow.empty() && page && hooks_.fallback) {
        const Handler fallback = [this](const Request& asked) {
            auto answer = hooks_.fallback(asked);
            return answer ? std::move(*answer) : Response::notFound(asked.requestId);
        };
        return guarded(fallback, request);
    }
    return finished(request, Router::refusal(match, request));
}

void Service::serve(net::Exchange& exchange) const {
    auto read = requestFrom(exchange.head(), exchange.peer());
    if (!read.ok()) {
        Request unreadable;
        unreadable.requestId = random_.hex(kTraceBytes);
        unreadable.secure = exchange.peer().secure;
        const Problem problem = problemOf(read.error(), unreadable.requestId, true);
        exchange.reply(replyFrom(finished(unreadable, Response::problem(problem))));
        return;
    }
    auto request = std::make_shared<Request>(std::move(read).value());
    request->requestId = random_.hex(kTraceBytes);
    RouteMatch match = router_.match(request->method, request->path);
    if (auto refusal = refused(match, *request)) {
        exchange.reply(replyFrom(std::move(*refusal)));
        return;
    }
    const Route& route = *match.route;
    request->params = std::move(match.params);
    if (!exchange.head().hasBody()) {
        run(exchange, route, request);
        return;
    }
    exchange.onTooLong([this, &route, request] { return replyFrom(tooLong(*request, route.options.maxBodyBytes)); });
    exchange.collect(route.options.maxBodyBytes, [this, &route, request](net::Exchange& ready, std::string body) {
        request->body = std::move(body);
        run(ready, route, request);
    });
}

void Service::run(net::Exchange& exchange, const Route& route, const RequestPtr& request) const {
    if (route.options.runOn == RunOn::kLoop) {
        exchange.reply(replyFrom(guarded(route.handler, *request)));
        return;
    }
    runInPool(exchange, route, request);
}

void Service::runInPool(net::Exchange& exchange, const Route& route, const RequestPtr& request) const {
    net::WorkerPool& pool = route.options.runOn == RunOn::kKdf ? pools_.kdf : pools_.io;
    const net::ExchangeRef ref = exchange.hold();
    const auto answer = [ref](Response response) {
        auto reply = std::make_shared<net::Reply>(replyFrom(std::move(response)));
        ref.post([reply](net::Exchange& held) { held.reply(std::move(*reply)); });
    };
    const bool taken = pool.submit([this, &route, request, ref, answer] {
        // Nobody waits for the answer of a client that has gone; do not spend a hash on it.
        if (!ref.alive()) return;
        if (!route.later) {
            answer(guarded(route.handler, *request));
            return;
        }
        const auto finish = [this, request, answer](Response response) {
            answer(finished(*request, std::move(response)));
        };
        runLater(route, *request, {finish, [ref] { return ref.alive(); }});
    });
    if (!taken) answer(finished(*request, busy(*request)));
}

}  // namespace yimen::http
