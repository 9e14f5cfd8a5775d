#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "lua/text_library.h"
#include "lua/value.h"
#include "lua/view.h"

struct lua_State;

namespace yimen::lua {

/// What a state and each call into it may take. Passing one ends the call with kTooLarge; the state stays usable.
struct Limits {
    std::size_t maxBytes = 4 * 1024 * 1024;        ///< memory alive at one moment, libraries included
    std::size_t maxChurnBytes = 64 * 1024 * 1024;  ///< memory asked for during one call
    std::int64_t maxInstructions = 100'000;        ///< virtual machine instructions of one call
    std::int64_t maxLibrarySteps = 100'000;        ///< steps of pattern matching, sorting, shifting in one call
    std::chrono::milliseconds maxTime{200};        ///< from the first kHookInterval instructions on, looked at as often
    std::size_t maxStringBytes = 1024 * 1024;      ///< result of rep, format, gsub, concat
    bool wipeMemory = false;                       ///< overwrite memory when it is freed: for states that see secrets
    bool generational = false;                     ///< collect young objects first: for states that see many rows
    static constexpr int kHookInterval = 1000;
};

/// Source compiled once, to be loaded into many states. Immutable, any thread.
class Chunk {
public:
    /// `name` is shown in errors ("adapters/x/hooks.lua"). Source text only: precompiled input is refused, whoever
    /// wrote it. kInvalidInput with "name:line: what" for a syntax error.
    static core::Result<Chunk> compile(std::string_view source, std::string name);
    const std::string& name() const noexcept { return name_; }

private:
    friend class State;
    Chunk(std::string code, std::string name) : code_(std::move(code)), name_(std::move(name)) {}
    std::string code_;
    std::string name_;
};

/// A function of the host that scripts may call. Returns a value, or an error that the script receives as `nil,
/// message`. Runs on the thread of the call; must not touch the state.
using HostFunction = std::function<core::Result<Value>(std::span<const Value> arguments)>;
struct HostBinding {
    std::string library;  ///< "http": seen by scripts as http.get; empty: a global function
    std::string name;
    HostFunction function;
};

/// A sandboxed Lua 5.4 state: base functions without load, dofile, require, pcall, metatables, raw access and garbage
/// collection; string, table and math with counted functions; utf8.char. No io, os, debug, package, coroutine. The
/// standard tables are read-only and each module has globals of its own. The subset of patterns is in README.md.
///
/// Not thread-safe: one per loop thread, or one per call in a pool. Keeps compiled modules; a call costs about 0.3 us.
class State {
public:
    /// `clock` must outlive the state.
    State(const Limits& limits, const core::Clock& clock, std::vector<HostBinding> bindings = {},
          TextLibrary texts = {});
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    using Function = int;

    /// Runs a module. It must return a table of functions (or one function, then its name is ""). Limits apply.
    /// Modules stay for the life of the state; the answer is a handle for `function`.
    core::Result<int> load(const Chunk& chunk);
    /// A function of a module; nothing when it has none of that name. Look up once, call often.
    std::optional<Function> function(int module, std::string_view name) const;
    /// Calls with all limits fresh. kTooLarge: a limit (the message names it). kInvalidInput: the script raised an
    /// error; the message is "file:line: text" and `detail` a traceback. Text the script passed to error() is in it:
    /// mask secrets before showing it.
    core::Result<Value> call(Function function, std::span<const Value> arguments);
    core::Result<Value> call(Function function, std::initializer_list<Value> arguments) {
        return call(function, std::span<const Value>(arguments.begin(), arguments.size()));
    }
    /// As call, with arguments that are read where they are: tables as records (record.h), valid during the call.
    /// The answer is written over what `answer` held, in its memory: keep one for all calls.
    core::Status callWith(Function function, std::span<const View> arguments, Value& answer);

    std::size_t bytesInUse() const noexcept;

private:
    friend class RowCaller;
    lua_State* raw() const noexcept;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace yimen::lua
