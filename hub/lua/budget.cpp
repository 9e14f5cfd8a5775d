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
    std::memcpy(&budget, lua_getextraspace(state), sizeof(void*));
    return *budget;
}

void Budget::attach(lua_State* state, Budget* budget) noexcept {
    std::memcpy(lua_getextraspace(state), &budget, sizeof(void*));
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

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is the allocator that Lua is given
void* BlockCache::take(std::size_t size) noexcept {
    if (size > kMaxBytes) return std::malloc(size);
    void*& first = free_[classOf(size)];
    if (first == nullptr) return std::malloc((classOf(size) + 1) * kStep);
    void* const block = first;
    std::memcpy(&first, block, sizeof first);
    return block;
}

void BlockCache::give(void* block, std::size_t size) noexcept {
    if (size > kMaxBytes) return std::free(block);
    void*& first = free_[classOf(size)];
    std::memcpy(block, &first, sizeof first);
    first = block;
}

void* BlockCache::resize(void* block, std::size_t held, std::size_t size) noexcept {
    if (held > kMaxBytes && size > kMaxBytes) return std::realloc(block, size);
    if (held <= kMaxBytes && size <= kMaxBytes && classOf(held) == classOf(size)) return block;
    void* const moved = take(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(held, size));
    give(block, held);
    return moved;
}

BlockCache::~BlockCache() {
    for (void* first : free_) {
        while (first != nullptr) {
            void* const block = first;
            std::memcpy(&first, block, sizeof first);
            std::free(block);
        }
    }
}
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace {

void drop(Budget& budget, void* block, std::size_t held) noexcept {
    if (block == nullptr) return;
    if (budget.limits->wipeMemory) explicit_bzero(block, held);
    budget.blocks.give(block, held);
}

/// As BlockCache::resize, but what is left behind is wiped.
void* wipedMove(Budget& budget, void* block, std::size_t held, std::size_t size) noexcept {
    void* const moved = budget.blocks.take(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(held, size));
    drop(budget, block, held);
    return moved;
}

}  // namespace

void* cappedAllocate(void* data, void* block, std::size_t oldSize, std::size_t newSize) {
    auto& budget = *static_cast<Budget*>(data);
    const std::size_t held = block == nullptr ? 0 : oldSize;
    if (newSize == 0) {
        drop(budget, block, held);
        budget.bytesInUse -= held;
        return nullptr;
    }
    if (newSize > held) {
        const std::size_t more = newSize - held;
        if (budget.bytesInUse + more > budget.limits->maxBytes || newSize > budget.churnLeft) return nullptr;
        budget.churnLeft -= newSize;
    }
    void* moved = nullptr;
    if (block == nullptr) {
        moved = budget.blocks.take(newSize);
    } else {
        moved = budget.limits->wipeMemory ? wipedMove(budget, block, held, newSize)
                                          : budget.blocks.resize(block, held, newSize);
    }
    if (moved == nullptr) {
        if (newSize > held) return nullptr;
        moved = block;  // shrinking must not fail: Lua relies on it
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
