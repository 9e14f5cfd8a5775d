#pragma once

#include <array>
#include <lua.hpp>

#include "core/clock.h"
#include "lua/state.h"

namespace yimen::lua {

/// Small blocks that a state has freed, to be used again: scripts make and drop a few little tables in every call.
/// Holds at most what the state had at its peak. Thread: the state's.
class BlockCache {
public:
#if defined(__SANITIZE_ADDRESS__)
    static constexpr std::size_t kMaxBytes = 0;  // every block by itself, so that misuse is seen
#else
    static constexpr std::size_t kMaxBytes = 128;
#endif
    BlockCache() = default;
    ~BlockCache();
    BlockCache(const BlockCache&) = delete;
    BlockCache& operator=(const BlockCache&) = delete;

    /// Null without memory. `size` is not 0.
    void* take(std::size_t size) noexcept;
    /// `size` as it was asked for.
    void give(void* block, std::size_t size) noexcept;
    /// As realloc: null leaves the block as it is.
    void* resize(void* block, std::size_t held, std::size_t size) noexcept;

private:
    static constexpr std::size_t kStep = 16;
    static std::size_t classOf(std::size_t size) noexcept {
        return (size - 1) / kStep;
    }
    std::array<void*, 128 / kStep> free_{};
};

/// What is left of the limits during one call. Reached from C functions through the state's extra space.
struct Budget {
    const Limits* limits = nullptr;
    const core::Clock* clock = nullptr;
    std::int64_t instructionsLeft = 0;
    std::int64_t stepsLeft = 0;
    std::size_t bytesInUse = 0;
    std::size_t churnLeft = 0;
    core::MonoTime deadline{};  ///< none: not looked at yet
    BlockCache blocks;
    bool limitHit = false;  ///< a limit other than memory ended the call

    void refill();
    static Budget& of(lua_State* state) noexcept;
    static void attach(lua_State* state, Budget* budget) noexcept;
};

/// Takes `steps` from the library budget; raises a Lua error when it is used up. No C++ object with a destructor may
/// be alive in the calling function.
void charge(lua_State* state, std::int64_t steps);
/// Raises the error of a named limit.
[[noreturn]] void raiseLimit(lua_State* state, const char* message);

/// lua_Alloc with the caps of a Budget (`data`).
void* cappedAllocate(void* data, void* block, std::size_t oldSize, std::size_t newSize);
/// lua_Hook that counts instructions and looks at the time.
void countHook(lua_State* state, lua_Debug* record);

}  // namespace yimen::lua
