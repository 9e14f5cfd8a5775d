#pragma once

#include <lua.hpp>

#include "core/clock.h"
#include "lua/state.h"

namespace yimen::lua {

/// What is left of the limits during one call. Reached from C functions through the state's extra space.
struct Budget {
    const Limits* limits = nullptr;
    const core::Clock* clock = nullptr;
    std::int64_t instructionsLeft = 0;
    std::int64_t stepsLeft = 0;
    std::size_t bytesInUse = 0;
    std::size_t churnLeft = 0;
    core::MonoTime deadline{};  ///< none: not looked at yet
    bool limitHit = false;      ///< a limit other than memory ended the call

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
