#pragma once

#include "catalog/check_runner.h"
#include "http/router.h"
#include "web/routes.h"

namespace yimen::admin {

/// What the API of checks stands on. Everything outlives the router.
struct CheckDesk {
    const std::vector<catalog::CheckSpec>& checks;
    catalog::CheckRunner& runner;
};

/// Checks over several items and their alerts, as openapi.yaml says: for data stewards, read by auditors.
core::Status mountChecks(http::Router& router, const web::WebContext& context, CheckDesk& desk);

}  // namespace yimen::admin
