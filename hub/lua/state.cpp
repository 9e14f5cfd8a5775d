#include "lua/state.h"

#include <cstring>
#include <lua.hpp>

#include "lua/budget.h"
#include "lua/convert.h"
#include "lua/host_functions.h"
#include "lua/libraries.h"
#include "lua/record.h"

namespace yimen::lua {

namespace {

// Registry key: the address is the key.
const char kGlobals = 0;

void* keyOf(const char& key) {
    return const_cast<char*>(&key);
}

int traceback(lua_State* state) {
    const char* text = lua_tostring(state, 1);
    if (text == nullptr) text = "error object is not a text";
    lua_pushstring(state, text);
    luaL_traceback(state, state, text, 1);
    lua_createtable(state, 2, 0);
    lua_insert(state, -3);
    lua_rawseti(state, -3, 2);
    lua_rawseti(state, -2, 1);
    return 1;
}

}  // namespace

/// Everything that can raise runs as a C function under lua_pcall; what it needs comes as a pointer.
struct State::Impl {
    Limits limits;
    Budget budget;
    HostFunctions hosts;
    TextLibrary texts;
    Records records;
    lua_State* lua = nullptr;

    struct Request {
        Impl* impl;
        Function function;
        std::span<const Value> arguments;
        std::span<const View> views;
        Value* answer;
        const std::string* code;
        const std::string* name;
        int handle;
    };

