#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "identity/password_service.h"
#include "identity/throttle.h"

namespace yimen::crypto {
class TicketSealer;
}

namespace yimen::identity {

/// Remembers on which devices a person succeeded, so that strangers' wrong guesses never lock the person out.
/// The cookie is a sealed ticket for one account; it gives no access. Thread-safe, immutable.
class DeviceCookies {
public:
    /// One purpose for passwords and one for codes: who knows the password alone is no known device for codes.
    static constexpr std::string_view kPasswordPurpose = "device";
    static constexpr std::string_view kCodePurpose = "code-device";

    DeviceCookies(std::shared_ptr<const crypto::TicketSealer> sealer, const core::Clock& clock, core::Random& random,
                  std::string_view purpose = kPasswordPurpose)
        : sealer_(std::move(sealer)), clock_(clock), random_(random), purpose_(purpose) {}

    static constexpr std::chrono::hours kLifetime{24 * 365};
    core::Result<std::string> issue(std::string_view usernameKey) const;
    /// The device's id if the cookie is ours and for this account; else empty.
    std::string read(std::string_view usernameKey, std::string_view cookie) const;

private:
    std::shared_ptr<const crypto::TicketSealer> sealer_;
    const core::Clock& clock_;
    core::Random& random_;
    std::string_view purpose_;
};

/// One admitted try, between begin() and finish(). Movable; must reach finish() or abandon().
struct LoginAttempt {
    std::string usernameKey;
    PersonId person = 0;  ///< 0: nobody of that name; never shown to the outside
    LoginSource source;
};

struct LoginAdmission {
    bool admitted = false;
    std::chrono::seconds retryAfter{0};
    bool locked = false;
    LoginAttempt attempt;  ///< when admitted
};

/// What verify() found. Opaque to callers: hand it to finish().
struct LoginVerdict {
    bool matched = false;
    bool mustChange = false;
    core::WallTime changedAt{};
    bool storeFailed = false;
};

enum class MustChange { kNo, kSetByOther, kExpired };

struct LoginResult {
    PersonId person = 0;
    MustChange mustChange = MustChange::kNo;  ///< only the change-password page may follow
    std::string deviceCookie;                 ///< to be set for the hub host; empty: the browser has one
};

/// Sign-in by password, in three steps so that no thread of the loop ever waits:
/// begin() on any thread, without I/O; verify() in the kdf pool; finish() on the same pool thread.
/// Thread-safe. Known and unknown names, right and wrong passwords do the same work up to the answer.
class PasswordAuthenticator {
public:
    struct Dependencies {
        store::Stores& stores;
        DirectoryHolder& directory;
        PasswordHashing& hashing;
        const PasswordPolicy& policy;
        LoginThrottle& throttle;
        const DeviceCookies& devices;
        const core::Clock& clock;
    };
    explicit PasswordAuthenticator(Dependencies dependencies);

    /// `deviceCookie` as the browser sent it, or empty. Counts the try.
    LoginAdmission begin(std::string_view username, LoginSource source, std::string_view deviceCookie);
    /// One read of the store and one password hash, whoever it is.
    LoginVerdict verify(const LoginAttempt& attempt, const core::Secret& password);
    /// kUnauthenticated with one message for every cause; `detail` holds the cause in one word for the audit line:
    /// unknown_user, wrong_password, disabled, expired. kUnavailable when the store did not answer.
    core::Result<LoginResult> finish(const LoginAttempt& attempt, const LoginVerdict& verdict);
    /// Instead of verify() and finish() when the pool was full.
    void abandon(const LoginAttempt& attempt);

private:
    void strengthen(PersonId person, const std::string& encoded, const core::Secret& password);
    const char* whyRefused(const LoginAttempt& attempt, const LoginVerdict& verdict) const;

    Dependencies deps_;
    std::string dummyHash_;
};

}  // namespace yimen::identity
