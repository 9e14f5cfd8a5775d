#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "identity/session_table.h"

namespace yimen::identity {

/// How a browser gets from the hub host into an app host: a random code in one redirect, good once, for one system.
/// In memory: a code does not outlive the process, the browser just asks for another. Thread-safe, does not block.
class EntryCodes {
public:
    struct Limits {
        std::chrono::seconds lifetime{60};
        std::size_t maxOpen = 100000;  ///< then kUnavailable
    };
    struct Entered {
        SessionHandle session;
        std::string cookie;  ///< ticket for the app host of that system
    };

    EntryCodes(Limits limits, SessionTable& sessions, const core::Clock& clock, core::Random& random)
        : limits_(limits), sessions_(sessions), clock_(clock), random_(random) {}

    /// 128 random bits, Base64url.
    core::Result<std::string> issue(const Session& session, std::string_view system);
    /// Of any number of parallel calls at most one succeeds; a try with another system uses the code up too.
    /// kUnauthenticated with one message for unknown, used, late, another system's, session over.
    core::Result<Entered> redeem(std::string_view code, std::string_view system);

private:
    struct Code {
        SessionId session;
        std::string system;
        core::MonoTime expires;
    };
    void dropLate(core::MonoTime now);

    Limits limits_;
    SessionTable& sessions_;
    const core::Clock& clock_;
    core::Random& random_;
    std::mutex mutex_;
    std::unordered_map<std::string, Code> codes_;
    core::MonoTime nextSweep_{};
};

}  // namespace yimen::identity
