#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "sync/target.h"

namespace yimen::sync {

/// Seals what a dead letter keeps of its source row. `context` is bound to the sealed bytes (item code): bytes that are
/// moved to another item do not open. Implementations are thread-safe.
class Sealer {
public:
    virtual ~Sealer() = default;
    virtual core::Result<std::string> seal(std::string_view plain, std::string_view context) = 0;
    virtual core::Result<std::string> unseal(std::string_view sealed, std::string_view context) = 0;
};

/// Whether commits are guarded by the fence of their claim.
enum class Fencing {
    kOn,
    kOffForProof  ///< for the tests that show what the fence prevents; never in a product
};

/// What both shared databases need. `clock` outlives everything that open() gives.
struct TargetOptions {
    const core::Clock* clock = nullptr;
    std::shared_ptr<Sealer> sealer;
    FailPoint failPoint;  ///< may be empty
    /// Keys of an item that a writer holds in memory (20 bytes each). An item with more is compared by the database.
    std::size_t maxKeys = 4'000'000;
    Fencing fencing = Fencing::kOn;
    /// How long a take-over waits for a commit of the former holder before the database ends that holder's session
    /// (PostgreSQL): a process that was stopped in the middle of a commit would hold it for ever.
    std::chrono::milliseconds takeOverWait{10'000};
};

}  // namespace yimen::sync
