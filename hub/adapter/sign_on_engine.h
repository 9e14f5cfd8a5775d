#pragma once

#include <map>
#include <string>

#include "adapter/outcome.h"
#include "adapter/system_session.h"
#include "adapter/views.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "core/secret.h"
#include "http/client.h"

namespace yimen::adapter {

/// Values by field name: the account (`login.fields`) and the system-wide secrets (`login.system_secrets`) in one map.
using SecretMap = std::map<std::string, core::Secret, std::less<>>;

/// What an engine may use during one blocking call. References must outlive the call; nothing is kept but what goes
/// into the session.
struct SignOnContext {
    http::HttpClient& client;  ///< reaches the system's own origins and nothing else
    SystemSession& session;
    const SecretMap& secrets;
    const core::Clock& clock;
    core::Random& random;
};

/// Signs a person on to one system and dresses their requests. One implementation per login kind, one instance per
/// adapter, immutable after construction, so every method may be called from any thread at once.
///
/// signOn, refresh and signOff block: call them on the `io` pool. The caller sees to it that there is one at a time per
/// session (the gateway coalesces). decorate and absorb do memory work only: they run on loop threads.
class SignOnEngine {
public:
    virtual ~SignOnEngine() = default;

    /// One attempt, never repeated. On kOk the session is established; otherwise it is as it was. An Error means that
    /// the attempt could not be made (a field is missing from the secrets); nothing has been sent then.
    virtual core::Result<SignOnOutcome> signOn(const SignOnContext& context) const = 0;

    /// Renews without the account's password where the system can (bearer refresh, minted cookie). kOk: renewed.
    /// kBadPassword: the system refused the refresh, sign on again. Engines that cannot answer kPageChanged.
    virtual core::Result<SignOnOutcome> refresh(const SignOnContext& context) const = 0;

    /// Ends the session in the system by the manifest's `logout`, then clears ours, whatever the system said. kOk when
    /// the system confirmed, or when there is nothing to end there (stateless kinds: `detail` says so).
    virtual SignOnOutcome signOff(const SignOnContext& context) const = 0;

    /// Adds what proves the person's identity to one request: Authorization, signed headers. Cookies are not its
    /// business (SystemAdapter::prepare). kUnauthenticated when the session is not signed on.
    virtual core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                                  HeaderSink& sink) const = 0;

    /// Looks at the head of an answer for what the engine itself must learn (Digest nextnonce and stale). Signals of
    /// the manifest are looked at by SystemAdapter::inspect.
    virtual Verdict absorb(SystemSession& session, const ResponseView& response, const core::Clock& clock) const = 0;
};

}  // namespace yimen::adapter
