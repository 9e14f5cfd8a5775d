#pragma once

#include <array>
#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/clock.h"
#include "store/lock_store.h"

namespace yimen::identity {

/// Where a sign-in comes from.
struct LoginSource {
    std::string ip;         ///< numeric address
    std::string deviceId;   ///< from a device cookie that DeviceCookies accepted for this account; else empty
    std::string userAgent;  ///< shown in the list of sessions; cut to 160 bytes
};

/// "10.1.2.0/24" or "2001:db8::/64": who shares a counter. Text that is no address counts as itself.
std::string networkOf(std::string_view ip);

/// Limits of sign-in tries; `identity.throttle` in the configuration.
struct ThrottleLimits {
    int freeFailures = 3;  ///< wrong passwords of one source for one account without any delay
    int lockAfter = 5;     ///< then that source is locked out of that account
    std::chrono::seconds lockFor{900};
    std::chrono::seconds firstDelay{1};  ///< doubled with every further failure
    std::chrono::seconds forgetAfter{900};
    /// Wrong passwords of one network for any accounts; from then on strangers there wait a second between tries.
    int networkFailures = 100;
    /// Wrong passwords from anywhere unknown for one account; from then on places that never signed in to it wait
    /// strangerDelay between tries. Known devices and networks of the person do not notice.
    int accountFailures = 50;
    std::chrono::seconds strangerDelay{30};
    std::size_t maxEntries = 200000;  ///< counters kept; the least recently used goes first
};

/// Counts tries before they are hashed, so that parallel tries cannot slip past the limit. In memory, locks durable
/// through LockStore. Thread-safe; admit() never blocks on I/O. The clock is the forward-only one.
class LoginThrottle {
public:
    struct Decision {
        bool admitted = false;
        std::chrono::seconds retryAfter{0};  ///< when not admitted
        bool locked = false;                 ///< not only slowed
    };

    LoginThrottle(ThrottleLimits limits, const core::Clock& clock, store::LockStore& locks);

    /// Takes one try for the account (known or unknown, treated alike) from the source. When admitted, exactly one of
    /// failed() or succeeded() or abandoned() must follow.
    Decision admit(const std::string& accountKey, const LoginSource& source);
    /// The password was wrong. Writes the lock to the store when this was the last try (blocking then).
    void failed(const std::string& accountKey, const LoginSource& source);
    /// Clears the counters of that source for that account and remembers the network as known.
    void succeeded(const std::string& accountKey, const LoginSource& source);
    /// The try was never checked (pool full, store down): gives it back.
    void abandoned(const std::string& accountKey, const LoginSource& source);
    /// By an administrator: lifts every lock of the account. Blocking.
    core::Status unlock(const std::string& accountKey);
    /// Reads the durable locks; at start.
    core::Status load();

private:
    struct Counter {
        int failures = 0;
        core::MonoTime notBefore{};
        core::MonoTime lastTry{};
        bool locked = false;
        bool known = false;  ///< a sign-in from there succeeded
    };
    struct Entry {
        std::string key;
        Counter counter;
    };
    using Order = std::list<Entry>;

    Counter& counter(const std::string& key);
    Counter* find(const std::string& key);
    void age(Counter& counter, core::MonoTime now) const;
    void charge(Counter& counter, core::MonoTime now) const;
    std::optional<core::MonoTime> chargeStranger(const std::string& accountKey, const std::string& network,
                                                 core::MonoTime now);
    void giveBack(const std::string& key);

    ThrottleLimits limits_;
    const core::Clock& clock_;
    store::LockStore& locks_;
    mutable std::mutex mutex_;
    Order order_;
    std::unordered_map<std::string_view, Order::iterator> index_;
};

}  // namespace yimen::identity
