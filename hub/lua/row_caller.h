#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "lua/state.h"

namespace yimen::lua {

/// What a call of map(row) gave.
enum class RowAnswer {
    kRow,     ///< a table: the wanted members are in `texts()`
    kNothing  ///< nil, with the reason the script gave, or none
};

/// Calls one function of a state once per row: a plain table goes in, a plain table comes out, and no Value is made for
/// any cell. Members of the answer may be texts, numbers and booleans. One thread; the state must outlive it.
class RowCaller {
public:
    /// `members`: names of the cells that go in. `wanted`: names looked for in the answer.
    RowCaller(State& state, State::Function function, std::vector<std::string> members,
              std::vector<std::string> wanted);
    ~RowCaller();
    RowCaller(const RowCaller&) = delete;
    RowCaller& operator=(const RowCaller&) = delete;

    /// Time for all calls up to the next begin(): Limits::maxTime. The other limits are of each call.
    void begin();
    /// `cells`: one per member. Errors as State::call: kTooLarge for a limit, kInvalidInput for an error of the script.
    core::Result<RowAnswer> call(std::span<const TextView> cells);
    /// After kRow: one per wanted name; nil where the answer has none. Good until the next call.
    std::span<const TextView> texts() const noexcept { return texts_; }
    /// After kRow: all texts one after the other.
    TextView bytes() const noexcept { return kept_; }
    /// After kNothing: the second value the function gave, empty when there is none.
    const std::string& reason() const noexcept { return reason_; }
    /// After kRow: a name in the answer that is neither wanted nor a member; empty when there is none. Looks at the
    /// table that the last call gave, so ask before the next.
    core::Result<std::string> strangeName();

private:
    static int run(lua_State* state);
    static int look(lua_State* state);
    void readAnswer(lua_State* state);
    std::size_t keep(lua_State* state, std::size_t number);
    core::Error failure(int status) const;

    State& state_;
    State::Function function_;
    std::vector<std::string> members_;
    std::vector<std::string> wanted_;
    std::span<const TextView> cells_;
    RowAnswer answer_ = RowAnswer::kNothing;
    std::vector<TextView> texts_;
    std::vector<std::pair<std::size_t, std::size_t>> spans_;  ///< into kept_
    std::string kept_;
    std::string reason_;
    std::string strange_;
    int names_ = 0;   ///< registry: members, then wanted names, as Lua strings
    int result_ = 0;  ///< registry: the table of the last call
};

}  // namespace yimen::lua
