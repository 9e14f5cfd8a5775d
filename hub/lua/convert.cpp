#include "lua/convert.h"

namespace yimen::lua {

namespace {

void pushTable(lua_State* state, const Table& table, int depth) {
    if (depth >= kMaxValueDepth) luaL_error(state, "value nested deeper than %d", kMaxValueDepth);
    luaL_checkstack(state, 4, "value");
    lua_createtable(state, static_cast<int>(table.list.size()), static_cast<int>(table.fields.size()));
    lua_Integer index = 0;
    for (const auto& value : table.list) {
        pushValue(state, value, depth + 1);
        lua_rawseti(state, -2, ++index);
    }
    for (const auto& [name, value] : table.fields) {
        lua_pushlstring(state, name.data(), name.size());
        pushValue(state, value, depth + 1);
        lua_rawset(state, -3);
    }
}

/// Into what `out` holds already, so that answers of one shape need no memory after the first.
void readTable(lua_State* state, int index, Table& out, int depth) {
    if (depth >= kMaxValueDepth) luaL_error(state, "value nested deeper than %d", kMaxValueDepth);
    luaL_checkstack(state, 6, "value");
    const std::size_t length = lua_rawlen(state, index);
    if (length > kMaxTableEntries) luaL_error(state, "table with too many entries");
    out.list.resize(length);
    for (std::size_t i = 0; i < length; ++i) {
        lua_rawgeti(state, index, static_cast<lua_Integer>(i) + 1);
        readValue(state, -1, out.list[i], depth + 1);
        lua_pop(state, 1);
    }
    std::size_t count = 0;
    lua_pushnil(state);
    while (lua_next(state, index) != 0) {
        if (lua_type(state, -2) == LUA_TSTRING) {
            if (count == kMaxTableEntries) luaL_error(state, "table with too many entries");
            std::size_t size = 0;
            const char* name = lua_tolstring(state, -2, &size);
            if (count == out.fields.size()) out.fields.emplace_back();
            auto& field = out.fields[count++];
            field.first.assign(name, size);
            readValue(state, -1, field.second, depth + 1);
        }
        lua_pop(state, 1);
    }
    out.fields.resize(count);
}

}  // namespace

void pushValue(lua_State* state, const Value& value, int depth) {
    if (const auto* text = value.text()) {
        lua_pushlstring(state, text->data(), text->size());
    } else if (const auto* integer = value.integer()) {
        lua_pushinteger(state, *integer);
    } else if (const auto* number = value.number()) {
        lua_pushnumber(state, *number);
    } else if (const auto* flag = value.boolean()) {
        lua_pushboolean(state, *flag ? 1 : 0);
    } else if (const auto* table = value.table()) {
        pushTable(state, *table, depth);
    } else {
        lua_pushnil(state);
    }
}

void readValue(lua_State* state, int index, Value& out, int depth) {
    std::size_t size = 0;
    switch (lua_type(state, index)) {
        case LUA_TBOOLEAN:
            out = Value(lua_toboolean(state, index) != 0);
            return;
        case LUA_TNUMBER:
            if (lua_isinteger(state, index) != 0) {
                out = Value(std::int64_t{lua_tointeger(state, index)});
            } else {
                out = Value(lua_tonumber(state, index));
            }
            return;
        case LUA_TSTRING: {
            const char* text = lua_tolstring(state, index, &size);
            out.setText({text, size});
            return;
        }
        case LUA_TTABLE:
            readTable(state, lua_absindex(state, index), out.ownTable(), depth);
            return;
        default:
            out = Value();
            return;
    }
}

}  // namespace yimen::lua
