#include "lua/record.h"

#include <exception>
#include <string_view>

#include "lua/convert.h"

namespace yimen::lua {

Records& Records::of(lua_State* state) noexcept {
    return *static_cast<Records*>(lua_touserdata(state, lua_upvalueindex(1)));
}

void Records::setUp(lua_State* state) {
    lua_getfield(state, -1, "next");
    lua_createtable(state, 0, 5);
    const std::pair<const char*, lua_CFunction> functions[] = {
        {"__index", index}, {"__newindex", refuse}, {"__pairs", pairs}};
    for (const auto& [name, function] : functions) {
        lua_pushlightuserdata(state, this);
        lua_pushvalue(state, -3);  // next, for pairs
        lua_pushcclosure(state, function, 2);
        lua_setfield(state, -2, name);
    }
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_pushliteral(state, "record");
    lua_setfield(state, -2, "__name");
    metatable_ = luaL_ref(state, LUA_REGISTRYINDEX);
    lua_pop(state, 1);
}

const Records::Box& Records::boxOf(lua_State* state) {
    // Only our own metatable leads here, so that the object is a box.
    const auto& box = *static_cast<const Box*>(lua_touserdata(state, 1));
    if (!box.shown) luaL_error(state, "a record is blank once its call is over");
    return box;
}

int Records::index(lua_State* state) {
    const Box& box = boxOf(state);
    std::size_t size = 0;
    const char* name = lua_type(state, 2) == LUA_TSTRING ? lua_tolstring(state, 2, &size) : nullptr;
    for (std::size_t i = 0; name != nullptr && i < box.size; ++i) {
        const auto& member = box.members[i];
        if (member.name == std::string_view(name, size)) {
            of(state).push(state, member.value);
            return 1;
        }
    }
    lua_pushnil(state);
    return 1;
}

int Records::refuse(lua_State* state) {
    return luaL_error(state, "a record cannot be changed");
}

int Records::pairs(lua_State* state) {
    const Box& box = boxOf(state);
    lua_pushvalue(state, lua_upvalueindex(2));
    lua_createtable(state, 0, static_cast<int>(box.size));
    for (std::size_t i = 0; i < box.size; ++i) {
        const auto& member = box.members[i];
        lua_pushlstring(state, member.name.data(), member.name.size());
        of(state).push(state, member.value);
        lua_rawset(state, -3);
    }
    lua_pushnil(state);
    return 3;
}

void Records::pushRecord(lua_State* state, const View::Table& table) {
    // One record for one table, so that a script may compare them.
    for (std::size_t i = 0; i < used_; ++i) {
        if (boxes_[i].box->members == table.members && boxes_[i].box->size == table.size) {
            lua_rawgeti(state, LUA_REGISTRYINDEX, boxes_[i].reference);
            return;
        }
    }
    if (used_ == kMaxRecords) luaL_error(state, "more than %d records in one call", static_cast<int>(kMaxRecords));
    if (used_ == boxCount_) {
        auto* box = static_cast<Box*>(lua_newuserdatauv(state, sizeof(Box), 0));
        *box = {};
        lua_rawgeti(state, LUA_REGISTRYINDEX, metatable_);
        lua_setmetatable(state, -2);
        boxes_[used_] = {box, luaL_ref(state, LUA_REGISTRYINDEX)};
        ++boxCount_;
    }
    const Kept& kept = boxes_[used_++];
    *kept.box = {table.members, table.size, true};
    lua_rawgeti(state, LUA_REGISTRYINDEX, kept.reference);
}

void Records::pushMade(lua_State* state, const View::Made& made) {
    bool failed = false;
    try {
        values_.push_back(made.make(made.source));
    } catch (const std::exception&) {  // no memory; Lua must not leave from within here
        failed = true;
    }
    if (failed) luaL_error(state, "not enough memory");
    pushValue(state, values_.back(), 0);
}

void Records::push(lua_State* state, const View& view) {
    const auto& data = view.data();
    if (const auto* text = std::get_if<std::string_view>(&data)) {
        lua_pushlstring(state, text->data(), text->size());
    } else if (const auto* integer = std::get_if<std::int64_t>(&data)) {
        lua_pushinteger(state, *integer);
    } else if (const auto* flag = std::get_if<bool>(&data)) {
        lua_pushboolean(state, *flag ? 1 : 0);
    } else if (const auto* table = std::get_if<View::Table>(&data)) {
        pushRecord(state, *table);
    } else if (const auto* made = std::get_if<View::Made>(&data)) {
        pushMade(state, *made);
    } else if (const auto* list = std::get_if<View::List>(&data)) {
        lua_createtable(state, static_cast<int>(list->size), 0);
        for (std::size_t i = 0; i < list->size; ++i) {
            lua_pushlstring(state, list->texts[i].data(), list->texts[i].size());
            lua_rawseti(state, -2, static_cast<lua_Integer>(i) + 1);
        }
    } else {
        lua_pushnil(state);
    }
}

void Records::blank() noexcept {
    for (std::size_t i = 0; i < used_; ++i) *boxes_[i].box = {};
    used_ = 0;
    if (!values_.empty()) values_.clear();
}

}  // namespace yimen::lua
