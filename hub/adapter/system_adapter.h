#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapter/manifest.h"
#include "adapter/sign_on_engine.h"
#include "adapter/signals.h"
#include "adapter/traffic_hook.h"

namespace yimen::adapter {

/// One system, ready for use: manifest, engine and inspector. Immutable, shared between threads; a reload makes a new
/// one while requests finish with the old.
class SystemAdapter {
public:
    /// `clock` must outlive the adapter; `hook` is null when the manifest names no traffic script.
    SystemAdapter(std::shared_ptr<const Manifest> manifest, std::unique_ptr<const SignOnEngine> engine,
                  std::shared_ptr<http::HttpClient> client, const core::Clock& clock,
                  std::shared_ptr<const TrafficHook> hook = nullptr);

    const Manifest& manifest() const noexcept { return *manifest_; }
    /// Blocking sign-on, refresh, sign-off: `io` pool only.
    const SignOnEngine& engine() const noexcept { return *engine_; }
    /// For SignOnContext: reaches this system's origins only.
    http::HttpClient& client() const noexcept { return *client_; }
    std::shared_ptr<SystemSession> newSession() const;
    /// The traffic script, or null.
    const std::shared_ptr<const TrafficHook>& hook() const noexcept { return hook_; }

    // On a loop thread, for each request of a person with a session, in this order.

    /// Adds Authorization or signed headers and the Cookie field (the jar's, then OutgoingRequest::passedCookies).
    core::Status prepare(SystemSession& session, const OutgoingRequest& request, HeaderSink& sink) const;
    /// Takes Set-Cookie into the jar (all names; which go on to the browser is the gateway's reading of
    /// manifest().cookies.pass) and what the engine must learn; then judges by the head.
    Verdict absorb(SystemSession& session, const ResponseView& response) const;
    /// After absorb said kOk: see TrafficInspector.
    bool needsBodyPrefix(const ResponseView& response) const noexcept;
    Verdict inspectBody(const ResponseView& response, std::string_view prefix) const noexcept;
    /// Requests must carry `Accept-Encoding: identity` (signs or rewriting look into bodies).
    bool wantsIdentityEncoding() const noexcept;

    enum class KeptAlive {
        kStands,   ///< the system confirmed the session, or there is nothing to ask
        kExpired,  ///< a declared sign says that the session is gone
        kUnknown   ///< no answer, or one that says neither: the session may well stand
    };
    /// The manifest's keep-alive call, once. Blocking. Leaves the session as it is, but for cookies.
    KeptAlive keepAlive(const SignOnContext& context) const;

private:
    bool isLogout(const ResponseView& response) const noexcept;

    std::shared_ptr<const Manifest> manifest_;
    std::unique_ptr<const SignOnEngine> engine_;
    std::shared_ptr<http::HttpClient> client_;
    const core::Clock& clock_;
    std::shared_ptr<const TrafficHook> hook_;
    TrafficInspector inspector_;
};

}  // namespace yimen::adapter
