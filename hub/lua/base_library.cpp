// Base functions, table.*, math.* and utf8.char of the sandbox. What is not here does not exist for a script.
#include <algorithm>
#include <bit>
#include <string_view>

#include "lua/budget.h"
#include "lua/libraries.h"

namespace yimen::lua {

namespace {

constexpr lua_Integer kMaxSorted = 10'000;
constexpr lua_Integer kMaxUnpacked = 200;
constexpr std::size_t kMaxNumeral = 64;

int baseTostring(lua_State* state) {
    const int type = lua_type(state, 1);
    luaL_checkany(state, 1);
    // No addresses: they tell about the process.
    if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA || type == LUA_TLIGHTUSERDATA) {
        lua_pushstring(state, lua_typename(state, type));
        return 1;
    }
    luaL_tolstring(state, 1, nullptr);
    return 1;
}

/// Of a digit in any base up to 36; 36 for what is none.
int digitOf(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 36;
}

/// False when the text is no numeral of that base. Wraps around like Lua's own.
bool numeralOf(std::string_view text, lua_Integer base, lua_Unsigned& value) noexcept {
    for (const char c : text) {
        const int digit = digitOf(c);
        if (digit >= base) return false;
        value = value * static_cast<lua_Unsigned>(base) + static_cast<lua_Unsigned>(digit);
    }
    return !text.empty();
}

int baseTonumber(lua_State* state) {
    std::size_t size = 0;
    if (lua_type(state, 1) == LUA_TNUMBER && lua_isnoneornil(state, 2)) {
        lua_settop(state, 1);
        return 1;
    }
    const char* text = lua_type(state, 1) == LUA_TSTRING ? lua_tolstring(state, 1, &size) : nullptr;
    if (text == nullptr || size > kMaxNumeral) {
        lua_pushnil(state);
        return 1;
    }
    if (lua_isnoneornil(state, 2)) {
        if (lua_stringtonumber(state, text) != size + 1) lua_pushnil(state);
        return 1;
    }
    const lua_Integer base = luaL_checkinteger(state, 2);
    luaL_argcheck(state, base >= 2 && base <= 36, 2, "base out of range");
    lua_Unsigned value = 0;
    if (numeralOf({text, size}, base, value)) {
        lua_pushinteger(state, static_cast<lua_Integer>(value));
    } else {
        lua_pushnil(state);
    }
    return 1;
}

lua_Integer lengthOf(lua_State* state, int index) {
    luaL_checktype(state, index, LUA_TTABLE);
    return static_cast<lua_Integer>(lua_rawlen(state, index));
}

int tableInsert(lua_State* state) {
    const lua_Integer length = lengthOf(state, 1);
    lua_Integer position = length + 1;
    if (lua_gettop(state) == 3) {
        position = luaL_checkinteger(state, 2);
        luaL_argcheck(state, position >= 1 && position <= length + 1, 2, "position out of bounds");
    } else if (lua_gettop(state) != 2) {
        return luaL_error(state, "wrong number of arguments to 'insert'");
    }
    charge(state, length + 1 - position);
    for (lua_Integer i = length + 1; i > position; --i) {
        lua_rawgeti(state, 1, i - 1);
        lua_rawseti(state, 1, i);
    }
    lua_settop(state, lua_gettop(state));
    lua_rawseti(state, 1, position);
    return 0;
}

int tableRemove(lua_State* state) {
    const lua_Integer length = lengthOf(state, 1);
    const lua_Integer position = luaL_optinteger(state, 2, length);
    if (length == 0 && position == 0) {
        lua_pushnil(state);
        return 1;
    }
    luaL_argcheck(state, position >= 1 && position <= length + 1, 2, "position out of bounds");
    charge(state, length - position + 1);
    lua_rawgeti(state, 1, position);
    for (lua_Integer i = position; i < length; ++i) {
        lua_rawgeti(state, 1, i + 1);
        lua_rawseti(state, 1, i);
    }
    if (position <= length) {
        lua_pushnil(state);
        lua_rawseti(state, 1, length);
    }
    return 1;
}

int tableConcat(lua_State* state) {
    const lua_Integer length = lengthOf(state, 1);
    std::size_t separatorSize = 0;
    const char* separator = luaL_optlstring(state, 2, "", &separatorSize);
    const lua_Integer first = luaL_optinteger(state, 3, 1);
    const lua_Integer last = luaL_optinteger(state, 4, length);
    luaL_argcheck(state, first >= 1 && last <= length, 3, "range out of bounds");
    charge(state, std::max<lua_Integer>(0, last - first + 1));
    luaL_Buffer buffer;
    luaL_buffinit(state, &buffer);
    for (lua_Integer i = first; i <= last; ++i) {
        lua_rawgeti(state, 1, i);
        if (lua_isstring(state, -1) == 0) return luaL_error(state, "invalid value at index %d for 'concat'", int(i));
        luaL_addvalue(&buffer);
        if (i < last) luaL_addlstring(&buffer, separator, separatorSize);
        if (luaL_bufflen(&buffer) > Budget::of(state).limits->maxStringBytes) {
            raiseLimit(state, "limit maxStringBytes passed");
        }
    }
    luaL_pushresult(&buffer);
    return 1;
}

int tableUnpack(lua_State* state) {
    const lua_Integer first = luaL_optinteger(state, 2, 1);
    const lua_Integer last = luaL_optinteger(state, 3, lengthOf(state, 1));
    if (last < first) return 0;
    if (first < 1 || last - first >= kMaxUnpacked) return luaL_error(state, "too many values to unpack");
    luaL_checkstack(state, static_cast<int>(last - first + 1), "unpack");
    for (lua_Integer i = first; i <= last; ++i) lua_rawgeti(state, 1, i);
    return static_cast<int>(last - first + 1);
}

/// True when the value at `a` comes before the one at `b`.
bool before(lua_State* state, int a, int b) {
    charge(state, 1);
    if (lua_isnil(state, 2)) return lua_compare(state, a, b, LUA_OPLT) != 0;
    const int left = lua_absindex(state, a);
    const int right = lua_absindex(state, b);
    lua_pushvalue(state, 2);
    lua_pushvalue(state, left);
    lua_pushvalue(state, right);
    lua_call(state, 2, 1);
    const bool answer = lua_toboolean(state, -1) != 0;
    lua_pop(state, 1);
    return answer;
}

/// Heap sort: n log n whatever the values and the comparison say.
void siftDown(lua_State* state, lua_Integer root, lua_Integer end) {
    for (lua_Integer child = 2 * root; child <= end; child = 2 * root) {
        lua_rawgeti(state, 1, child);
        if (child < end) {
            lua_rawgeti(state, 1, child + 1);
            if (before(state, -2, -1)) {
                lua_remove(state, -2);
                ++child;
            } else {
                lua_pop(state, 1);
            }
        }
        lua_rawgeti(state, 1, root);
        if (!before(state, -1, -2)) {
            lua_pop(state, 2);
            return;
        }
        lua_rawseti(state, 1, child);
        lua_rawseti(state, 1, root);
        root = child;
    }
}

int tableSort(lua_State* state) {
    const lua_Integer length = lengthOf(state, 1);
    lua_settop(state, 2);
    if (!lua_isnil(state, 2)) luaL_checktype(state, 2, LUA_TFUNCTION);
    luaL_argcheck(state, length <= kMaxSorted, 1, "more than 10000 values");
    for (lua_Integer i = length / 2; i >= 1; --i) siftDown(state, i, length);
    for (lua_Integer end = length; end > 1; --end) {
        lua_rawgeti(state, 1, 1);
        lua_rawgeti(state, 1, end);
        lua_rawseti(state, 1, 1);
        lua_rawseti(state, 1, end);
        siftDown(state, 1, end - 1);
    }
    return 0;
}

/// Copies members of the global table `from` into the table on top of the stack.
void copyMembers(lua_State* state, const char* const* names) {
    for (; *names != nullptr; ++names) {
        lua_getfield(state, -2, *names);
        lua_setfield(state, -2, *names);
    }
    lua_remove(state, -2);
}

}  // namespace

