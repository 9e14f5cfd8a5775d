#pragma once

#include <chrono>
#include <string>

#include "core/random.h"
#include "core/secret.h"
#include "store/one_time_token_store.h"

namespace yimen::identity {

inline constexpr std::string_view kFirstAdminPurpose = "first_admin";
inline constexpr std::string_view kPasswordResetPurpose = "password_reset";

/// Links that work once: first administrator, password reset. Thread-safe, blocking: io pool.
class OneTimeLinks {
public:
    OneTimeLinks(store::OneTimeTokenStore& store, const core::Clock& clock, core::Random& random)
        : store_(store), clock_(clock), random_(random) {}

    /// A token of 256 bits, Base64url, durable. Former open tokens of that purpose for that person end.
    core::Result<core::Secret> issue(std::string_view purpose, store::PersonId person, std::chrono::seconds lifetime);
    /// Uses the token up and says for whom it was (0: nobody yet). kUnauthenticated with one message for unknown,
    /// used, late or another purpose.
    core::Result<store::PersonId> redeem(std::string_view purpose, const core::Secret& token);

private:
    store::OneTimeTokenStore& store_;
    const core::Clock& clock_;
    core::Random& random_;
};

}  // namespace yimen::identity
