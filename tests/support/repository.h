#pragma once

#include <string>

namespace yimen::test {

/// The repository that this test belongs to: $YIMEN_REPOSITORY (ctest sets it), else the first folder above the program
/// that looks like one. Not a macro on the command line: that would give every checkout objects of its own, and a
/// compiler cache nothing to find. Any thread.
const std::string& repository();

}  // namespace yimen::test
