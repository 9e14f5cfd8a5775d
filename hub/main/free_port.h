#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace yimen::main {

/// A TCP port of `address` that was free a moment ago. For port 0 in the configuration, which tests use.
core::Result<std::uint16_t> freePort(const std::string& address);

}  // namespace yimen::main
