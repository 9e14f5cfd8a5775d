// string.*: functions whose cost follows their input take from the step budget or are bounded by maxStringBytes. No
// function here keeps an object with a destructor on its stack: Lua errors leave by longjmp.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "lua/budget.h"
#include "lua/libraries.h"
#include "lua/pattern.h"

namespace yimen::lua {

namespace {

std::string_view textArgument(lua_State* state, int index) {
    std::size_t size = 0;
    const char* data = luaL_checklstring(state, index, &size);
    return {data, size};
}

void pushText(lua_State* state, std::string_view text) {
    lua_pushlstring(state, text.data(), text.size());
}

void checkSize(lua_State* state, std::size_t size) {
    if (size > Budget::of(state).limits->maxStringBytes) raiseLimit(state, "limit maxStringBytes passed");
}

/// Position 1..n, negative from the end, to an offset; below the first becomes the first.
std::size_t startOffset(lua_Integer position, std::size_t size) {
    if (position > 0) return static_cast<std::size_t>(position - 1);
    const auto length = static_cast<lua_Integer>(size);
    if (position == 0 || position < -length) return 0;
    return static_cast<std::size_t>(length + position);
}

std::size_t endOffset(lua_Integer position, std::size_t size) {
    const auto length = static_cast<lua_Integer>(size);
    if (position > length) return size;
    if (position >= 0) return static_cast<std::size_t>(position);
    return position < -length ? 0 : static_cast<std::size_t>(length + position + 1);
}

int stringLen(lua_State* state) {
    lua_pushinteger(state, static_cast<lua_Integer>(textArgument(state, 1).size()));
    return 1;
}

int stringSub(lua_State* state) {
    const auto text = textArgument(state, 1);
    const std::size_t begin = startOffset(luaL_checkinteger(state, 2), text.size());
    const std::size_t end = endOffset(luaL_optinteger(state, 3, -1), text.size());
    pushText(state, begin < end ? text.substr(begin, end - begin) : std::string_view());
    return 1;
}

template <typename Change>
int changed(lua_State* state, Change change) {
    const auto text = textArgument(state, 1);
    charge(state, static_cast<std::int64_t>(text.size() / 16));
    luaL_Buffer buffer;
    char* out = luaL_buffinitsize(state, &buffer, text.size());
    change(text, out);
    luaL_pushresultsize(&buffer, text.size());
    return 1;
}

int stringUpper(lua_State* state) {
    return changed(state, [](std::string_view text, char* out) {
        std::transform(text.begin(), text.end(), out, [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    });
}

int stringLower(lua_State* state) {
    return changed(state, [](std::string_view text, char* out) {
        std::transform(text.begin(), text.end(), out, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    });
}

int stringReverse(lua_State* state) {
    return changed(state, [](std::string_view text, char* out) { std::reverse_copy(text.begin(), text.end(), out); });
}

int stringByte(lua_State* state) {
    const auto text = textArgument(state, 1);
    const lua_Integer first = luaL_optinteger(state, 2, 1);
    const std::size_t begin = startOffset(first, text.size());
    const std::size_t end = endOffset(luaL_optinteger(state, 3, first), text.size());
    if (begin >= end) return 0;
    if (end - begin > 200) return luaL_error(state, "string.byte: more than 200 values");
    luaL_checkstack(state, static_cast<int>(end - begin), "string.byte");
    for (std::size_t i = begin; i < end; ++i) lua_pushinteger(state, static_cast<unsigned char>(text[i]));
    return static_cast<int>(end - begin);
}

int stringChar(lua_State* state) {
    const int count = lua_gettop(state);
    luaL_Buffer buffer;
    char* out = luaL_buffinitsize(state, &buffer, static_cast<std::size_t>(count));
    for (int i = 1; i <= count; ++i) {
        const lua_Integer code = luaL_checkinteger(state, i);
        luaL_argcheck(state, code >= 0 && code <= 255, i, "value out of range");
        out[i - 1] = static_cast<char>(code);
    }
    luaL_pushresultsize(&buffer, static_cast<std::size_t>(count));
    return 1;
}

int stringRep(lua_State* state) {
    const auto text = textArgument(state, 1);
    const lua_Integer count = luaL_checkinteger(state, 2);
    const std::string_view between = lua_isnoneornil(state, 3) ? std::string_view() : textArgument(state, 3);
    const std::size_t each = text.size() + between.size();
    if (count <= 0 || each == 0) {
        pushText(state, "");
        return 1;
    }
    const std::size_t most = Budget::of(state).limits->maxStringBytes;
    if (static_cast<std::size_t>(count) > most / each) raiseLimit(state, "limit maxStringBytes passed");
    const auto times = static_cast<std::size_t>(count);
    charge(state, static_cast<std::int64_t>(times / 16));
    luaL_Buffer buffer;
    const std::size_t total = each * times - between.size();
    char* out = luaL_buffinitsize(state, &buffer, total);
    for (std::size_t i = 0; i < times; ++i) {
        out = std::copy(text.begin(), text.end(), out);
        if (i + 1 < times) out = std::copy(between.begin(), between.end(), out);
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

void compilePattern(lua_State* state, Pattern& pattern, int index) {
    if (const char* fault = pattern.compile(textArgument(state, index))) luaL_error(state, "%s", fault);
}

void pushCapture(lua_State* state, std::string_view subject, const Pattern::Capture& capture) {
    if (capture.length == Pattern::kPosition) {
        lua_pushinteger(state, static_cast<lua_Integer>(capture.begin + 1));
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
    lua_pushinteger(state, static_cast<lua_Integer>(start + 1));
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
    lua_pushinteger(state, static_cast<lua_Integer>(subject.size() + 1));
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

/// One conversion of format: flags, width and precision of at most two digits each.
std::size_t readSpec(lua_State* state, std::string_view format, std::size_t at, char (&spec)[16]) {
    std::size_t length = 0;
    spec[length++] = '%';
    std::size_t digits = 0;
    for (; at < format.size() && std::string_view("-+ #0123456789.").find(format[at]) != std::string_view::npos; ++at) {
        const bool digit = format[at] >= '0' && format[at] <= '9';
        digits = digit ? digits + 1 : 0;
        if (digits > 2 || length > 9) luaL_error(state, "string.format: width or precision too long");
        spec[length++] = format[at];
    }
    if (at == format.size()) luaL_error(state, "string.format: unfinished conversion");
    spec[length] = '\0';
    return at;
}

void appendTo(char (&spec)[16], const char* tail) {
    std::strncat(spec, tail, sizeof spec - std::strlen(spec) - 1);
}

void addNumber(lua_State* state, luaL_Buffer* buffer, char (&spec)[16], char kind, int index) {
    char out[480];  // "%99.99f" of the largest double
    int written = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (kind == 'd' || kind == 'i' || kind == 'x' || kind == 'X' || kind == 'o' || kind == 'c') {
        const lua_Integer value = luaL_checkinteger(state, index);
        if (kind == 'c') {
            luaL_addchar(buffer, static_cast<char>(value));
            return;
        }
        const char tail[] = {'l', 'l', kind, '\0'};
        appendTo(spec, tail);
        written = std::snprintf(out, sizeof out, spec, value);
    } else {
        const char tail[] = {kind, '\0'};
        appendTo(spec, tail);
        written = std::snprintf(out, sizeof out, spec, luaL_checknumber(state, index));
    }
#pragma GCC diagnostic pop
    luaL_addlstring(buffer, out, static_cast<std::size_t>(std::clamp(written, 0, int{sizeof out} - 1)));
}

void addText(lua_State* state, luaL_Buffer* buffer, const char* spec, int index) {
    std::size_t size = 0;
    if (lua_istable(state, index) || lua_isfunction(state, index)) {
        luaL_error(state, "string.format: %%s takes no %s", luaL_typename(state, index));
    }
    // In place of the argument: a buffer wants its own value on top of the stack.
    const char* data = luaL_tolstring(state, index, &size);
    lua_replace(state, index);
    std::size_t width = 0;
    std::size_t precision = size;
    const bool left = std::strchr(spec, '-') != nullptr;
    for (const char* c = spec; *c != '\0'; ++c) {
        if (*c == '.') {
            precision = 0;
            while (c[1] >= '0' && c[1] <= '9') precision = precision * 10 + static_cast<std::size_t>(*++c - '0');
        } else if (*c >= '0' && *c <= '9') {
            width = width * 10 + static_cast<std::size_t>(*c - '0');
        }
    }
    const std::size_t used = std::min(size, precision);
    const std::size_t padding = width > used ? width - used : 0;
    char spaces[128];
    std::memset(spaces, ' ', sizeof spaces);
    if (!left) luaL_addlstring(buffer, spaces, padding);
    luaL_addlstring(buffer, data, used);
    if (left) luaL_addlstring(buffer, spaces, padding);
}

int stringFormat(lua_State* state) {
    const auto format = textArgument(state, 1);
    charge(state, static_cast<std::int64_t>(format.size() / 8));
    const int arguments = lua_gettop(state);
    int index = 1;
    luaL_Buffer buffer;
    luaL_buffinit(state, &buffer);
    for (std::size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%') {
            luaL_addchar(&buffer, format[at]);
            continue;
        }
        if (at + 1 < format.size() && format[at + 1] == '%') {
            luaL_addchar(&buffer, '%');
            ++at;
            continue;
        }
        char spec[16];
        at = readSpec(state, format, at + 1, spec);
        const char kind = format[at];
        if (++index > arguments) return luaL_error(state, "string.format: no value for conversion %d", index - 1);
        if (kind == 's') {
            addText(state, &buffer, spec, index);
        } else if (std::string_view("dixXoceEfFgG").find(kind) != std::string_view::npos) {
            addNumber(state, &buffer, spec, kind, index);
        } else {
            return luaL_error(state, "string.format: conversion '%%%c' is not offered", kind);
        }
        checkSize(state, luaL_bufflen(&buffer));
    }
    luaL_pushresult(&buffer);
    return 1;
}

}  // namespace

void pushStringLibrary(lua_State* state) {
    static const luaL_Reg kFunctions[] = {{"len", stringLen},       {"sub", stringSub},         {"upper", stringUpper},
                                          {"lower", stringLower},   {"reverse", stringReverse}, {"byte", stringByte},
                                          {"char", stringChar},     {"rep", stringRep},         {"find", stringFind},
                                          {"match", stringMatch},   {"gmatch", stringGmatch},   {"gsub", stringGsub},
                                          {"format", stringFormat}, {nullptr, nullptr}};
    luaL_newlib(state, kFunctions);
}

}  // namespace yimen::lua
