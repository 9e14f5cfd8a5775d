#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace yimen::core {

/// Wall-clock time with microsecond steps since 1970-01-01T00:00:00Z. What is stored, shown and signed.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;
/// Time that only moves forward. What limits and time-outs are measured with.
using MonoTime = std::chrono::steady_clock::time_point;

/// The only source of time outside tests. Implementations are thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;
    virtual MonoTime mono() const = 0;
};

/// The machine's clocks. Thread-safe, stateless.
class SystemClock final : public Clock {
public:
    WallTime wall() const override;
    MonoTime mono() const override;
};

/// A clock that moves only when told, both hands together. Thread-safe. For tests.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime start = WallTime(std::chrono::hours(24 * 365 * 56))) : startWall_(start) {}
    WallTime wall() const override { return startWall_ + std::chrono::microseconds(elapsedUs_.load()); }
    MonoTime mono() const override { return MonoTime(std::chrono::microseconds(elapsedUs_.load())); }
    void advance(std::chrono::microseconds by) { elapsedUs_ += by.count(); }

private:
    WallTime startWall_;
    std::atomic<std::int64_t> elapsedUs_{1};
};

inline std::int64_t toUnixSeconds(WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}
inline std::int64_t toUnixMicros(WallTime time) {
    return time.time_since_epoch().count();
}
inline WallTime fromUnixMicros(std::int64_t micros) {
    return WallTime(std::chrono::microseconds(micros));
}
inline WallTime fromUnixSeconds(std::int64_t seconds) {
    return WallTime(std::chrono::seconds(seconds));
}

}  // namespace yimen::core
