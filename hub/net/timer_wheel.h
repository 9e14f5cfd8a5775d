#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "net/handler.h"

namespace yimen::net {

/// One deadline per handler, in steps of 8 ms. Putting a deadline off costs one store: the handler stays where it
/// hangs and is looked at again when its slot comes by. Loop thread only. Internal to net.
class TimerWheel {
public:
    static constexpr std::uint32_t kStepMs = 8;
    static constexpr std::uint32_t kSlots = 1024;

    /// Due `delayMs` from now, replacing an earlier deadline.
    void set(Handler& handler, std::uint64_t delayMs);
    void clear(Handler& handler) noexcept { handler.timerArmed_ = false; }
    /// Takes the handler out for good.
    void remove(Handler& handler) noexcept;

    /// Moves to `nowMs` (since the loop started) and appends the handlers that are due to `due`.
    void advance(std::uint64_t nowMs, std::vector<Handler*>& due);
    /// How long nothing can be due, at most `mostMs`.
    std::uint32_t quietMs(std::uint64_t nowMs, std::uint32_t mostMs) const noexcept;

private:
    void link(Handler& handler, std::uint32_t tick) noexcept;
    void unlink(Handler& handler) noexcept;
    void visit(std::uint32_t slot, std::vector<Handler*>& due);

    std::array<Handler*, kSlots> slots_{};
    std::uint32_t tick_ = 0;
    std::uint32_t linked_ = 0;
};

}  // namespace yimen::net
