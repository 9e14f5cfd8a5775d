#pragma once

#include <deque>
#include <lua.hpp>
#include <string>
#include <vector>

#include "lua/state.h"

namespace yimen::lua {

/// One host binding as scripts call it. The C++ values of a call live here and not on the C stack, which Lua errors
/// leave without running destructors.
struct BoundFunction {
    explicit BoundFunction(HostBinding of) : binding(std::move(of)) {}

    HostBinding binding;
    std::vector<Value> arguments;
    Value answer;
    std::string fault;
    bool failed = false;
};
/// The functions of one state; they stay where they are.
using HostFunctions = std::deque<BoundFunction>;

/// Sets the functions in the table on top of the stack, and makes libraries that consist of them read-only. Called
/// while a state is set up, under protection; the functions must outlive the state.
void addHostFunctions(lua_State* state, HostFunctions& functions);

/// Replaces the table on top of the stack by a read-only view of it.
void protect(lua_State* state);

}  // namespace yimen::lua
