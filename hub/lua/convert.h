#pragma once

#include <lua.hpp>

#include "lua/value.h"

namespace yimen::lua {

/// Values between C++ and a state, nested at most this deep.
inline constexpr int kMaxValueDepth = 16;
/// Entries of one table.
inline constexpr std::size_t kMaxTableEntries = 10'000;

/// Pushes a value. May raise: only under protection, with no object on the stack that needs its destructor.
void pushValue(lua_State* state, const Value& value, int depth);
/// Reads into `out`, which must not live on the stack of a function that Lua may leave by longjmp.
void readValue(lua_State* state, int index, Value& out, int depth);

}  // namespace yimen::lua
