#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/sources/http_spec.h"

namespace yimen::sync {

/// A session at a system that was won by its sign-on engine: what has to go with each request. Thread-safe.
class HttpSignOn {
public:
    virtual ~HttpSignOn() = default;
    /// Authorization, Cookie, ... `renew`: the last ones were refused; signs on once more.
    virtual core::Result<std::vector<http::ClientField>> fields(bool renew) = 0;
};

/// What a source needs from outside. All thread-safe; clock and random outlive the source.
struct HttpParts {
    std::shared_ptr<http::HttpClient> client;  ///< nothing: readHttpSource makes one
    const core::Clock* clock = nullptr;
    core::Random* random = nullptr;
    std::shared_ptr<HttpSignOn> signOn;  ///< for auth kind sign_on
    /// Set by interrupt(); what a client of readHttpSource looks at. May be null.
    std::shared_ptr<std::atomic<bool>> stop{};
};

/// Values for the places of a request: page, offset, size, cursor, after, from, to, token, user, password.
using RequestValues = std::map<std::string, std::string, std::less<>>;

/// `wanted` filled and signed, without what proves who we are. A parameter or field whose value is
/// absent is left out; a path or body that asks for one is kInvalidInput. Any thread.
core::Result<http::ClientRequest> buildHttpRequest(const HttpSpec& spec, const HttpParts& parts, RequestValues values,
                                                   const HttpRequestSpec& wanted);
/// Adds the fields of `spec.auth`; `renew`: the session of the sign-on engine was refused.
core::Status authorizeHttp(http::ClientRequest& request, const HttpSpec& spec, const HttpParts& parts, bool renew);

}  // namespace yimen::sync
