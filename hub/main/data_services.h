#pragma once

#include <chrono>
#include <memory>

#include "admin/sync_events.h"
#include "main/check_side.h"
#include "main/foundation.h"
#include "main/mapping_trial.h"
#include "main/share_side.h"
#include "main/sync_service.h"

namespace yimen::main {

/// Everything of a running hub that stands on the shared database. Signing on must not wait for it: a part that cannot
/// be opened is logged with what to mend and left out, its calls answer 404, and the rest serves. Made, mounted and
/// ended by one thread; `base` outlives it. Ending it ends the runs under way after their commit.
class DataServices {
public:
    /// `utcOffset` east of Greenwich, for dates in rules of rows and people's posts.
    DataServices(Foundation& base, std::chrono::minutes utcOffset);

    /// Adds the routes of what is open. The arguments outlive the router. Fails only when two routes collide.
    core::Status mount(http::Router& router, const web::WebContext& context);
    /// What data.yaml files and sources say now; the error names every fault. Changes nothing.
    core::Result<Systems> read(const config::Snapshot& config) const;
    /// Puts it in force for the runs to come.
    core::Status use(Systems systems);
    /// Sends those away who wait for news: they would be what a drain waits for.
    void stopEvents();

private:
    std::unique_ptr<SyncService> sync_;
    std::unique_ptr<ShareSide> shares_;
    std::unique_ptr<CheckSide> checks_;
    std::unique_ptr<MappingTrial> mappingTrial_;
    std::unique_ptr<admin::SyncEvents> events_;
};

}  // namespace yimen::main
