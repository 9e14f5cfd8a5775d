#pragma once

#include "core/result.h"
#include "core/url.h"
#include "main/foundation.h"

namespace yimen::main {

/// Nothing is built in: while nobody has a password, prints a link on the terminal through which the first
/// administrator is made. It works once, for a day. `hub` is the address of the hub host.
core::Status announceFirstAdmin(Foundation& base, const core::Url& hub);

}  // namespace yimen::main
