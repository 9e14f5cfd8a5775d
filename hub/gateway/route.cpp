#include "gateway/route.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/path.h"
#include "identity/session_table.h"

namespace yimen::gateway {

namespace {

bool matchesAny(const std::vector<std::string>& patterns, std::string_view path, bool ignoreCase) noexcept {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return core::pathMatches(path, pattern, ignoreCase); });
}

std::vector<OriginMapping> mappingsOf(const adapter::Manifest& manifest, const std::string& publicOrigin) {
    std::vector<OriginMapping> mappings;
    for (const auto& server : manifest.origin.servers) mappings.push_back({server.origin(), publicOrigin});
    return mappings;
}

}  // namespace

Route::Route(std::shared_ptr<const adapter::SystemAdapter> system, std::shared_ptr<net::UpstreamGroup> group,
             const core::Url& app, const core::Url& hub, const core::Url& origin)
    : adapter(std::move(system)),
      upstream(std::move(group)),
      id(manifest().id),
      publicOrigin(app.origin()),
      systemOrigin(origin.origin()),
      hubOrigin(hub.origin()),
      hostField(manifest().origin.host == adapter::HostHeader::kPublic ? app.authority() : origin.authority()),
      cookiePurpose(identity::appPurpose(id)),
      guard(manifest().headers.identity),
      urls(mappingsOf(manifest(), publicOrigin)),
      identityEncoding(adapter->wantsIdentityEncoding()) {}

bool Route::isPublic(std::string_view path) const noexcept {
    return matchesAny(manifest().paths.publicPaths, path, manifest().paths.ignoreCase);
}

bool Route::isDenied(std::string_view path) const noexcept {
    return matchesAny(manifest().paths.denied, path, manifest().paths.ignoreCase);
}

bool Route::isDownload(std::string_view path) const noexcept {
    return matchesAny(manifest().paths.downloads, path, manifest().paths.ignoreCase);
}

bool Route::passesCookie(std::string_view name) const noexcept {
    const auto& pass = manifest().cookies.pass;
    return std::find(pass.begin(), pass.end(), name) != pass.end();
}

std::string_view hostName(std::string_view hostField) noexcept {
    if (hostField.starts_with('[')) return hostField.substr(0, hostField.find(']') + 1);
    return hostField.substr(0, hostField.find(':'));
}

const std::shared_ptr<const Route>* RouteTable::find(std::string_view host) const {
    const std::string_view name = hostName(host);
    auto found = routes_.find(name);
    if (found == routes_.end()) found = routes_.find(core::lowerCase(name));
    return found == routes_.end() ? nullptr : &found->second;
}

}  // namespace yimen::gateway
