// string.find, match, gmatch, gsub on our own counted matcher. No function here keeps an object with a destructor on
// its stack: Lua errors leave by longjmp.
#include <cstring>
#include <string_view>

#include "lua/budget.h"
#include "lua/libraries.h"
#include "lua/pattern.h"
#include "lua/text_arguments.h"

namespace yimen::lua {

namespace {

void compilePattern(lua_State* state, Pattern& pattern, int index) {
    if (const char* fault = pattern.compile(textArgument(state, index))) luaL_error(state, "%s", fault);
}

void pushCapture(lua_State* state, std::string_view subject, const Pattern::Capture& capture) {
    if (capture.length == Pattern::kPosition) {
        lua_pushinteger(state, static_cast<lua_Integer>(capture.begin) + 1);
    } else {
        pushText(state, subject.substr(capture.begin, capture.length));
    }
}

/// All captures, or the whole match when there is none and `wholeIfNone`.
int pushCaptures(lua_State* state, std::string_view subject, const Pattern& pattern, std::size_t start,
                 const Pattern::Match* match) {
    const int count = pattern.captureCount();
    luaL_checkstack(state, count + 1, "captures");
    for (int i = 0; i < count; ++i) pushCapture(state, subject, match->captures[static_cast<std::size_t>(i)]);
    if (count > 0) return count;
    pushText(state, subject.substr(start, match->end - start));
    return 1;
}

/// First match at or after `start`, which is moved to where it begins.
Pattern::Match search(lua_State* state, const Pattern& pattern, std::string_view subject, std::size_t& start) {
    Budget& budget = Budget::of(state);
    for (; start <= subject.size(); ++start) {
        const auto match = pattern.matchAt(subject, start, budget.stepsLeft);
        if (match.outOfSteps) raiseLimit(state, "limit maxLibrarySteps passed");
        if (match.found) return match;
        if (pattern.anchored()) break;
    }
    return {};
}

int findPlain(lua_State* state, std::string_view subject, std::string_view needle, std::size_t start) {
    charge(state, static_cast<std::int64_t>((subject.size() - start) / 16));
    const void* hit = needle.empty()
                          ? subject.data() + start
                          : memmem(subject.data() + start, subject.size() - start, needle.data(), needle.size());
    if (hit == nullptr) {
        lua_pushnil(state);
        return 1;
    }
    const auto at = static_cast<lua_Integer>(static_cast<const char*>(hit) - subject.data());
    lua_pushinteger(state, at + 1);
    lua_pushinteger(state, at + static_cast<lua_Integer>(needle.size()));
    return 2;
}

int findOrMatch(lua_State* state, bool find) {
    const auto subject = textArgument(state, 1);
    const auto source = textArgument(state, 2);
    std::size_t start = startOffset(luaL_optinteger(state, 3, 1), subject.size());
    if (start > subject.size()) {
        lua_pushnil(state);
        return 1;
    }
    const bool plain = lua_toboolean(state, 4) != 0 || source.find_first_of("^$*+?.([%-") == std::string_view::npos;
    if (find && plain) return findPlain(state, subject, source, start);
    Pattern pattern;
    compilePattern(state, pattern, 2);
    const auto match = search(state, pattern, subject, start);
    if (!match.found) {
        lua_pushnil(state);
        return 1;
    }
    if (!find) return pushCaptures(state, subject, pattern, start, &match);
    lua_pushinteger(state, static_cast<lua_Integer>(start) + 1);
    lua_pushinteger(state, static_cast<lua_Integer>(match.end));
    return pattern.captureCount() == 0 ? 2 : 2 + pushCaptures(state, subject, pattern, start, &match);
}

int stringFind(lua_State* state) {
    return findOrMatch(state, true);
}
int stringMatch(lua_State* state) {
    return findOrMatch(state, false);
}

/// Upvalues: subject, pattern, next start, end of the last match (-1: none).
int gmatchStep(lua_State* state) {
    const auto subject = textArgument(state, lua_upvalueindex(1));
    Pattern pattern;
    compilePattern(state, pattern, lua_upvalueindex(2));
    auto start = static_cast<std::size_t>(lua_tointeger(state, lua_upvalueindex(3)));
    const lua_Integer lastEnd = lua_tointeger(state, lua_upvalueindex(4));
    while (start <= subject.size()) {
        const auto match = search(state, pattern, subject, start);
        if (!match.found) break;
        if (static_cast<lua_Integer>(match.end) == lastEnd) {
            ++start;
            continue;
        }
        lua_pushinteger(state, static_cast<lua_Integer>(match.end));
        lua_copy(state, -1, lua_upvalueindex(3));
        lua_replace(state, lua_upvalueindex(4));
        return pushCaptures(state, subject, pattern, start, &match);
    }
    lua_pushinteger(state, static_cast<lua_Integer>(subject.size()) + 1);
    lua_replace(state, lua_upvalueindex(3));
    lua_pushnil(state);
    return 1;
}

int stringGmatch(lua_State* state) {
    textArgument(state, 1);
    Pattern pattern;
    compilePattern(state, pattern, 2);
    if (pattern.anchored()) return luaL_error(state, "string.gmatch: '^' has no meaning here");
    lua_settop(state, 2);
    lua_pushinteger(state, 0);
    lua_pushinteger(state, -1);
    lua_pushcclosure(state, gmatchStep, 4);
    return 1;
}

/// What gsub works on; plain data.
struct Substitution {
    std::string_view subject;
    const Pattern* pattern;
    std::size_t start;
    const Pattern::Match* match;
};

void addTemplate(lua_State* state, luaL_Buffer* buffer, const Substitution& at) {
    const auto source = textArgument(state, 3);
    charge(state, static_cast<std::int64_t>(source.size() / 8 + 1));
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '%') {
            luaL_addchar(buffer, source[i]);
            continue;
        }
        const char next = ++i < source.size() ? source[i] : '\0';
        if (next == '%') {
            luaL_addchar(buffer, '%');
        } else if (next == '0' || (next == '1' && at.pattern->captureCount() == 0)) {
            luaL_addlstring(buffer, at.subject.data() + at.start, at.match->end - at.start);
        } else if (next >= '1' && next - '0' <= at.pattern->captureCount()) {
            pushCapture(state, at.subject, at.match->captures[static_cast<std::size_t>(next - '1')]);
            luaL_addvalue(buffer);
        } else {
            luaL_error(state, "invalid use of '%%' in replacement string");
        }
    }
}

