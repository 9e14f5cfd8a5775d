#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "sync/sources/http_request.h"
#include "sync/sources/http_spec.h"

namespace yimen::sync {

/// The token that a system gives for its service account: asked for when it is first needed, and once more when it was
/// refused. Thread-safe: several readers share one.
class HttpToken {
public:
    /// `spec.token` is there.
    HttpToken(std::shared_ptr<const HttpSpec> spec, HttpParts parts)
        : spec_(std::move(spec)), parts_(std::move(parts)) {}

    struct Given {
        core::Secret text;
        bool fresh = false;  ///< asked for just now: when this one is refused, another will not help
    };
    /// `refused`: a token that the system did not take; null at first. kUnauthenticated when the system gives none.
    core::Result<Given> get(const core::Secret* refused);

private:
    core::Result<core::Secret> ask() const;
    core::Result<std::string> take(const http::ClientResponse& response) const;

    std::shared_ptr<const HttpSpec> spec_;
    HttpParts parts_;
    std::mutex mutex_;  ///< held while the system is asked: everybody needs its answer
    core::Secret token_;
};

}  // namespace yimen::sync
