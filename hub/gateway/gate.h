#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/route.h"
#include "gateway/system_sessions.h"
#include "identity/directory.h"
#include "identity/session_table.h"
#include "net/head.h"
#include "policy/types.h"

namespace yimen::gateway {

/// Name of the one cookie an app host has in the browser. "__Host-" keeps it on that host, on TLS and on every path.
inline constexpr std::string_view kAppCookie = "__Host-yimen-app";

/// A person admitted to a system: what the rest of the request works with.
struct Admission {
    identity::SessionHandle session;
    std::shared_ptr<SystemEntry> entry;
    std::shared_ptr<const policy::Subject> subject;
};

/// The value of the app cookie in the request's Cookie fields, or empty when absent or present twice.
std::string_view appCookieOf(const net::RequestHead& head) noexcept;

/// The session gate of one loop: from cookie to person. A browser sends the same cookie with every request, so the
/// answer of a full check (open the ticket, look the session up) is kept for a few seconds in a table of fixed size;
/// a session that ended meanwhile is refused at once by its own flag. Loop thread only.
class Gate {
public:
    struct Dependencies {
        identity::SessionTable& sessions;
        SystemSessions& systems;
        const core::Clock& clock;
        std::chrono::minutes utcOffset;
    };
    static constexpr std::size_t kSlots = 2048;
    /// How long a checked cookie is believed without another look; also how exact "last seen" and idle limits are.
    static constexpr std::chrono::seconds kBelieve{5};

    explicit Gate(const Dependencies& dependencies);

    /// Null when there is no valid session; the pointer is good until the next call.
    const Admission* admit(std::string_view cookie, const Route& route,
                           const std::shared_ptr<const identity::Directory>& directory, core::MonoTime now);

private:
    struct Slot {
        std::string cookie;
        const Route* route = nullptr;
        const identity::Directory* directory = nullptr;
        identity::PostId actingPost = 0;
        std::uint64_t proof = 0;  ///< a step-up counts at once
        core::MonoTime until{};
        Admission admission;
    };
    bool fresh(const Slot& slot, std::string_view cookie, const Route& route, const identity::Directory* directory,
               core::MonoTime now) const;

    Dependencies deps_;
    std::unique_ptr<std::array<Slot, kSlots>> slots_;
};

}  // namespace yimen::gateway