    static int setUp(lua_State* state);
    static int runChunk(lua_State* state);
    static int runCall(lua_State* state);
    static int lookUp(lua_State* state);
    core::Status protectedCall(lua_CFunction function, Request& request);
    core::Error readError(int status);
};

int State::Impl::setUp(lua_State* state) {
    auto& request = *static_cast<Request*>(lua_touserdata(state, 1));
    lua_newtable(state);
    addBaseFunctions(state);
    request.impl->records.setUp(state);
    using Push = void (*)(lua_State*);
    const std::pair<const char*, Push> libraries[] = {{"string", pushStringLibrary},
                                                      {"table", pushTableLibrary},
                                                      {"math", pushMathLibrary},
                                                      {"utf8", pushUtf8Library}};
    for (const auto& [name, push] : libraries) {
        push(state);
        protect(state);
        lua_setfield(state, -2, name);
    }
    lua_pushliteral(state, "");
    lua_createtable(state, 0, 2);
    lua_getfield(state, -3, "string");
    lua_setfield(state, -2, "__index");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_setmetatable(state, -2);
    lua_pop(state, 1);
    addHostFunctions(state, request.impl->hosts);
    if (!request.impl->texts.name.empty()) {
        pushTextLibrary(state, request.impl->texts);
        protect(state);
        lua_setfield(state, -2, request.impl->texts.name.c_str());
    }
    protect(state);
    lua_rawsetp(state, LUA_REGISTRYINDEX, keyOf(kGlobals));
    return 0;
}

int State::Impl::runChunk(lua_State* state) {
    auto& request = *static_cast<Request*>(lua_touserdata(state, 1));
    if (luaL_loadbufferx(state, request.code->data(), request.code->size(), request.name->c_str(), "b") != LUA_OK) {
        return lua_error(state);
    }
    // The module's own globals, over the shared read-only ones.
    lua_newtable(state);
    lua_createtable(state, 0, 2);
    lua_rawgetp(state, LUA_REGISTRYINDEX, keyOf(kGlobals));
    lua_setfield(state, -2, "__index");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_setmetatable(state, -2);
    lua_setupvalue(state, -2, 1);
    lua_call(state, 0, 1);
    if (lua_isfunction(state, -1)) {
        lua_createtable(state, 0, 1);
        lua_insert(state, -2);
        lua_setfield(state, -2, "");
    }
    if (!lua_istable(state, -1))
        return luaL_error(state, "%s: must return a table of functions", request.name->c_str());
    request.handle = luaL_ref(state, LUA_REGISTRYINDEX);
    return 0;
}

int State::Impl::lookUp(lua_State* state) {
    auto& request = *static_cast<Request*>(lua_touserdata(state, 1));
    lua_rawgeti(state, LUA_REGISTRYINDEX, request.function);
    lua_pushlstring(state, request.name->data(), request.name->size());
    lua_rawget(state, -2);
    request.handle = lua_isfunction(state, -1) ? luaL_ref(state, LUA_REGISTRYINDEX) : LUA_NOREF;
    return 0;
}

int State::Impl::runCall(lua_State* state) {
    auto& request = *static_cast<Request*>(lua_touserdata(state, 1));
    lua_rawgeti(state, LUA_REGISTRYINDEX, request.function);
    const auto count = static_cast<int>(request.arguments.size() + request.views.size());
    luaL_checkstack(state, count + 6, "arguments");
    for (const auto& argument : request.arguments) pushValue(state, argument, 0);
    for (const auto& view : request.views) request.impl->records.push(state, view);
    lua_call(state, count, 1);
    readValue(state, -1, *request.answer, 0);
    return 0;
}

core::Error State::Impl::readError(int status) {
    if (status == LUA_ERRMEM) {
        return core::makeError(core::ErrorCode::kTooLarge, "limit maxBytes or maxChurnBytes passed");
    }
    core::Error error = core::makeError(core::ErrorCode::kInvalidInput, "error in error handling");
    if (status == LUA_ERRRUN && lua_istable(lua, -1)) {
        // Plain string reads: they neither allocate nor raise.
        lua_rawgeti(lua, -1, 1);
        lua_rawgeti(lua, -2, 2);
        std::size_t size = 0;
        if (const char* text = lua_tolstring(lua, -2, &size)) error.message.assign(text, size);
        if (const char* trace = lua_tolstring(lua, -1, &size)) error.detail.assign(trace, size);
    }
    if (budget.limitHit) error.code = core::ErrorCode::kTooLarge;
    return error;
}

core::Status State::Impl::protectedCall(lua_CFunction function, Request& request) {
    budget.refill();
    request.impl = this;
    lua_settop(lua, 0);
    lua_pushcfunction(lua, traceback);
    lua_pushcfunction(lua, function);
    lua_pushlightuserdata(lua, &request);
    lua_sethook(lua, countHook, LUA_MASKCOUNT, Limits::kHookInterval);
    const int status = lua_pcall(lua, 1, 0, 1);
    lua_sethook(lua, nullptr, 0, 0);
    if (status == LUA_OK) {
        lua_settop(lua, 0);
        return {};
    }
    auto error = readError(status);
    lua_settop(lua, 0);
    return error;
}

State::State(const Limits& limits, const core::Clock& clock, std::vector<HostBinding> bindings, TextLibrary texts)
    : impl_(std::make_unique<Impl>()) {
    impl_->texts = std::move(texts);
    impl_->limits = limits;
    impl_->budget.limits = &impl_->limits;
    impl_->budget.clock = &clock;
    impl_->budget.refill();
    for (auto& binding : bindings) impl_->hosts.emplace_back(std::move(binding));
    impl_->lua = lua_newstate(cappedAllocate, &impl_->budget);
    YIMEN_CHECK(impl_->lua != nullptr);
    Budget::attach(impl_->lua, &impl_->budget);
    Impl::Request request{};
    YIMEN_CHECK(impl_->protectedCall(Impl::setUp, request).ok());
    if (limits.generational) lua_gc(impl_->lua, LUA_GCGEN, 0, 0);
}

State::~State() {
    lua_close(impl_->lua);
}

core::Result<int> State::load(const Chunk& chunk) {
    Impl::Request request{};
    request.code = &chunk.code_;
    request.name = &chunk.name_;
    YIMEN_TRY_STATUS(impl_->protectedCall(Impl::runChunk, request));
    return request.handle;
}

std::optional<State::Function> State::function(int module, std::string_view name) const {
    Impl::Request request{};
    const std::string key(name);
    request.function = module;
    request.name = &key;
    if (!impl_->protectedCall(Impl::lookUp, request).ok() || request.handle == LUA_NOREF) return std::nullopt;
    return request.handle;
}

core::Result<Value> State::call(Function function, std::span<const Value> arguments) {
    Impl::Request request{};
    Value answer;
    request.function = function;
    request.arguments = arguments;
    request.answer = &answer;
    YIMEN_TRY_STATUS(impl_->protectedCall(Impl::runCall, request));
    return answer;
}

core::Status State::callWith(Function function, std::span<const View> arguments, Value& answer) {
    Impl::Request request{};
    request.function = function;
    request.views = arguments;
    request.answer = &answer;
    auto status = impl_->protectedCall(Impl::runCall, request);
    impl_->records.blank();
    return status;
}

lua_State* State::raw() const noexcept {
    return impl_->lua;
}

std::size_t State::bytesInUse() const noexcept {
    return impl_->budget.bytesInUse;
}

}  // namespace yimen::lua
