#include "adapter/digest_engine.h"

#include "adapter/digest_auth.h"
#include "core/ascii.h"

namespace yimen::adapter {

namespace {

std::vector<HeaderRef> refsOf(const http::ClientResponse& response) {
    std::vector<HeaderRef> out;
    for (const auto& field : response.fields) out.push_back({field.name, field.value});
    return out;
}

}  // namespace

core::Result<SignOnOutcome> DigestEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.digest;
    YIMEN_TRY(const auto user, fill("{username}", context));
    YIMEN_TRY(auto password, fill("{password}", context));
    Exchange exchange(context, manifest());
    const auto asked = exchange.send({"login_page", "GET", settings.probe, {}, {}});
    if (!asked.ok()) return exchange.unreachable("login_page", asked.error());
    const auto challenge = chooseDigest(refsOf(*asked), settings.algorithm);
    if (asked->status != 401 || !challenge) {
        exchange.note("no Digest challenge with qop=auth");
        const bool down = asked->status >= 500;
        return exchange.finish(down ? Outcome::kUnreachable : Outcome::kPageChanged, "login_page",
                               "the system asks for no Digest account");
    }
    const bool sha = core::equalIgnoreCase(challenge->get("algorithm"), "SHA-256");
    const std::string algorithm = sha ? "SHA-256" : "MD5";
    core::Secret a1(digestA1(algorithm, user, challenge->get("realm"), password));
    core::wipeText(password);
    auto state = std::make_shared<DigestState>(
        DigestState::Account{user, std::move(a1), algorithm, context.random.hex(8)}, *challenge);
    const auto header = state->authorize("GET", settings.probe, context.clock.mono());
    const auto response = exchange.send({"submit", "GET", settings.probe, {{"Authorization", header}}, {}});
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome == Outcome::kOk) {
        const auto refs = refsOf(*response);
        state->absorb({response->status, refs, settings.probe}, context.clock.mono());
        context.session.establish(std::move(exchange.jar()), std::move(state));
    }
    return exchange.finish(judgement.outcome, "submit", judgement.sign);
}

core::Status DigestEngine::decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                                    HeaderSink& sink) const {
    const auto state = std::dynamic_pointer_cast<DigestState>(session.state());
    if (!state) return core::makeError(core::ErrorCode::kUnauthenticated, "not signed on to this system");
    sink.set("Authorization", state->authorize(request.method, request.target, clock.mono()));
    return {};
}

Verdict DigestEngine::absorb(SystemSession& session, const ResponseView& response, const core::Clock& clock) const {
    const auto state = std::dynamic_pointer_cast<DigestState>(session.state());
    return state ? state->absorb(response, clock.mono()) : Verdict::kOk;
}

}  // namespace yimen::adapter
