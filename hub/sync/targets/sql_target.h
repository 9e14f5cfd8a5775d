#pragma once

#include <functional>
#include <memory>

#include "sync/run.h"
#include "sync/targets/fenced_writer.h"

namespace yimen::sync {

/// Makes the database's own part of a writer.
using MakeSink =
    std::function<core::Result<std::unique_ptr<RowSink>>(std::shared_ptr<const ItemTable>, const TargetOptions&)>;

/// What the two databases differ in, besides their connections.
struct DatabaseKind {
    std::shared_ptr<SqlPool> pool;
    MakeSink sink;
    bool checkText = false;  ///< see Planner
    std::shared_ptr<Inquirer> inquirer;
};

/// Brings the control tables up to date and joins the parts to a SharedDatabase. kInvalidInput when `options` lack a
/// clock or a sealer.
core::Result<SharedDatabase> openShared(DatabaseKind kind, TargetOptions options);

}  // namespace yimen::sync