void pushTableLibrary(lua_State* state) {
    static const luaL_Reg kFunctions[] = {{"insert", tableInsert}, {"remove", tableRemove}, {"concat", tableConcat},
                                          {"unpack", tableUnpack}, {"sort", tableSort},     {nullptr, nullptr}};
    luaL_newlib(state, kFunctions);
}

void pushMathLibrary(lua_State* state) {
    static const char* const kNames[] = {"abs",        "ceil",      "floor",      "fmod", "huge", "max",
                                         "maxinteger", "min",       "mininteger", "modf", "pi",   "sqrt",
                                         "type",       "tointeger", "ult",        nullptr};
    luaopen_math(state);
    lua_newtable(state);
    copyMembers(state, kNames);
}

void pushUtf8Library(lua_State* state) {
    static const char* const kNames[] = {"char", nullptr};
    luaopen_utf8(state);
    lua_newtable(state);
    copyMembers(state, kNames);
}

void addBaseFunctions(lua_State* state) {
    static const char* const kNames[] = {"assert", "error", "ipairs", "next", "pairs", "select", "type", nullptr};
    luaopen_base(state);
    lua_pushvalue(state, -2);
    copyMembers(state, kNames);
    static const luaL_Reg kOwn[] = {{"tostring", baseTostring}, {"tonumber", baseTonumber}, {nullptr, nullptr}};
    luaL_setfuncs(state, kOwn, 0);
    lua_pop(state, 1);
}

}  // namespace yimen::lua