void addReplacement(lua_State* state, luaL_Buffer* buffer, const Substitution& at) {
    const int type = lua_type(state, 3);
    if (type == LUA_TSTRING || type == LUA_TNUMBER) {
        addTemplate(state, buffer, at);
        return;
    }
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(state, 3);
        const int count = pushCaptures(state, at.subject, *at.pattern, at.start, at.match);
        lua_call(state, count, 1);
    } else {
        const int count = pushCaptures(state, at.subject, *at.pattern, at.start, at.match);
        lua_pop(state, count - 1);
        lua_gettable(state, 3);
    }
    if (lua_toboolean(state, -1) == 0) {
        lua_pop(state, 1);
        luaL_addlstring(buffer, at.subject.data() + at.start, at.match->end - at.start);
    } else if (lua_isstring(state, -1) == 0) {
        luaL_error(state, "invalid replacement value (a %s)", luaL_typename(state, -1));
    } else {
        luaL_addvalue(buffer);
    }
}

int stringGsub(lua_State* state) {
    const auto subject = textArgument(state, 1);
    Pattern pattern;
    compilePattern(state, pattern, 2);
    const int type = lua_type(state, 3);
    luaL_argcheck(state, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                  "string/function/table expected");
    const lua_Integer most = luaL_optinteger(state, 4, static_cast<lua_Integer>(subject.size()) + 1);
    Budget& budget = Budget::of(state);
    luaL_Buffer buffer;
    luaL_buffinit(state, &buffer);
    std::size_t at = 0;
    lua_Integer count = 0;
    std::size_t lastEnd = SIZE_MAX;
    while (count < most && at <= subject.size()) {
        const auto match = pattern.matchAt(subject, at, budget.stepsLeft);
        if (match.outOfSteps) raiseLimit(state, "limit maxLibrarySteps passed");
        if (match.found && match.end != lastEnd) {
            ++count;
            addReplacement(state, &buffer, {subject, &pattern, at, &match});
            at = lastEnd = match.end;
        } else if (at < subject.size()) {
            luaL_addchar(&buffer, subject[at++]);
        } else {
            break;
        }
        checkSize(state, luaL_bufflen(&buffer));
        if (pattern.anchored()) break;
    }
    if (at < subject.size()) luaL_addlstring(&buffer, subject.data() + at, subject.size() - at);
    luaL_pushresult(&buffer);
    lua_pushinteger(state, count);
    return 2;
}

}  // namespace

const luaL_Reg kPatternFunctions[] = {
    {"find", stringFind}, {"match", stringMatch}, {"gmatch", stringGmatch}, {"gsub", stringGsub}, {nullptr, nullptr}};

}  // namespace yimen::lua
