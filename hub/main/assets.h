#pragma once

#include <memory>
#include <string>

#include "config/snapshot.h"
#include "core/result.h"
#include "core/url.h"
#include "http/security_headers.h"
#include "http/static_files.h"
#include "http/template.h"

namespace yimen::main {

/// The built portal: its files, the names of the login page's assets, and the hashes its inline style needs.
struct Assets {
    std::shared_ptr<const http::StaticFiles> portal;
    std::shared_ptr<const http::Templates> templates;
    std::string loginCss;
    std::string loginJs;
    std::string mark;
    http::ContentPolicy policy;
};

/// Reads `portal_dir`; blocking, at start. The error says which file is missing or wrong.
core::Result<Assets> loadAssets(const config::Snapshot& config, const core::Url& hubUrl);

}  // namespace yimen::main
