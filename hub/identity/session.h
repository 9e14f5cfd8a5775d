#pragma once

#include <atomic>
#include <chrono>
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
    static constexpr std::chrono::seconds kStepUpFor{15 * 60};

    /// `stepUpFor`: how long a level above the password's counts after it was proved.
    Session(const store::SessionRecord& record, std::shared_ptr<const std::string> userAgent,
            std::chrono::seconds stepUpFor = kStepUpFor);

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
    /// The level that counts at `now`: a raised one falls back to the password's by itself.
    Assurance assurance(core::WallTime now) const noexcept;
    /// When the person last proved the level; at sign-in if it was never raised.
    core::WallTime provedAt() const noexcept { return timeOf(proof()); }
    /// When a raised level falls back; the epoch when none is raised at `now`.
    core::WallTime raisedUntil(core::WallTime now) const noexcept;
    /// Level and time in one number: differs whenever either changed.
    std::uint64_t proof() const noexcept { return proof_.load(std::memory_order_relaxed); }
    bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

    store::SessionRecord record() const;

private:
    friend class SessionTable;

    /// Both change together, so they share one atomic: two bits of level, then microseconds since 1970.
    static std::uint64_t proofOf(Assurance level, core::WallTime at) noexcept {
        return static_cast<std::uint64_t>(core::toUnixMicros(at)) << 2 | static_cast<std::uint64_t>(level);
    }
    static Assurance levelOf(std::uint64_t proof) noexcept { return static_cast<Assurance>(proof & 3U); }
    static core::WallTime timeOf(std::uint64_t proof) noexcept {
        return core::fromUnixMicros(static_cast<std::int64_t>(proof >> 2));
    }

    SessionId id_;
    PersonId person_;
    core::WallTime createdAt_;
    core::WallTime expiresAt_;
    std::string ip_;
    std::shared_ptr<const std::string> userAgent_;  ///< one text for all sessions of equal browsers
    std::chrono::seconds stepUpFor_;
    std::atomic<PostId> actingPost_;
    std::atomic<std::int64_t> lastSeenUs_;
    std::atomic<std::uint64_t> proof_;
    std::atomic<bool> dirty_{false};  ///< changed since the last flush
    std::atomic<bool> ended_{false};
};

using SessionHandle = std::shared_ptr<const Session>;

}  // namespace yimen::identity
