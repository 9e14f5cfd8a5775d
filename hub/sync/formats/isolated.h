#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/result.h"

namespace yimen::sync {

/// What a piece of work may take in its own process.
struct IsolationLimits {
    std::chrono::milliseconds time{30'000};
    std::size_t maxOutput = std::size_t{256} << 20U;
};

/// Runs `work` in a child process that shares nothing with us but a pipe, and gives the text it returned: for libraries
/// that a hostile document can bring down. kUpstream when the child died or answered nothing, kTimeout, kTooLarge.
/// `work` must not touch locks, threads or files of the hub. Blocks; any thread.
core::Result<std::string> runIsolated(const std::function<std::string()>& work, const IsolationLimits& limits = {});

}  // namespace yimen::sync
