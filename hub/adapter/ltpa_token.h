#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"

namespace yimen::adapter {

/// A Domino LTPA v1 token (domain.md 4.11): Base64(00 01 02 03, creation and expiry as 8 hexadecimal digits of unix
/// seconds, user in the server's charset, SHA-1 over all of it and the shared secret). Any thread.
std::string makeLtpaToken(std::string_view userBytes, core::ByteView secret, core::WallTime created,
                          core::WallTime expires);

}  // namespace yimen::adapter
