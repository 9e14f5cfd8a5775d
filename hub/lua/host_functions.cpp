#include "lua/host_functions.h"

#include "lua/budget.h"
#include "lua/convert.h"

namespace yimen::lua {
namespace {

/// A host function may be given this many bytes for one library step.
constexpr std::size_t kHostBytesPerStep = 64;

int refuseWrite(lua_State* state) {
    return luaL_error(state, "standard tables are read-only");
}

void run(BoundFunction& call) {
    auto result = call.binding.function(call.arguments);
    call.failed = !result.ok();
    if (call.failed) {
        call.fault = result.error().message;
    } else {
        call.answer = std::move(result).value();
    }
    call.arguments.clear();
}

/// Upvalue: the BoundFunction.
int trampoline(lua_State* state) {
    auto& call = *static_cast<BoundFunction*>(lua_touserdata(state, lua_upvalueindex(1)));
    const int count = lua_gettop(state);
    // What the host does with a text takes time that no instruction counts.
    for (int i = 1; i <= count; ++i) {
        charge(state, 1 + static_cast<std::int64_t>(lua_rawlen(state, i) / kHostBytesPerStep));
    }
    call.arguments.assign(static_cast<std::size_t>(count), Value());
    for (int i = 1; i <= count; ++i) readValue(state, i, call.arguments[static_cast<std::size_t>(i - 1)], 0);
    run(call);
    if (call.failed) {
        lua_pushnil(state);
        lua_pushlstring(state, call.fault.data(), call.fault.size());
        return 2;
    }
    pushValue(state, call.answer, 0);
    call.answer = Value();
    return 1;
}

}  // namespace

void addHostFunctions(lua_State* state, HostFunctions& functions) {
    for (auto& function : functions) {
        const auto& binding = function.binding;
        lua_pushlightuserdata(state, &function);
        lua_pushcclosure(state, trampoline, 1);
        if (binding.library.empty()) {
            lua_setfield(state, -2, binding.name.c_str());
            continue;
        }
        if (lua_getfield(state, -2, binding.library.c_str()) != LUA_TTABLE) {
            lua_pop(state, 1);
            lua_newtable(state);
            lua_pushvalue(state, -1);
            lua_setfield(state, -4, binding.library.c_str());
        }
        lua_insert(state, -2);
        lua_setfield(state, -2, binding.name.c_str());
        lua_pop(state, 1);
    }
    // Host libraries become read-only when all their functions are in.
    for (const auto& function : functions) {
        const auto& library = function.binding.library;
        if (library.empty()) continue;
        lua_getfield(state, -1, library.c_str());
        if (lua_getmetatable(state, -1) != 0) {
            lua_pop(state, 2);
            continue;
        }
        protect(state);
        lua_setfield(state, -2, library.c_str());
    }
}

void protect(lua_State* state) {
    lua_createtable(state, 0, 0);
    lua_createtable(state, 0, 3);
    lua_rotate(state, -3, -1);
    lua_setfield(state, -2, "__index");
    lua_pushcfunction(state, refuseWrite);
    lua_setfield(state, -2, "__newindex");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_setmetatable(state, -2);
}

}  // namespace yimen::lua
