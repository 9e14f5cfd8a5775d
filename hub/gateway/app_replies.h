#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/manifest.h"
#include "gateway/route.h"
#include "gateway/system_sessions.h"
#include "net/exchange.h"

namespace yimen::gateway {

/// Who reads the answer: it decides between a redirect, a small page and JSON. By explicit rule, in this order:
/// Sec-Fetch-Mode and Sec-Fetch-Dest (Fetch Metadata), X-Requested-With, Accept naming text/html.
enum class Reader {
    kPage,   ///< a person's tab: send it where help is
    kFrame,  ///< a frame inside a system's page: it cannot show the hub's pages, which refuse framing
    kScript  ///< script, image, download: a status and JSON
};
Reader readerOf(const net::RequestHead& head) noexcept;

/// Why a request to a system got no answer from it.
enum class Trouble {
    kSignedOut,      ///< no hub session
    kDenied,         ///< policy, or a path closed to all
    kReadOnly,       ///< policy lets the person look only, and this request changes something
    kStepUp,         ///< policy asks for a second factor, or for a fresh proof of it
    kNotLinked,      ///< no account stored for this system
    kLinkBroken,     ///< the stored account was refused
    kSignOnFailed,   ///< the system could not be signed on to
    kSecondSession,  ///< somebody else signed on with this account
    kMaintenance,    ///< the system says that it is closed
    kDown,           ///< no connection, or an answer that is not HTTP
    kSlow,           ///< time-out
    kBusy,           ///< our own pools are full
    kBadRequest,     ///< a path with two readings
    kNotRepeated     ///< the session was renewed, but the request may not be sent twice: do it again
};
/// Stable lower-case code, as in the JSON answers and in /trouble?kind=.
std::string_view codeOf(Trouble trouble) noexcept;
int statusOf(Trouble trouble) noexcept;

/// Why a sign-on that has ended so gives no answer of the system; nothing when it is ready.
std::optional<Trouble> troubleOf(const SignOnReport& report) noexcept;

/// What was asked for: an explanation of a denial is about this, not about a GET.
struct Asked {
    std::string_view method;
    std::string_view target;
};
/// What a rule asks of a person who is signed in already (RFC 9470).
struct StepUpNeed {
    int level = 2;
    std::chrono::seconds maxAge{0};  ///< 0: any proof that still counts
};
/// The highest level that a person can reach on the hub's step-up page. A rule that asks for more denies.
inline constexpr int kReachableLevel = 2;

/// The hub's answer on an app host. A page is sent to the hub host, which explains and offers the next step; a script
/// gets application/problem+json with `code` and `login_url`. Only what can be asked for again is offered again.
net::Reply troubleReply(const Route& route, Trouble trouble, Reader reader, const Asked& asked,
                        const StepUpNeed& need = {});

/// Where a person proves a second factor and comes back: "https://hub/step-up?to=/go/ID?to=TARGET". What cannot be
/// asked for again leads back to the system's home, and "&ask=1" says that the rules of that page are not the reason.
std::string stepUpUrl(const Route& route, const Asked& asked);

/// A request or an answer that the adapter's traffic script did not let pass.
struct ScriptStop {
    bool failed = false;  ///< the script itself failed; false: it denied
    int status = 502;
    adapter::BilingualText reason;
    std::string error;  ///< "file:line: text", for the log only
};
/// Says what was stopped, by which adapter, and the number under which the log knows it. A page for a person, with the
/// status; application/problem+json with `code` hook_denied or hook_failed for a script.
net::Reply stopReply(const Route& route, const ScriptStop& stop, Reader reader, const std::string& number);

/// Where a person enters the system again: "https://hub/go/ID?to=TARGET".
std::string entryUrl(const Route& route, std::string_view target);

}  // namespace yimen::gateway
