#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "admin/check_desk.h"
#include "admin/lineage_desk.h"
#include "main/foundation.h"
#include "main/sync_service.h"

namespace yimen::main {

/// The checks of a running hub, carried out by their schedules on one thread. Thread-safe once opened; `base` and
/// `sync` outlive it.
class CheckSide {
    /// Only open() makes one.
    struct Key {};

public:
    CheckSide(Key, Foundation& base, SyncService& sync, std::vector<catalog::CheckSpec> checks);
    ~CheckSide();
    /// kInvalidInput with every fault of policies/checks.
    static core::Result<std::unique_ptr<CheckSide>> open(Foundation& base, SyncService& sync);

    admin::CheckDesk& desk() noexcept { return desk_; }
    admin::LineageDesk& lineage() noexcept { return lineage_; }

private:
    void watch();
    void runDue();

    Foundation& base_;
    const std::vector<catalog::CheckSpec> checks_;
    catalog::CheckRunner runner_;
    admin::CheckDesk desk_;
    admin::LineageDesk lineage_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread watcher_;
};

}  // namespace yimen::main
