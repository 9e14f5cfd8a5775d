#pragma once

namespace yimen::core {

/// Prints expression, file and line to stderr and aborts. Called by YIMEN_CHECK only.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line) noexcept;

}  // namespace yimen::core

/// For our own bugs, in every build type; never for input.
#define YIMEN_CHECK(expression) \
    ((expression) ? static_cast<void>(0) : ::yimen::core::checkFailed(#expression, __FILE__, __LINE__))
