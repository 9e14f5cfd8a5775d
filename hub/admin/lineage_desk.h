#pragma once

#include <vector>

#include "admin/data_desk.h"
#include "catalog/check_spec.h"

namespace yimen::admin {

/// What the API of lineage stands on. Everything outlives the router.
struct LineageDesk {
    DataDesk& data;
    const std::vector<catalog::CheckSpec>& checks;
};

/// Freshness, quality and lineage of an item and its fields: where they come from, who has them.
core::Status mountLineage(http::Router& router, const web::WebContext& context, LineageDesk& desk);

}  // namespace yimen::admin
