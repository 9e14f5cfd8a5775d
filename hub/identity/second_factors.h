#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "identity/authenticator.h"
#include "identity/session.h"
#include "store/stores.h"

namespace yimen::identity {

/// Where seeds of one-time codes are kept sealed, bound to their person. Implemented by who owns the vault.
/// Thread-safe, blocking; joins the caller's store transaction.
class SeedKeeper {
public:
    virtual ~SeedKeeper() = default;
    virtual core::Status put(PersonId person, const core::Secret& seed) = 0;
    /// Every opening is on record before it happens; `why` says for what.
    virtual core::Result<core::Secret> open(PersonId person, const std::string& why) = 0;
    virtual core::Status remove(PersonId person) = 0;
};

/// `second_factor` in the configuration.
struct SecondFactorRules {
    int window = 1;  ///< steps before and after the present one that count, for clocks that are off
    std::chrono::seconds setupLifetime{600};
    int recoveryCodes = 10;
    std::string issuer;  ///< what the authenticator app shows beside the account
};

/// A key that was shown and not confirmed yet. Nothing is stored until then.
struct SecondFactorSetup {
    core::Secret base32;
    core::Secret uri;
    core::Secret ticket;  ///< seals the seed to person and session; comes back with the first code
    core::WallTime expiresAt{};
};

/// One try with a code that somebody typed.
struct CodeAttempt {
    PersonId person = 0;
    std::string usernameKey;
    LoginSource source;             ///< without deviceId: it is read from `deviceCookie`
    std::string_view deviceCookie;  ///< of DeviceCookies::kCodePurpose, as the browser sent it, or empty
    const core::Secret& typed;      ///< six digits, or a recovery code
};

enum class CodeResult {
    kOk,
    kWrong,
    kUsed,         ///< right, but this step or a later one was accepted before
    kThrottled,    ///< wait retryAfter
    kLocked,       ///< this source, for retryAfter
    kNotEnrolled,  ///< there is nothing to check against
    kUnavailable   ///< store, vault or audit does not answer; nothing was counted
};
/// "wrong", "used", ...: for the audit line.
std::string_view wordOf(CodeResult result) noexcept;

struct CodeVerdict {
    CodeResult result = CodeResult::kUnavailable;
    bool recovery = false;  ///< it was a recovery code
    std::chrono::seconds retryAfter{0};
    std::string deviceCookie;  ///< to be set for the hub host; empty: the browser has one
};

/// Second factors of people: setting one up, checking codes, recovery codes. Thread-safe, blocking: io pool.
///
/// A code counts once: the step is moved forward durably before the answer. Tries are counted before they are checked,
/// by (person, source) as for passwords; a source is known for codes only after a code succeeded there, so that neither
/// somebody who knows the password can guess on under new device cookies, nor keep the person out where they work.
class SecondFactors {
public:
    struct Dependencies {
        store::Stores& stores;
        SeedKeeper& seeds;
        LoginThrottle& throttle;  ///< one for codes alone: its limits and counters are not those of passwords
        const DeviceCookies& devices;
        std::shared_ptr<const crypto::TicketSealer> sealer;
        const core::Clock& clock;
        core::Random& random;
    };
    using RecoveryCodes = std::vector<core::Secret>;
    static constexpr std::size_t kMaxName = 60;  ///< bytes of a device's name

    SecondFactors(SecondFactorRules rules, Dependencies dependencies)
        : rules_(std::move(rules)), deps_(std::move(dependencies)) {}

    core::Result<std::optional<store::SecondFactorRecord>> status(PersonId person);

    /// A fresh key; the caller checked the password just now. kConflict when there is one already.
    core::Result<SecondFactorSetup> begin(const store::PersonRecord& person, const SessionId& session);
    struct Confirmation {
        PersonId person = 0;
        SessionId session;
        const core::Secret& ticket;
        const core::Secret& typed;  ///< a code of the new key
        std::string name;
    };
    /// Stores the key when the code is right. kUnauthenticated: wrong code (try again); kDenied: the ticket is late,
    /// changed or of another session (begin again); kConflict: there is one already.
    core::Result<RecoveryCodes> confirm(const Confirmation& wanted);

    CodeVerdict verify(const CodeAttempt& attempt);
    /// New recovery codes, the former ones are void. The caller verified a code just now.
    core::Result<RecoveryCodes> renewRecoveryCodes(PersonId person);
    /// Seed, recovery codes, all of it. kNotFound when there is none.
    core::Status remove(PersonId person);

private:
    struct Issued {
        RecoveryCodes plain;
        std::vector<std::string> hashes;
    };
    Issued issueCodes(PersonId person);
    CodeResult check(const CodeAttempt& attempt, bool& recovery);
    CodeResult checkRecovery(const CodeAttempt& attempt);

    SecondFactorRules rules_;
    Dependencies deps_;
};

}  // namespace yimen::identity
