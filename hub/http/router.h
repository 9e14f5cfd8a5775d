#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace yimen::http {

/// Where a handler runs. kLoop handlers answer at once from memory: no file, store, key derivation or network.
enum class RunOn {
    kLoop,
    kKdf,  ///< password hashing only, so that a storm of wrong passwords delays nobody else
    kIo    ///< store, files, outbound calls
};

/// Called with a whole request; must be thread-safe when it runs in a pool.
using Handler = std::function<Response(const Request&)>;

/// The way back to somebody who waits for an answer. Copyable, any thread, may outlive everything.
struct Waiting {
    /// Sends the answer; only the first call counts, and none when the client has gone.
    std::function<void(Response)> answer;
    /// False as soon as nobody waits any more; true may be out of date when it is read.
    std::function<bool()> alive;
};
/// Leaves the answer to somebody else, within net's holdTimeout. Runs like a Handler and must not block for long.
using LaterHandler = std::function<void(const Request&, const Waiting&)>;

struct RouteOptions {
    RunOn runOn = RunOn::kIo;
    std::size_t maxBodyBytes = 64 * 1024;  ///< a longer body: 413
};

/// One entry of the table. Pattern: literal segments, {name} for one whole segment, {name...} last for the rest.
struct Route {
    std::string method;
    std::string pattern;
    Handler handler;
    RouteOptions options;
    LaterHandler later{};  ///< in place of `handler`; never on the loop
};

/// What the table says about a method and a path. Views into the Router.
struct RouteMatch {
    const Route* route = nullptr;  ///< nothing: see `allow`
    Params params;
    std::string allow;  ///< for 405: the methods that exist here; empty means 404
};

/// The one table of the hub host. Literal segments win over {name}, {name} over {name...}; HEAD is served from GET.
/// Filled at start, then immutable and thread-safe.
class Router {
public:
    /// Refuses a pattern that is malformed or not canonical, and a route that an earlier one already answers
    /// (same method, same shape).
    core::Status add(Route route);

    /// `path` must be canonical. Allocates only for params.
    RouteMatch match(std::string_view method, std::string_view path) const;

    /// Runs the handler in the calling thread: 404, 405 with Allow, 204 for OPTIONS. For tests and for Service.
    Response dispatch(Request request) const;
    /// The answer when match() found no route.
    static Response refusal(const RouteMatch& match, const Request& request);

    /// "METHOD pattern" of every route in order, for documentation and tests.
    std::vector<std::string> list() const;

private:
    struct Node {
        std::map<std::string, Node, std::less<>> literals;
        std::vector<Node> param;  ///< none or one
        std::map<std::string, Route, std::less<>> byMethod;
        std::map<std::string, Route, std::less<>> restByMethod;
    };
    const std::map<std::string, Route, std::less<>>* find(const Node& node, std::string_view rest) const;

    Node root_;
    std::vector<std::string> order_;
};

}  // namespace yimen::http
