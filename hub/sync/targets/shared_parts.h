#pragma once

#include <memory>

#include "sync/item_view.h"
#include "sync/run.h"
#include "sync/targets/options.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// The parts of a SharedDatabase that are the same SQL in both databases. `pool` and `options` are shared by all.
std::unique_ptr<RunLog> makeRunLog(std::shared_ptr<SqlPool> pool, TargetOptions options);
std::unique_ptr<DeadLetters> makeDeadLetters(std::shared_ptr<SqlPool> pool, TargetOptions options);
std::unique_ptr<JobQueue> makeJobQueue(std::shared_ptr<SqlPool> pool, TargetOptions options);
std::unique_ptr<JobBoard> makeJobBoard(std::shared_ptr<SqlPool> pool, TargetOptions options);
std::unique_ptr<ItemRows> makeItemRows(std::shared_ptr<SqlPool> pool);
std::unique_ptr<RowLookup> makeRowLookup(std::shared_ptr<SqlPool> pool);
std::unique_ptr<ItemView> makeItemView(std::shared_ptr<SqlPool> pool, TargetOptions options);

/// What a removal is about.
struct RemovalOrder {
    const Claim& claim;
    const RemovalGuard& guard;
    /// The rows of the item, when the run is known to have seen every one of them.
    std::optional<std::uint64_t> allSeen;
};

/// What a complete read did not see, removed with its history in a transaction of its own: rows of the item that no
/// batch of the claim's run wrote and none saw unchanged. Memory is bounded by `options.maxKeys`: more keys are
/// compared in several passes. kConflict when the claim is lost.
core::Result<Removal> removeUnseenRows(SqlSession& session, const ItemTable& item, const RemovalOrder& order,
                                       const TargetOptions& options);

}  // namespace yimen::sync
