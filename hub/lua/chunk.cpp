#include <lua.hpp>
#include <memory>

#include "lua/budget.h"
#include "lua/state.h"

namespace yimen::lua {

namespace {

struct CloseState {
    void operator()(lua_State* state) const { lua_close(state); }
};

int appendCode(lua_State*, const void* data, std::size_t size, void* out) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
    return 0;
}

}  // namespace

core::Result<Chunk> Chunk::compile(std::string_view source, std::string name) {
    constexpr std::size_t kMaxSourceBytes = 256 * 1024;
    if (source.size() > kMaxSourceBytes) {
        return core::makeError(core::ErrorCode::kTooLarge, name + ": longer than 256 KiB");
    }
    std::unique_ptr<lua_State, CloseState> state(luaL_newstate());
    if (!state) return core::makeError(core::ErrorCode::kInternal, "no memory for a Lua state");
    // "t": text only. A file that begins with the signature of bytecode is refused here.
    if (luaL_loadbufferx(state.get(), source.data(), source.size(), ("@" + name).c_str(), "t") != LUA_OK) {
        std::size_t size = 0;
        const char* text = lua_tolstring(state.get(), -1, &size);
        return core::makeError(core::ErrorCode::kInvalidInput, text != nullptr ? std::string(text, size) : name);
    }
    std::string code;
    constexpr int kKeepLines = 0;
    lua_dump(state.get(), appendCode, &code, kKeepLines);
    return Chunk(std::move(code), std::move(name));
}

}  // namespace yimen::lua
