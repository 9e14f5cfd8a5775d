#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "admin/share_desk.h"
#include "main/foundation.h"
#include "main/sync_service.h"

namespace yimen::main {

/// Sharing of a running hub: who may have which data of the shared database, the reading of it, and a thread that sends
/// changes. Thread-safe once opened. `sync` and `base` outlive it.
class ShareSide {
    /// Only open() makes one.
    struct Key {};

public:
    ShareSide(Key, Foundation& base, SyncService& sync, catalog::Owners owners, std::chrono::minutes utcOffset);
    ~ShareSide();
    static core::Result<std::unique_ptr<ShareSide>> open(Foundation& base, SyncService& sync,
                                                         std::chrono::minutes utcOffset);

    admin::ShareDesk& desk() noexcept { return desk_; }

private:
    void send();

    const catalog::Owners owners_;
    admin::DirectoryUnits units_;
    catalog::ShareService service_;
    catalog::ShareReader reader_;
    catalog::ShareTokens tokens_;
    catalog::SharePusher pushes_;
    admin::ShareDesk desk_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread sender_;
};

}  // namespace yimen::main
