#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "store/session_store.h"

namespace yimen::identity {

using store::PersonId;
using store::PostId;
using store::SessionId;

/// How sure the hub is about the person.
enum class Assurance : std::uint8_t {
    kNone = 0,
    kPassword = 1,
    kTwoFactors = 2,
    kCertificate = 3  ///< a second factor in hardware
};

/// A person who is signed in. Shared by threads: what changes is atomic, the rest is constant.
/// Made and changed by SessionTable only; a handle may outlive the session (see ended()).
class Session {
public:
    Session(const store::SessionRecord& record, std::shared_ptr<const std::string> userAgent);

    const SessionId& id() const noexcept { return id_; }
    PersonId person() const noexcept { return person_; }
    core::WallTime createdAt() const noexcept { return createdAt_; }
    core::WallTime expiresAt() const noexcept { return expiresAt_; }  ///< absolute limit
    const std::string& ip() const noexcept { return ip_; }
    const std::string& userAgent() const noexcept { return *userAgent_; }

    PostId actingPost() const noexcept { return actingPost_.load(std::memory_order_relaxed); }
    core::WallTime lastSeenAt() const noexcept {
        return core::fromUnixMicros(lastSeenUs_.load(std::memory_order_relaxed));
    }
    Assurance assurance() const noexcept { return assurance_.load(std::memory_order_relaxed); }
    bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

    store::SessionRecord record() const;

private:
    friend class SessionTable;

    SessionId id_;
    PersonId person_;
    core::WallTime createdAt_;
    core::WallTime expiresAt_;
    std::string ip_;
    std::shared_ptr<const std::string> userAgent_;  ///< one text for all sessions of equal browsers
    std::atomic<PostId> actingPost_;
    std::atomic<std::int64_t> lastSeenUs_;
    std::atomic<Assurance> assurance_;
    std::atomic<bool> dirty_{false};  ///< changed since the last flush
    std::atomic<bool> ended_{false};
};

using SessionHandle = std::shared_ptr<const Session>;

}  // namespace yimen::identity
