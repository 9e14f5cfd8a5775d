#include "http/router.h"

#include <optional>

#include "core/path.h"

namespace yimen::http {
namespace {

using core::ErrorCode;
using core::makeError;

/// Cuts the first segment off "a/b/c".
std::string_view takeSegment(std::string_view& rest) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    return segment;
}

/// "{name}" -> "name", "{name...}" -> "name..."; nothing for a literal.
std::optional<std::string_view> paramName(std::string_view segment) {
    if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return std::nullopt;
    return segment.substr(1, segment.size() - 2);
}

bool isRest(std::string_view name) {
    return name.ends_with("...");
}

core::Status checkPattern(const Route& route) {
    const auto bad = [&](const char* why) {
        return makeError(ErrorCode::kInvalidInput, "route " + route.method + " " + route.pattern + ": " + why);
    };
    if (!isToken(route.method)) return bad("the method is not a token");
    if (!route.handler) return bad("no handler");
    if (route.method == "HEAD") return bad("HEAD is served from GET");
    if (!route.pattern.starts_with('/')) return bad("must begin with '/'");
    std::string_view rest = std::string_view(route.pattern).substr(1);
    std::string literals = "/";
    while (!rest.empty()) {
        const std::string_view segment = takeSegment(rest);
        const auto name = paramName(segment);
        if (name && isRest(*name) && !rest.empty()) return bad("{name...} must be the last segment");
        if (!name && segment.find_first_of("{}") != std::string_view::npos)
            return bad("braces go around whole segments");
        if (!name) literals += std::string(segment) + "/";
        if (segment.empty()) return bad("empty segment");
    }
    std::string buffer;
    const auto canonical = core::canonicalPath(literals, buffer);
    if (!canonical.ok() || *canonical != literals) return bad("not a canonical path");
    return {};
}

/// Fills `params` by walking pattern and path side by side; they are known to fit.
Params readParams(std::string_view pattern, std::string_view path) {
    Params params;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    while (!pattern.empty()) {
        const std::string_view segment = takeSegment(pattern);
        const auto name = paramName(segment);
        if (name && isRest(*name)) {
            params.add(std::string(name->substr(0, name->size() - 3)), std::string(path));
            break;
        }
        const std::string_view value = takeSegment(path);
        if (name) params.add(std::string(*name), core::percentDecode(value).valueOr(std::string(value)));
    }
    return params;
}

std::string allowOf(const std::map<std::string, Route, std::less<>>& methods) {
    std::string allow = "OPTIONS";
    for (const auto& [method, route] : methods) {
        allow += ", " + method;
        if (method == "GET") allow += ", HEAD";
    }
    return allow;
}

}  // namespace

core::Status Router::add(Route route) {
    YIMEN_TRY_STATUS(checkPattern(route));
    Node* node = &root_;
    std::map<std::string, Route, std::less<>>* methods = nullptr;
    std::string_view rest = std::string_view(route.pattern).substr(1);
    while (!rest.empty()) {
        const std::string_view segment = takeSegment(rest);
        const auto name = paramName(segment);
        if (name && isRest(*name)) {
            methods = &node->restByMethod;
        } else if (name) {
            if (node->param.empty()) node->param.emplace_back();
            node = &node->param.front();
        } else {
            node = &node->literals[std::string(segment)];
        }
    }
    if (!methods) methods = &node->byMethod;
    const auto [place, fresh] = methods->try_emplace(route.method, route);
    if (!fresh) {
        return makeError(ErrorCode::kConflict, "route " + route.method + " " + route.pattern +
                                                   " is already answered by " + place->second.pattern);
    }
    order_.push_back(route.method + " " + route.pattern);
    return {};
}

const std::map<std::string, Route, std::less<>>* Router::find(const Node& node, std::string_view rest) const {
    if (rest.empty()) return node.byMethod.empty() ? nullptr : &node.byMethod;
    std::string_view below = rest;
    const std::string_view segment = takeSegment(below);
    // "/a/" is not "/a": a trailing slash leaves an empty last segment that only {name...} takes.
    const bool trailingSlash = below.empty() && rest.ends_with('/');
    if (!trailingSlash) {
        if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
            if (const auto* found = find(literal->second, below)) return found;
        }
        if (!node.param.empty() && !segment.empty()) {
            if (const auto* found = find(node.param.front(), below)) return found;
        }
    } else if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
        if (!literal->second.restByMethod.empty()) return &literal->second.restByMethod;
    }
    return node.restByMethod.empty() ? nullptr : &node.restByMethod;
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
    RouteMatch match;
    if (!path.starts_with('/')) return match;
    const auto* methods = find(root_, path.substr(1));
    if (!methods) return match;
    auto place = methods->find(method);
    if (place == methods->end() && method == "HEAD") place = methods->find("GET");
    if (place == methods->end()) {
        match.allow = allowOf(*methods);
        return match;
    }
    match.route = &place->second;
    match.params = readParams(match.route->pattern, path);
    return match;
}

Response Router::refusal(const RouteMatch& match, const Request& request) {
    if (match.allow.empty()) return Response::notFound(request.requestId);
    if (request.method == "OPTIONS") return Response::noContent().with("Allow", match.allow);
    Problem problem;
    problem.status = 405;
    problem.code = "not_found";
    problem.title = "不支持的方法 / Method not allowed";
    problem.detail = "Allow: " + match.allow;
    problem.traceId = request.requestId;
    return Response::problem(problem).with("Allow", match.allow);
}

Response Router::dispatch(Request request) const {
    RouteMatch found = match(request.method, request.path);
    if (!found.route) return refusal(found, request);
    request.params = std::move(found.params);
    return found.route->handler(request);
}

std::vector<std::string> Router::list() const {
    return order_;
}

}  // namespace yimen::http
