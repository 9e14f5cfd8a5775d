#pragma once

#include <chrono>
#include <string>

#include "http/message.h"
#include "web/caller.h"

namespace yimen::web {

/// One try to sign in, whichever door it came through (form or JSON).
struct SignInAttempt {
    std::string username;
    core::Secret password;
};

struct SignInResult {
    enum class Kind {
        kSignedIn,
        kWrong,   ///< one answer for every cause
        kLocked,  ///< this source for this account; see retryAfter
        kThrottled,
        kMustChange,  ///< the password is right and must be replaced first
        kBusy         ///< store or audit does not answer: nobody is let in
    };
    Kind kind = Kind::kBusy;
    std::chrono::seconds retryAfter{0};
    identity::PersonId person = 0;
    identity::SessionTable::Created created;
    std::string deviceCookie;
};

/// Sign-in by password: throttle, hash, session, audit. Blocking: kdf pool. Thread-safe.
class SignIn {
public:
    explicit SignIn(const Hub& hub) : hub_(hub) {}

    SignInResult attempt(const http::Request& request, const SignInAttempt& attempt) const;
    enum class Reauthentication { kOk, kWrong, kThrottled };
    /// The password once more from somebody whose password was right before, guarded like a sign-in: an open browser
    /// must not become a place to guess it. Blocking: kdf pool.
    Reauthentication again(const http::Request& request, const store::PersonRecord& person,
                           const core::Secret& password) const;
    /// A session for a person whose password was just checked (or set). Records login.ok before it returns. A session
    /// this browser had until now ends: with its cookie gone nobody could sign it out any more. The same person's of a
    /// moment ago goes on instead: another tab stands on it.
    core::Result<identity::SessionTable::Created> open(const http::Request& request, identity::PersonId person) const;
    /// Puts the session's cookies on an answer.
    static void setCookies(http::Response& response, const SignInResult& result);

private:
    void end(const identity::Session& session, identity::SessionTable::EndReason reason) const;

    const Hub& hub_;
};

inline constexpr const char* kDeviceCookie = "__Host-yimen-device";
/// Says, sealed, whose password was right but must be replaced before there is a session.
inline constexpr const char* kChangeCookie = "__Host-yimen-change";
inline constexpr std::string_view kChangePurpose = "change-password";
inline constexpr std::chrono::minutes kChangeLifetime{10};

}  // namespace yimen::web
