#include "adapter/system_adapter.h"

#include <algorithm>

#include "adapter/engine_base.h"
#include "core/ascii.h"
#include "core/path.h"

namespace yimen::adapter {

SystemAdapter::SystemAdapter(std::shared_ptr<const Manifest> manifest, std::unique_ptr<const SignOnEngine> engine,
                             std::shared_ptr<http::HttpClient> client, const core::Clock& clock,
                             std::shared_ptr<const TrafficHook> hook)
    : manifest_(std::move(manifest)),
      engine_(std::move(engine)),
      client_(std::move(client)),
      clock_(clock),
      hook_(std::move(hook)),
      inspector_(manifest_->signals) {}

std::shared_ptr<SystemSession> SystemAdapter::newSession() const {
    return std::make_shared<SystemSession>(manifest_->origin.servers.front(), clock_.wall());
}

core::Status SystemAdapter::prepare(SystemSession& session, const OutgoingRequest& request, HeaderSink& sink) const {
    YIMEN_TRY_STATUS(engine_->decorate(session, request, clock_, sink));
    const auto now = clock_.wall();
    session.touch(now);
    std::string cookies = session.cookieHeader(request.target, now);
    if (!request.passedCookies.empty()) {
        if (!cookies.empty()) cookies += "; ";
        cookies += request.passedCookies;
    }
    if (!cookies.empty()) sink.set("Cookie", cookies);
    return {};
}

Verdict SystemAdapter::absorb(SystemSession& session, const ResponseView& response) const {
    for (const auto& field : response.headers) {
        if (core::equalIgnoreCase(field.name, "set-cookie")) {
            session.storeCookie(field.value, response.requestTarget, clock_.wall());
        }
    }
    const auto learned = engine_->absorb(session, response, clock_);
    if (learned != Verdict::kOk) return learned;
    // Signing off inside the system ends at its login page: that is what the person wants, not an expired session.
    return isLogout(response) ? Verdict::kOk : inspector_.inspect(response);
}

bool SystemAdapter::isLogout(const ResponseView& response) const noexcept {
    if (!manifest_->logout || !manifest_->logout->page.empty()) return false;
    return core::splitTarget(response.requestTarget).path == core::splitTarget(manifest_->logout->path).path;
}

bool SystemAdapter::needsBodyPrefix(const ResponseView& response) const noexcept {
    if (isLogout(response) || !inspector_.needsBodyPrefix(response)) return false;
    const auto path = core::splitTarget(response.requestTarget).path;
    const auto& downloads = manifest_->paths.downloads;
    return std::none_of(downloads.begin(), downloads.end(), [&](const std::string& pattern) {
        return core::pathMatches(path, pattern, manifest_->paths.ignoreCase);
    });
}

Verdict SystemAdapter::inspectBody(const ResponseView& response, std::string_view prefix) const noexcept {
    return inspector_.inspectBody(response, prefix);
}

bool SystemAdapter::wantsIdentityEncoding() const noexcept {
    return inspector_.looksAtBodies() || !manifest_->rewrite.body.empty();
}

SystemAdapter::KeptAlive SystemAdapter::keepAlive(const SignOnContext& context) const {
    if (!context.session.signedOn()) return KeptAlive::kExpired;
    if (manifest_->keepAlive.call.path.empty()) return KeptAlive::kStands;
    Exchange exchange(context, *manifest_, context.session.jar());
    const auto response = performCall(*engine_, exchange, manifest_->keepAlive.call, "keepalive");
    if (!response.ok()) return KeptAlive::kUnknown;
    if (anyMatches(manifest_->signals.expired, *manifest_, *response)) return KeptAlive::kExpired;
    for (const auto& field : response->fields) {
        if (core::equalIgnoreCase(field.name, "set-cookie")) {
            context.session.storeCookie(field.value, manifest_->keepAlive.call.path, context.clock.wall());
        }
    }
    return response->status < 400 ? KeptAlive::kStands : KeptAlive::kUnknown;
}

}  // namespace yimen::adapter
