#include "http/client.h"

#include <mutex>

#include "core/ascii.h"
#include "http/curl_exchange.h"

namespace yimen::http {

using core::ErrorCode;
using core::makeError;

std::optional<std::string_view> ClientResponse::find(std::string_view name) const noexcept {
    for (const auto& field : fields) {
        if (core::equalIgnoreCase(field.name, name)) return field.value;
    }
    return std::nullopt;
}

/// Idle handles, each with its kept connections. Thread-safe.
class CurlClient::Pool {
public:
    explicit Pool(std::size_t maxIdle) : maxIdle_(maxIdle) {}

    CurlHandle take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                CurlHandle handle = std::move(idle_.back());
                idle_.pop_back();
                return handle;
            }
        }
        return CurlHandle(curl_easy_init());
    }
    void giveBack(CurlHandle handle) {
        curl_easy_reset(handle.get());
        const std::lock_guard lock(mutex_);
        if (idle_.size() < maxIdle_) idle_.push_back(std::move(handle));
    }

private:
    const std::size_t maxIdle_;
    std::mutex mutex_;
    std::vector<CurlHandle> idle_;
};

CurlClient::CurlClient(ClientConfig config, const core::Clock& clock)
    : config_(std::move(config)), clock_(clock), pool_(std::make_unique<Pool>(config_.maxIdleHandles)) {
    startCurl();
}

CurlClient::~CurlClient() = default;

core::Result<ClientResponse> CurlClient::send(const ClientRequest& request) {
    YIMEN_TRY_STATUS(checkRequest(config_, request));
    CurlHandle handle = pool_->take();
    if (!handle) return makeError(ErrorCode::kInternal, "no memory for an exchange");
    setPolicy(handle.get(), config_);
    auto response = perform(handle.get(), request, clock_);
    if (response.ok()) pool_->giveBack(std::move(handle));  // else the handle with its broken connection goes
    return response;
}

}  // namespace yimen::http
