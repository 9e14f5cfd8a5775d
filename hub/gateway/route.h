#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "adapter/system_adapter.h"
#include "core/url.h"
#include "gateway/header_guard.h"
#include "gateway/url_rewriter.h"
#include "net/upstream.h"

namespace yimen::gateway {

/// Everything about one system that a request needs, worked out once. Immutable, shared by the loops; a request keeps
/// its own pointer, so that a reload never pulls a system away under it.
struct Route {
    Route(std::shared_ptr<const adapter::SystemAdapter> system, std::shared_ptr<net::UpstreamGroup> group,
          const core::Url& app, const core::Url& hub, const core::Url& origin);

    const adapter::Manifest& manifest() const noexcept { return adapter->manifest(); }
    bool isPublic(std::string_view path) const noexcept;
    bool isDenied(std::string_view path) const noexcept;
    bool isDownload(std::string_view path) const noexcept;
    /// Whether a cookie of that name is the browser's business (manifest `cookies.pass`).
    bool passesCookie(std::string_view name) const noexcept;

    std::shared_ptr<const adapter::SystemAdapter> adapter;
    std::shared_ptr<net::UpstreamGroup> upstream;
    std::string id;
    std::string publicOrigin;  ///< "https://qu-oa.yimen.example"
    std::string systemOrigin;  ///< "http://10.1.2.3:8080"
    std::string hubOrigin;
    std::string hostField;      ///< what the Host field to the system holds
    std::string cookiePurpose;  ///< "app:qu-oa"
    HeaderGuard guard;
    UrlMap urls;
    bool identityEncoding = false;  ///< ask the system for an uncoded body
};

/// Which host name is which system. Immutable.
class RouteTable {
public:
    void add(std::string host, std::shared_ptr<const Route> route) { routes_[std::move(host)] = std::move(route); }
    /// `host` is the Host field: case and port do not matter. Null when no system lives there.
    const std::shared_ptr<const Route>* find(std::string_view host) const;
    const std::map<std::string, std::shared_ptr<const Route>, std::less<>>& all() const noexcept { return routes_; }

private:
    std::map<std::string, std::shared_ptr<const Route>, std::less<>> routes_;
};

/// The host name of a Host field: without port, not yet lower case.
std::string_view hostName(std::string_view hostField) noexcept;

}  // namespace yimen::gateway
