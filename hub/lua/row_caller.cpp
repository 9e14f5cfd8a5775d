#include "lua/row_caller.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <lua.hpp>

#include "lua/budget.h"

namespace yimen::lua {

namespace {

constexpr std::size_t kNil = static_cast<std::size_t>(-1);

}  // namespace

RowCaller::RowCaller(State& state, State::Function function, std::vector<std::string> members,
                     std::vector<std::string> wanted)
    : state_(state), function_(function), members_(std::move(members)), wanted_(std::move(wanted)) {
    texts_.resize(wanted_.size());
    spans_.resize(wanted_.size());
    const auto makeNames = [](lua_State* lua) {
        auto& self = *static_cast<RowCaller*>(lua_touserdata(lua, 1));
        lua_createtable(lua, static_cast<int>(self.members_.size() + self.wanted_.size()), 0);
        lua_Integer index = 0;
        for (const auto* list : {&self.members_, &self.wanted_}) {
            for (const auto& name : *list) {
                lua_pushlstring(lua, name.data(), name.size());
                lua_rawseti(lua, -2, ++index);
            }
        }
        self.names_ = luaL_ref(lua, LUA_REGISTRYINDEX);
        lua_newtable(lua);
        self.result_ = luaL_ref(lua, LUA_REGISTRYINDEX);
        return 0;
    };
    lua_State* const lua = state_.raw();
    begin();
    lua_settop(lua, 0);
    lua_pushcfunction(lua, makeNames);
    lua_pushlightuserdata(lua, this);
    YIMEN_CHECK(lua_pcall(lua, 1, 0, 0) == LUA_OK);
}

RowCaller::~RowCaller() {
    luaL_unref(state_.raw(), LUA_REGISTRYINDEX, names_);
    luaL_unref(state_.raw(), LUA_REGISTRYINDEX, result_);
}

void RowCaller::begin() {
    Budget::of(state_.raw()).refill();
}

/// Copies the value on top of the stack into kept_ and pops it.
std::size_t RowCaller::keep(lua_State* state, std::size_t number) {
    std::size_t size = 0;
    const std::size_t at = kept_.size();
    switch (lua_type(state, -1)) {
        case LUA_TNIL:
            lua_pop(state, 1);
            return kNil;
        case LUA_TBOOLEAN:
            kept_ += lua_toboolean(state, -1) != 0 ? "true" : "false";
            break;
        case LUA_TNUMBER:
            if (lua_isinteger(state, -1) == 0) {
                std::array<char, 40> digits{};
                const auto end =
                    std::to_chars(digits.data(), digits.data() + digits.size(), lua_tonumber(state, -1)).ptr;
                kept_.append(digits.data(), end);
                break;
            }
            [[fallthrough]];
        case LUA_TSTRING: {
            const char* text = lua_tolstring(state, -1, &size);
            kept_.append(text, size);
            break;
        }
        default:
            luaL_error(state, "'%s' is a %s where a text, a number, a boolean or nil is expected",
                       wanted_[number].c_str(), luaL_typename(state, -1));
    }
    lua_pop(state, 1);
    return at;
}

void RowCaller::readAnswer(lua_State* state) {
    // Stack: names, answer.
    lua_pushvalue(state, -1);
    lua_rawseti(state, LUA_REGISTRYINDEX, result_);
    kept_.clear();
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        lua_rawgeti(state, 1, static_cast<lua_Integer>(members_.size() + i) + 1);
        lua_rawget(state, -2);
        const std::size_t at = keep(state, i);
        spans_[i] = {at, at == kNil ? 0 : kept_.size() - at};
    }
}

