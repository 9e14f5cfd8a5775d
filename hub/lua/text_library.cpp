#include "lua/text_library.h"

#include <array>

#include "lua/libraries.h"

namespace yimen::lua {

namespace {

/// Upvalue: the function. Only views stand on the stack here, which an error may leave behind.
int callText(lua_State* state) {
    const auto& function = *static_cast<TextFunction*>(lua_touserdata(state, lua_upvalueindex(1)));
    std::array<TextView, kMaxTextArguments> arguments;
    const int count = lua_gettop(state);
    if (count > kMaxTextArguments) return luaL_error(state, "more than %d arguments", kMaxTextArguments);
    for (int i = 1; i <= count; ++i) {
        TextView& argument = arguments[static_cast<std::size_t>(i - 1)];
        std::size_t size = 0;
        switch (lua_type(state, i)) {
            case LUA_TNIL:
                break;
            case LUA_TBOOLEAN:
                argument = lua_toboolean(state, i) != 0 ? "true" : "false";
                break;
            case LUA_TSTRING:
            case LUA_TNUMBER: {
                const char* text = lua_tolstring(state, i, &size);
                argument = {text, size};
                break;
            }
            default:
                return luaL_error(state, "argument %d is a %s where a text is expected", i, luaL_typename(state, i));
        }
    }
    TextView answer;
    if (!function({arguments.data(), static_cast<std::size_t>(count)}, answer)) {
        lua_pushlstring(state, answer.data(), answer.size());
        return lua_error(state);
    }
    if (answer.data() == nullptr) {
        lua_pushnil(state);
    } else {
        lua_pushlstring(state, answer.data(), answer.size());
    }
    return 1;
}

}  // namespace

void pushTextLibrary(lua_State* state, TextLibrary& library) {
    lua_createtable(state, 0, static_cast<int>(library.functions.size()));
    for (auto& [name, function] : library.functions) {
        lua_pushlightuserdata(state, function.get());
        lua_pushcclosure(state, callText, 1);
        lua_setfield(state, -2, name.c_str());
    }
}

}  // namespace yimen::lua
