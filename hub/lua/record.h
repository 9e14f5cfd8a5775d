#pragma once

#include <array>
#include <deque>
#include <lua.hpp>

#include "lua/value.h"
#include "lua/view.h"

namespace yimen::lua {

/// The records of one state: objects that show the tables of a View to a script and read a member when it is asked for,
/// so that a script pays for what it looks at. They can be read by name and walked with pairs; they cannot be changed,
/// and they are blank once the call is over, so that no script can keep one person's data into the next one's call.
/// Boxes are made once and used again. Thread: the state's.
class Records {
public:
    /// Different tables that one call can show.
    static constexpr std::size_t kMaxRecords = 8;

    /// Once, under protection, with the table of global functions on top of the stack.
    void setUp(lua_State* state);
    /// Pushes a view, its tables as records. May raise.
    void push(lua_State* state, const View& view);
    /// The call is over: blanks what it has shown.
    void blank() noexcept;

private:
    struct Box {
        const View::Member* members;
        std::size_t size;
        bool shown;
    };
    struct Kept {
        Box* box;
        int reference;
    };

    static Records& of(lua_State* state) noexcept;
    static const Box& boxOf(lua_State* state);
    static int index(lua_State* state);
    static int refuse(lua_State* state);
    static int pairs(lua_State* state);
    void pushRecord(lua_State* state, const View::Table& table);
    void pushMade(lua_State* state, const View::Made& made);

    std::array<Kept, kMaxRecords> boxes_{};
    std::size_t boxCount_ = 0;  ///< boxes that there are
    std::size_t used_ = 0;      ///< of them, in this call
    std::deque<Value> values_;  ///< of this call; here because Lua leaves functions without destructors
    int metatable_ = LUA_NOREF;
};

}  // namespace yimen::lua
