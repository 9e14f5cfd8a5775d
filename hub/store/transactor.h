#pragma once

#include <functional>

#include "core/result.h"

namespace yimen::store {

/// All or nothing across several stores. Thread-safe, blocking.
class Transactor {
public:
    virtual ~Transactor() = default;
    /// Runs `work` with every store call of this thread inside one durable transaction: committed when it returns
    /// success, rolled back when it returns an error. Calls nest: the outermost one decides.
    virtual core::Status transaction(const std::function<core::Status()>& work) = 0;
};

}  // namespace yimen::store