int RowCaller::run(lua_State* state) {
    auto& self = *static_cast<RowCaller*>(lua_touserdata(state, 1));
    lua_settop(state, 0);
    luaL_checkstack(state, 10, "row");
    lua_rawgeti(state, LUA_REGISTRYINDEX, self.names_);
    lua_rawgeti(state, LUA_REGISTRYINDEX, self.function_);
    lua_createtable(state, 0, static_cast<int>(self.members_.size()));
    for (std::size_t i = 0; i < self.cells_.size(); ++i) {
        const TextView cell = self.cells_[i];
        if (cell.data() == nullptr) continue;
        lua_rawgeti(state, 1, static_cast<lua_Integer>(i) + 1);
        lua_pushlstring(state, cell.data(), cell.size());
        lua_rawset(state, -3);
    }
    lua_call(state, 1, 2);
    if (lua_isnil(state, -2)) {
        std::size_t size = 0;
        const char* text = lua_tolstring(state, -1, &size);
        self.reason_.assign(text != nullptr ? text : "", size);
        self.answer_ = RowAnswer::kNothing;
        return 0;
    }
    lua_pop(state, 1);
    if (!lua_istable(state, -1))
        return luaL_error(state, "map gives a table or nil, not a %s", luaL_typename(state, -1));
    self.answer_ = RowAnswer::kRow;
    self.readAnswer(state);
    return 0;
}

core::Error RowCaller::failure(int status) const {
    lua_State* const lua = state_.raw();
    if (status == LUA_ERRMEM) {
        return core::makeError(core::ErrorCode::kTooLarge, "limit maxBytes or maxChurnBytes passed");
    }
    std::size_t size = 0;
    const char* text = lua_type(lua, -1) == LUA_TSTRING ? lua_tolstring(lua, -1, &size) : nullptr;
    const auto code = Budget::of(lua).limitHit ? core::ErrorCode::kTooLarge : core::ErrorCode::kInvalidInput;
    return core::makeError(code, text != nullptr ? std::string(text, size) : "error object is not a text");
}

core::Result<RowAnswer> RowCaller::call(std::span<const TextView> cells) {
    YIMEN_CHECK(cells.size() == members_.size());
    lua_State* const lua = state_.raw();
    Budget& budget = Budget::of(lua);
    budget.instructionsLeft = budget.limits->maxInstructions;
    budget.stepsLeft = budget.limits->maxLibrarySteps;
    budget.limitHit = false;
    budget.churnLeft = budget.limits->maxChurnBytes;
    cells_ = cells;
    lua_settop(lua, 0);
    lua_pushcfunction(lua, run);
    lua_pushlightuserdata(lua, this);
    lua_sethook(lua, countHook, LUA_MASKCOUNT, Limits::kHookInterval);
    const int status = lua_pcall(lua, 1, 0, 0);
    lua_sethook(lua, nullptr, 0, 0);
    if (status != LUA_OK) {
        auto error = failure(status);
        lua_settop(lua, 0);
        return error;
    }
    if (answer_ == RowAnswer::kRow) {
        for (std::size_t i = 0; i < spans_.size(); ++i) {
            texts_[i] =
                spans_[i].first == kNil ? TextView{} : TextView(kept_.data() + spans_[i].first, spans_[i].second);
        }
    }
    return answer_;
}

int RowCaller::look(lua_State* state) {
    auto& self = *static_cast<RowCaller*>(lua_touserdata(state, 1));
    lua_rawgeti(state, LUA_REGISTRYINDEX, self.result_);
    lua_pushnil(state);
    while (lua_next(state, -2) != 0) {
        lua_pop(state, 1);
        std::size_t size = 0;
        const char* text =
            lua_type(state, -1) == LUA_TSTRING ? lua_tolstring(state, -1, &size) : "a key that is no text";
        const TextView name(text, size != 0 ? size : TextView(text).size());
        const auto known = [&](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (known(self.wanted_) || known(self.members_)) continue;
        self.strange_.assign(name);
        return 0;
    }
    return 0;
}

core::Result<std::string> RowCaller::strangeName() {
    lua_State* const lua = state_.raw();
    strange_.clear();
    lua_settop(lua, 0);
    lua_pushcfunction(lua, look);
    lua_pushlightuserdata(lua, this);
    const int status = lua_pcall(lua, 1, 0, 0);
    if (status == LUA_OK) return strange_;
    auto error = failure(status);
    lua_settop(lua, 0);
    return error;
}

}  // namespace yimen::lua
