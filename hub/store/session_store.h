#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// 128 random bits.
struct SessionId {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    /// 32 lower-case hexadecimal digits, for lists and logs. Knowing it gives no access: the cookie is a sealed ticket.
    std::string hex() const;
    static std::optional<SessionId> fromHex(std::string_view text);
    friend auto operator<=>(const SessionId&, const SessionId&) = default;
};

struct SessionIdHash {
    std::size_t operator()(const SessionId& id) const noexcept { return static_cast<std::size_t>(id.low); }
};

struct SessionRecord {
    SessionId id;
    PersonId person = 0;
    PostId actingPost = 0;
    int assurance = 1;
    core::WallTime createdAt{};
    core::WallTime lastSeenAt{};
    core::WallTime expiresAt{};  ///< absolute limit
    std::string ip;
    std::string userAgent;
    core::WallTime assuranceAt{};  ///< when `assurance` was proved; the epoch: at sign-in
};

/// What changed in passing since the last flush.
struct SessionTouch {
    SessionId id;
    PostId actingPost = 0;
    int assurance = 1;
    core::WallTime lastSeenAt{};
    core::WallTime assuranceAt{};
};

/// Live sessions, so that they outlast the process. Thread-safe, blocking. Errors as PersonStore.
class SessionStore {
public:
    virtual ~SessionStore() = default;
    /// Durable when it returns: a session that was answered survives kill -9.
    virtual core::Status create(const SessionRecord& session) = 0;
    /// Durable when it returns: an ended session never comes back. Unknown ids are no error.
    virtual core::Status end(const std::vector<SessionId>& ids) = 0;
    /// In one transaction that need not be on the disk when it returns. Unknown ids are passed over.
    virtual core::Status touch(const std::vector<SessionTouch>& touches) = 0;
    /// Hands each session that has not passed its absolute limit to `take`, one at a time.
    virtual core::Status load(core::WallTime now, const std::function<void(SessionRecord&&)>& take) = 0;
    /// Drops what passed its absolute limit; returns how many.
    virtual core::Result<std::int64_t> purge(core::WallTime now) = 0;
};

}  // namespace yimen::store
