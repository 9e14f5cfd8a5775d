#include "http/challenge_client.h"

#include <mutex>

#include "http/curl_exchange.h"

namespace yimen::http {

using core::ErrorCode;
using core::makeError;

/// The one handle of an account, made when it is first needed.
class ChallengeClient::Connection {
public:
    std::mutex mutex;
    CurlHandle handle;
};

ChallengeClient::ChallengeClient(ClientConfig config, const core::Clock& clock, ChallengeAccount account)
    : config_(std::move(config)),
      clock_(clock),
      account_(std::move(account)),
      connection_(std::make_unique<Connection>()) {
    startCurl();
}

ChallengeClient::~ChallengeClient() = default;

core::Result<ClientResponse> ChallengeClient::send(const ClientRequest& request) {
    YIMEN_TRY_STATUS(checkRequest(config_, request));
    const std::lock_guard lock(connection_->mutex);
    if (!connection_->handle) connection_->handle.reset(curl_easy_init());
    CURL* const handle = connection_->handle.get();
    if (handle == nullptr) return makeError(ErrorCode::kInternal, "no memory for an exchange");
    setPolicy(handle, config_);
    const bool ntlm = account_.scheme == ChallengeAccount::Scheme::kNtlm;
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, static_cast<long>(ntlm ? CURLAUTH_NTLM : CURLAUTH_DIGEST));
    curl_easy_setopt(handle, CURLOPT_USERNAME, account_.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, account_.password.revealTerminated());  // libcurl keeps a copy
    auto response = perform(handle, request, clock_);
    if (!response.ok() || response->status == 401) {
        connection_->handle.reset();
    } else {
        curl_easy_reset(handle);
    }
    return response;
}

}  // namespace yimen::http
