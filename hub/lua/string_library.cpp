// string.*: functions whose cost follows their input take from the step budget or are bounded by maxStringBytes. No
// function here keeps an object with a destructor on its stack: Lua errors leave by longjmp.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "lua/budget.h"
#include "lua/libraries.h"
#include "lua/text_arguments.h"

namespace yimen::lua {

namespace {

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
    static const luaL_Reg kFunctions[] = {{"len", stringLen},     {"sub", stringSub},         {"upper", stringUpper},
                                          {"lower", stringLower}, {"reverse", stringReverse}, {"byte", stringByte},
                                          {"char", stringChar},   {"rep", stringRep},         {"format", stringFormat},
                                          {nullptr, nullptr}};
    luaL_newlib(state, kFunctions);
    luaL_setfuncs(state, kPatternFunctions, 0);
}

}  // namespace yimen::lua
