#include "net/timer_wheel.h"

#include <algorithm>

namespace yimen::net {
namespace {

constexpr std::uint32_t kMask = TimerWheel::kSlots - 1;
constexpr std::uint32_t kLongestWait = TimerWheel::kSlots - 1;

/// Ticks wrap after a year; only differences count.
bool before(std::uint32_t a, std::uint32_t b) noexcept {
    return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace

void TimerWheel::set(Handler& handler, std::uint64_t delayMs) {
    constexpr std::uint64_t kMost = 0x40000000;
    const std::uint64_t steps = std::clamp<std::uint64_t>((delayMs + kStepMs - 1) / kStepMs, 1, kMost);
    const std::uint32_t due = tick_ + static_cast<std::uint32_t>(steps);
    handler.deadlineTick_ = due;
    handler.timerArmed_ = true;
    if (handler.timerLinked_ && !before(due, handler.slotTick_)) return;
    unlink(handler);
    link(handler, due);
}

void TimerWheel::remove(Handler& handler) noexcept {
    handler.timerArmed_ = false;
    unlink(handler);
}

void TimerWheel::link(Handler& handler, std::uint32_t tick) noexcept {
    if (tick - tick_ > kLongestWait) tick = tick_ + kLongestWait;
    handler.slotTick_ = tick;
    Handler*& first = slots_[tick & kMask];
    handler.timerPrevious_ = nullptr;
    handler.timerNext_ = first;
    if (first != nullptr) first->timerPrevious_ = &handler;
    first = &handler;
    handler.timerLinked_ = true;
    ++linked_;
}

void TimerWheel::unlink(Handler& handler) noexcept {
    if (!handler.timerLinked_) return;
    if (handler.timerPrevious_ != nullptr) {
        handler.timerPrevious_->timerNext_ = handler.timerNext_;
    } else {
        slots_[handler.slotTick_ & kMask] = handler.timerNext_;
    }
    if (handler.timerNext_ != nullptr) handler.timerNext_->timerPrevious_ = handler.timerPrevious_;
    handler.timerLinked_ = false;
    --linked_;
}

void TimerWheel::visit(std::uint32_t slot, std::vector<Handler*>& due) {
    for (Handler* handler = slots_[slot]; handler != nullptr;) {
        Handler* const next = handler->timerNext_;
        unlink(*handler);
        if (handler->timerArmed_ && !before(tick_, handler->deadlineTick_)) {
            handler->timerArmed_ = false;
            due.push_back(handler);
        } else if (handler->timerArmed_) {
            link(*handler, handler->deadlineTick_);
        }
        handler = next;
    }
}

void TimerWheel::advance(std::uint64_t nowMs, std::vector<Handler*>& due) {
    const auto target = static_cast<std::uint32_t>(nowMs / kStepMs);
    if (target - tick_ >= kSlots) {
        // Slept for more than a round (a stopped process): every slot is looked at once.
        tick_ = target;
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) visit(slot, due);
        return;
    }
    while (tick_ != target) {
        ++tick_;
        visit(tick_ & kMask, due);
    }
}

std::uint32_t TimerWheel::quietMs(std::uint64_t nowMs, std::uint32_t mostMs) const noexcept {
    if (linked_ == 0) return mostMs;
    const auto current = static_cast<std::uint32_t>(nowMs / kStepMs);
    const std::uint32_t most = std::min(mostMs / kStepMs, kSlots - 1);
    for (std::uint32_t ahead = 1; ahead <= most; ++ahead) {
        if (slots_[(tick_ + ahead) & kMask] == nullptr) continue;
        const std::uint32_t tick = tick_ + ahead;
        return before(current, tick) ? (tick - current) * kStepMs : 0;
    }
    return mostMs;
}

}  // namespace yimen::net
