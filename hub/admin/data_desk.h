#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "core/result.h"
#include "http/router.h"
#include "sync/item_spec.h"
#include "sync/run.h"
#include "sync/runner/backfill_plan.h"
#include "sync/runner/pipeline.h"
#include "sync/runner/replayer.h"
#include "web/routes.h"

namespace yimen::admin {

/// What the API of the data side asks of the running program. Implemented in main. Thread-safe; `shared` blocks.
class DataDesk {
public:
    virtual ~DataDesk() = default;
    virtual const catalog::Catalog& catalog() const = 0;
    /// How the item is supplied; null when no data.yaml does.
    virtual sync::ItemSpecPtr spec(const std::string& code) const = 0;
    virtual sync::SharedDatabase& shared() = 0;
    /// Names of jobs (sync::jobName) that run on this node now.
    virtual std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> running() const = 0;
    /// wake: look for due jobs at once. cancel: end the run of the job of that name after its commit.
    virtual bool act(const std::string& name, bool cancel) = 0;
    /// What a backfill of the range would read; asks the source. kNotFound when nothing supplies the item.
    virtual core::Result<sync::BackfillPlan> planBackfill(const std::string& item, const sync::Range& range) = 0;
    /// Takes dead letters of an item in, or says what would become of them. kNotFound when nothing supplies the item.
    virtual core::Result<sync::ReplayReport> replay(const std::string& item, const sync::ReplayWish& wish) = 0;
};

/// Dead letters, removals and backfills of openapi.yaml; and catalogue, jobs and runs with them. The arguments must
/// outlive the router.
core::Status mountLetters(http::Router& router, const web::WebContext& context, DataDesk& desk);
core::Status mountRemovals(http::Router& router, const web::WebContext& context, DataDesk& desk);
core::Status mountBackfills(http::Router& router, const web::WebContext& context, DataDesk& desk);
core::Status mountData(http::Router& router, const web::WebContext& context, DataDesk& desk);

}  // namespace yimen::admin
