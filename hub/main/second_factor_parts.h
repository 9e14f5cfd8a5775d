#pragma once

#include "identity/second_factors.h"
#include "main/foundation.h"

namespace yimen::main {

/// One-time codes and what they need, wired. The foundation outlives it.
struct SecondFactorParts {
    explicit SecondFactorParts(Foundation& base);

    VaultSeeds seeds;
    identity::LoginThrottle throttle;
    identity::DeviceCookies devices;
    identity::SecondFactors service;
};

}  // namespace yimen::main
