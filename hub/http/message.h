#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/url.h"
#include "http/headers.h"

namespace yimen::http {

/// Named values of a query, a form or a path pattern, in order. A value; any thread.
class Params {
public:
    Params() = default;
    explicit Params(core::FormPairs pairs) : pairs_(std::move(pairs)) {}

    /// The value when the name stands there exactly once; nothing when it is absent or repeated (RFC 6749 section 3.1).
    std::optional<std::string_view> one(std::string_view name) const;
    /// As one(), "" when there is nothing.
    std::string_view text(std::string_view name) const;
    bool has(std::string_view name) const noexcept;
    void add(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }
    const core::FormPairs& pairs() const noexcept { return pairs_; }

private:
    core::FormPairs pairs_;
};

/// A request for the hub itself, whole and checked: the body is read, the path is canonical. A value; any thread.
struct Request {
    std::string method = "GET";
    std::string path = "/";  ///< canonical (core::canonicalPath)
    std::string rawQuery;    ///< without '?', as received
    Params query;            ///< decoded rawQuery
    Params params;           ///< values of the route's {names}, percent-decoded
    Headers headers;
    Params cookies;  ///< http::parseCookies of the Cookie fields
    std::string body;
    std::string peerIp;  ///< textual address of the client; behind a trusted proxy the one it names
    bool secure = true;  ///< the client speaks TLS, to us or to a trusted terminator
    std::string host;    ///< lower case, with the port when it is not the default
    std::string requestId;

    bool isHead() const noexcept { return method == "HEAD"; }
    /// RFC 9110 section 9.2.1: GET, HEAD, OPTIONS.
    bool isSafe() const noexcept { return method == "GET" || isHead() || method == "OPTIONS"; }
    std::string_view acceptLanguage() const noexcept { return headers.first("Accept-Language"); }

    /// The body as a form; kInvalidInput unless the Content-Type says application/x-www-form-urlencoded.
    core::Result<Params> form() const;
    /// The body as JSON; kInvalidInput unless the Content-Type says application/json.
    core::Result<core::Json> json() const;
};

/// One wrong member of the input, for RFC 9457 `fields`.
struct ProblemField {
    std::string name;    ///< field, "line 12" or file:line:column
    std::string code;    ///< stable
    std::string detail;  ///< for people
};

/// RFC 9457 as hub/admin/openapi.yaml writes it.
struct Problem {
    int status = 500;
    std::string code = "internal";  ///< ErrorCode of openapi.yaml, stable
    std::string title;              ///< what went wrong, one phrase, in the language of the reader
    std::string detail;             ///< what to do about it
    std::string traceId;
    std::optional<int> retryAfterSeconds;
    std::vector<ProblemField> fields;
};

/// What a handler returns. A value; any thread. The body is either `body` or, for content shared between answers,
/// `shared`. Content-Length, Date and Connection are the writer's; a HEAD answer is a GET answer whose body it drops.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    std::shared_ptr<const std::string> shared;

    std::string_view content() const noexcept { return shared ? std::string_view(*shared) : std::string_view(body); }
    Response&& with(std::string_view name, std::string_view value) &&;

    static Response json(int status, const core::Json& value);
    static Response html(int status, std::string page);
    static Response text(int status, std::string text);
    static Response noContent();
    /// 303 See Other: after a POST the browser must GET (RFC 9110 section 15.4.4). `location` must have passed
    /// ReturnTargets or be built by us.
    static Response redirect(std::string_view location);
    static Response problem(const Problem& problem);
    static Response notFound(std::string_view traceId);
};

/// Maps an expected failure to status, stable code and words (zh-CN when `chinese`). `detail` of the error stays in the
/// log; its message is shown.
Problem problemOf(const core::Error& error, std::string_view traceId, bool chinese);

}  // namespace yimen::http
