#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "adapter/cookie_jar.h"
#include "core/clock.h"
#include "core/url.h"

namespace yimen::adapter {

/// What an engine keeps between requests (a Basic header, a nonce counter, a token pair, a signing key). Each engine
/// derives its own and is the only one to look inside. Thread-safe by itself; wipes its secrets when it dies.
class EngineState {
public:
    virtual ~EngineState() = default;
};

/// What the hub holds for one person in one system: the jar, and what the engine needs to dress each request.
/// Thread-safe; the lock is held for memory work only. Created empty; a successful sign-on fills it.
class SystemSession {
public:
    explicit SystemSession(core::Url origin, core::WallTime created) : origin_(std::move(origin)), created_(created) {}
    SystemSession(const SystemSession&) = delete;
    SystemSession& operator=(const SystemSession&) = delete;

    const core::Url& origin() const noexcept { return origin_; }
    core::WallTime created() const noexcept { return created_; }

    /// Counts successful sign-ons and refreshes; 0: never signed on. A request remembers the generation it was sent
    /// with, so that only the first of many expired answers renews the session.
    std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
    bool signedOn() const noexcept { return signedOn_.load(std::memory_order_acquire); }

    core::WallTime lastUsed() const noexcept { return core::fromUnixMicros(lastUsedUs_.load()); }
    void touch(core::WallTime now) noexcept { lastUsedUs_.store(core::toUnixMicros(now)); }

    /// When SignOnEngine::refresh should be called at the latest; 0 (1970): never.
    core::WallTime refreshAt() const noexcept { return core::fromUnixMicros(refreshAtUs_.load()); }
    bool refreshDue(core::WallTime now) const noexcept {
        const auto at = refreshAtUs_.load();
        return at != 0 && core::toUnixMicros(now) >= at;
    }

    /// The Cookie value for a target of this system.
    std::string cookieHeader(std::string_view target, core::WallTime now) const;
    /// Takes one Set-Cookie value from an answer to `target`.
    bool storeCookie(std::string_view setCookie, std::string_view target, core::WallTime now);
    bool hasCookie(std::string_view name) const;

    // For engines.
    std::shared_ptr<EngineState> state() const;
    /// A sign-on worked: replaces jar and state in one step, so that no request sees half of each.
    void establish(CookieJar jar, std::shared_ptr<EngineState> state, core::WallTime refreshAt = {});
    /// A refresh worked: the jar stays.
    void renew(std::shared_ptr<EngineState> state, core::WallTime refreshAt);
    void putCookie(std::string_view name, std::string_view value, core::WallTime now);
    CookieJar jar() const;
    /// Forgets everything but the generation. After sign-off, and when the account was refused.
    void clear();

private:
    const core::Url origin_;
    const core::WallTime created_;
    std::atomic<std::uint64_t> generation_{0};
    std::atomic<bool> signedOn_{false};
    std::atomic<std::int64_t> lastUsedUs_{0};
    std::atomic<std::int64_t> refreshAtUs_{0};
    mutable std::mutex mutex_;
    CookieJar jar_;
    std::shared_ptr<EngineState> state_;
};

}  // namespace yimen::adapter
