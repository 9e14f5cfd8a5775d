#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace yimen::sync {

/// Turns "vault:SYSTEM/ACCOUNT", "env:NAME" or "file:PATH" into the secret. Any thread.
using SecretLookup = std::function<core::Result<core::Secret>(const std::string& reference)>;

}  // namespace yimen::sync
