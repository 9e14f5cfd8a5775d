#pragma once

#include <memory>

#include "main/commands.h"
#include "main/data_side.h"
#include "main/foundation.h"

namespace yimen::main {

/// Foundation and data side of one command. A hub that runs keeps the vault; everything else works beside it.
struct SyncOpened {
    std::unique_ptr<Foundation> base;
    std::unique_ptr<DataSide> data;
};
core::Result<SyncOpened> openSync(const Arguments& arguments);
/// Writes down what the command line is about to do, as the API does for a person; on disk when it returns. Beside a
/// running hub, the one writer of its audit log, kConflict: the words say to do it `instead` there.
core::Status account(const SyncOpened& opened, audit::AuditEvent event, const char* instead);

/// The words of `yimen sync` that have a file of their own. Each gives the exit status.
int syncDead(SyncOpened& opened, const Arguments& arguments);
int syncReplay(SyncOpened& opened, const Arguments& arguments);
int syncPause(SyncOpened& opened, const Arguments& arguments);
int syncResume(SyncOpened& opened, const Arguments& arguments);
int syncCancel(SyncOpened& opened, const Arguments& arguments);
int syncRetry(SyncOpened& opened, const Arguments& arguments);
int syncExplain(SyncOpened& opened, const Arguments& arguments);

}  // namespace yimen::main
