#pragma once

#include <curl/curl.h>

#include <memory>

#include "http/client.h"

namespace yimen::http {

// What the clients on libcurl share; this header is theirs alone.

struct FreeCurl {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
/// An exchange's settings and its kept connections. One thread at a time.
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

/// Once per process, before the first handle. Any thread.
void startCurl();
/// kDenied: the address is none of the origins; kInvalidInput: what cannot be sent as one request.
core::Status checkRequest(const ClientConfig& config, const ClientRequest& request);
/// Makes a handle look at `stop` about once a second, or at every piece that comes; nothing when it is null. It
/// outlives the exchange.
void setStop(CURL* handle, const StopFlag& stop);
/// Whom the handle believes and what it never does: see CurlClient. `config` must outlive the exchange.
void setPolicy(CURL* handle, const ClientConfig& config);
/// One exchange over a handle whose policy is set. Errors as HttpClient::send.
core::Result<ClientResponse> perform(CURL* handle, const ClientRequest& request, const core::Clock& clock);

}  // namespace yimen::http
