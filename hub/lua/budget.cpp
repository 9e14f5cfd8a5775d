#include "lua/budget.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace yimen::lua {

void Budget::refill() {
    instructionsLeft = limits->maxInstructions;
    stepsLeft = limits->maxLibrarySteps;
    churnLeft = limits->maxChurnBytes;
    deadline = core::MonoTime{};
    limitHit = false;
}

Budget& Budget::of(lua_State* state) noexcept {
    Budget* budget = nullptr;
    std::memcpy(&budget, lua_getextraspace(state), sizeof budget);
    return *budget;
}

void Budget::attach(lua_State* state, Budget* budget) noexcept {
    std::memcpy(lua_getextraspace(state), &budget, sizeof budget);
}

void raiseLimit(lua_State* state, const char* message) {
    Budget::of(state).limitHit = true;
    luaL_error(state, "%s", message);
    std::abort();  // luaL_error does not return
}

void charge(lua_State* state, std::int64_t steps) {
    Budget& budget = Budget::of(state);
    budget.stepsLeft -= steps;
    if (budget.stepsLeft < 0) raiseLimit(state, "limit maxLibrarySteps passed");
}

void* cappedAllocate(void* data, void* block, std::size_t oldSize, std::size_t newSize) {
    auto& budget = *static_cast<Budget*>(data);
    const std::size_t held = block == nullptr ? 0 : oldSize;
    const bool wipe = budget.limits->wipeMemory;
    if (newSize == 0) {
        if (block != nullptr && wipe) explicit_bzero(block, held);
        std::free(block);
        budget.bytesInUse -= held;
        return nullptr;
    }
    // Shrinking must not fail: Lua relies on it.
    if (newSize > held) {
        const std::size_t more = newSize - held;
        if (budget.bytesInUse + more > budget.limits->maxBytes || newSize > budget.churnLeft) return nullptr;
        budget.churnLeft -= newSize;
    }
    void* moved = nullptr;
    if (block != nullptr && wipe) {
        moved = std::malloc(newSize);
        if (moved == nullptr) return newSize <= held ? block : nullptr;
        std::memcpy(moved, block, std::min(held, newSize));
        explicit_bzero(block, held);
        std::free(block);
    } else {
        moved = std::realloc(block, newSize);
        if (moved == nullptr) return nullptr;
    }
    budget.bytesInUse += newSize - held;
    return moved;
}

void countHook(lua_State* state, lua_Debug*) {
    Budget& budget = Budget::of(state);
    budget.instructionsLeft -= Limits::kHookInterval;
    if (budget.instructionsLeft <= 0) raiseLimit(state, "limit maxInstructions passed");
    const core::MonoTime now = budget.clock->mono();
    // The time starts at the first look at it: most calls end before, and never ask for it.
    if (budget.deadline == core::MonoTime{}) budget.deadline = now + budget.limits->maxTime;
    if (now > budget.deadline) raiseLimit(state, "limit maxTime passed");
}

}  // namespace yimen::lua
