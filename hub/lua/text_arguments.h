#pragma once

#include <string_view>

#include "lua/budget.h"

namespace yimen::lua {

/// Helpers of the string functions. All may raise; none keeps an object with a destructor.
inline std::string_view textArgument(lua_State* state, int index) {
    std::size_t size = 0;
    const char* data = luaL_checklstring(state, index, &size);
    return {data, size};
}

inline void pushText(lua_State* state, std::string_view text) {
    lua_pushlstring(state, text.data(), text.size());
}

inline void checkSize(lua_State* state, std::size_t size) {
    if (size > Budget::of(state).limits->maxStringBytes) raiseLimit(state, "limit maxStringBytes passed");
}

/// Position 1..n, negative from the end, to an offset; below the first becomes the first.
inline std::size_t startOffset(lua_Integer position, std::size_t size) {
    if (position > 0) return static_cast<std::size_t>(position - 1);
    const auto length = static_cast<lua_Integer>(size);
    if (position == 0 || position < -length) return 0;
    return static_cast<std::size_t>(length + position);
}

}  // namespace yimen::lua
