#pragma once

#include <lua.hpp>

#include "lua/text_library.h"

namespace yimen::lua {

/// Each pushes one table of counted functions. Called while a state is set up, under protection.
void pushStringLibrary(lua_State* state);
/// find, match, gmatch, gsub; ends with a null entry.
extern const luaL_Reg kPatternFunctions[];
void pushTableLibrary(lua_State* state);
void pushTextLibrary(lua_State* state, TextLibrary& library);
void pushMathLibrary(lua_State* state);
void pushUtf8Library(lua_State* state);
/// Sets the base functions in the table on top of the stack.
void addBaseFunctions(lua_State* state);

}  // namespace yimen::lua
