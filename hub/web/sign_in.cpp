#include "web/sign_in.h"

#include "core/log.h"
#include "core/unicode.h"
#include "http/cookies.h"

namespace yimen::web {

using Kind = SignInResult::Kind;

namespace {

std::string text(const http::Params& params, std::string_view name) {
    return std::string(params.text(name));
}

SignInResult refusal(const identity::LoginAdmission& admission) {
    SignInResult result;
    result.kind = admission.locked ? Kind::kLocked : Kind::kThrottled;
    result.retryAfter = admission.retryAfter;
    return result;
}

/// Two tabs of one browser that were both at the sign-in page share a session: ending the first would take it from a
/// page that is still loading. Later a new sign-in means a new session.
constexpr std::chrono::minutes kTogether{2};

}  // namespace

SignInResult SignIn::attempt(const http::Request& request, const SignInAttempt& attempt) const {
    const identity::LoginSource source{request.peerIp, {}, std::string(request.headers.first("User-Agent"))};
    const auto admission = hub_.authenticator.begin(attempt.username, source, text(request.cookies, kDeviceCookie));
    auto event = eventOf("login.failed", request);
    event.result = audit::AuditResult::kFailed;
    // What was typed is recorded only as far as it can be an account: people type passwords there.
    event.subject = admission.attempt.person != 0 ? admission.attempt.usernameKey : "unknown";
    if (!admission.admitted) {
        event.fields.emplace_back("reason", admission.locked ? "locked" : "throttled");
        const auto refused = refusal(admission);
        return record(hub_, std::move(event)).ok() ? refused : SignInResult{};
    }
    const auto verdict = hub_.authenticator.verify(admission.attempt, attempt.password);
    auto finished = hub_.authenticator.finish(admission.attempt, verdict);
    SignInResult result;
    if (!finished.ok()) {
        event.fields.emplace_back("reason", finished.error().detail);
        const bool recorded = record(hub_, std::move(event)).ok();
        result.kind =
            recorded && finished.error().code == core::ErrorCode::kUnauthenticated ? Kind::kWrong : Kind::kBusy;
        return result;
    }
    result.person = finished->person;
    result.deviceCookie = finished->deviceCookie;
    if (finished->mustChange != identity::MustChange::kNo) {
        result.kind = Kind::kMustChange;
        return result;
    }
    auto created = open(request, finished->person);
    if (!created.ok()) {
        core::logError("login.session_failed", {{"error", created.error().describe()}});
        return result;
    }
    result.kind = Kind::kSignedIn;
    result.created = std::move(*created);
    return result;
}

SignIn::Reauthentication SignIn::again(const http::Request& request, const store::PersonRecord& person,
                                       const core::Secret& password) const {
    const identity::LoginSource source{request.peerIp, {}, {}};
    const auto admission = hub_.authenticator.begin(person.username, source, text(request.cookies, kDeviceCookie));
    if (!admission.admitted) return Reauthentication::kThrottled;
    const auto verdict = hub_.authenticator.verify(admission.attempt, password);
    return hub_.authenticator.finish(admission.attempt, verdict).ok() ? Reauthentication::kOk
                                                                      : Reauthentication::kWrong;
}

core::Result<identity::SessionTable::Created> SignIn::open(const http::Request& request,
                                                           identity::PersonId person) const {
    const auto directory = hub_.directory.current();
    const auto today = identity::dayAt(hub_.clock.wall(), hub_.site.utcOffset);
    const auto* post = directory->actingPost(person, 0, today);
    identity::SessionTable::NewSession wanted;
    wanted.person = person;
    wanted.actingPost = post == nullptr ? 0 : post->id;
    wanted.ip = request.peerIp;
    wanted.userAgent = std::string(request.headers.first("User-Agent"));
    const std::string cookie = text(request.cookies, kHubCookie);
    const auto former = hub_.sessions.peek(cookie, identity::kHubPurpose).session;
    const bool together = former && former->person() == person && hub_.clock.wall() - former->createdAt() < kTogether;
    identity::SessionTable::Created opened{former, cookie};
    if (!together) {
        YIMEN_TRY(opened, hub_.sessions.create(wanted));
    }
    auto event = eventOf("login.ok", request);
    const auto* record = directory->person(person);
    event.actor = record == nullptr ? std::string() : record->usernameKey;
    event.fields.emplace_back("session", opened.session->id().hex());
    if (auto durable = web::record(hub_, std::move(event)); !durable.ok()) {
        // Nobody is signed in without a line that says so.
        if (!together) end(*opened.session, identity::SessionTable::EndReason::kEndedByOther);
        return durable.error();
    }
    if (former && !together) end(*former, identity::SessionTable::EndReason::kReplaced);
    return opened;
}

void SignIn::end(const identity::Session& session, identity::SessionTable::EndReason reason) const {
    if (auto ended = hub_.sessions.end(session.id(), reason); !ended.ok()) {
        core::logError("login.session_not_ended", {{"error", ended.error().describe()}});
    }
}

void SignIn::setCookies(http::Response& response, const SignInResult& result) {
    if (!result.deviceCookie.empty()) {
        http::addCookie(response, {kDeviceCookie, result.deviceCookie, http::SameSite::kStrict, true,
                                   identity::DeviceCookies::kLifetime});
    }
    if (result.kind == Kind::kSignedIn) {
        http::addCookie(response,
                        {std::string(kHubCookie), result.created.cookie, http::SameSite::kLax, true, std::nullopt});
    }
}

}  // namespace yimen::web
