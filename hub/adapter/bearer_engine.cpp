#include "adapter/bearer_engine.h"

#include <algorithm>

namespace yimen::adapter {

namespace {

class BearerState final : public EngineState {
public:
    BearerState(core::Secret headerValue, core::Secret refreshValue)
        : header(std::move(headerValue)), refreshToken(std::move(refreshValue)) {}
    const core::Secret header;  ///< "Bearer ..."
    const core::Secret refreshToken;
};

std::vector<http::ClientField> jsonFields() {
    return {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
}

/// A token that may stand in a header (RFC 6750 section 2.1).
bool isToken(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

struct BearerEngine::Pair {
    std::shared_ptr<BearerState> state;
    core::WallTime refreshAt{};
};

std::optional<BearerEngine::Pair> BearerEngine::readPair(const http::ClientResponse& response,
                                                         core::WallTime now) const {
    const auto& settings = manifest().login.bearer;
    auto token = jsonText(response.body, settings.tokenMember);
    if (!token || !isToken(*token)) return std::nullopt;
    std::string refreshToken;
    if (!settings.refreshMember.empty()) refreshToken = jsonText(response.body, settings.refreshMember).value_or("");
    std::chrono::milliseconds life = settings.lifetime;
    if (!settings.expiresMember.empty()) {
        const auto seconds = jsonInteger(response.body, settings.expiresMember);
        constexpr std::int64_t kMonth = 31LL * 86400;
        if (seconds) life = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 1, kMonth));
    }
    Pair pair;
    // Never later than half of the life: a short token must not be used to its very end.
    const auto before = std::min(settings.refreshBefore, life / 2);
    if (!refreshToken.empty()) pair.refreshAt = now + (life - before);
    pair.state = std::make_shared<BearerState>(core::Secret(settings.scheme + " " + *token),
                                               core::Secret(std::move(refreshToken)));
    core::wipeText(*token);
    return pair;
}

core::Result<SignOnOutcome> BearerEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.bearer;
    YIMEN_TRY(auto body,
              jsonBody(settings.loginBody, [&](std::string_view name) { return secretValue(context.secrets, name); }));
    Exchange exchange(context, manifest());
    const auto response = exchange.send({"submit", "POST", settings.loginPath, jsonFields(), std::move(body)});
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome != Outcome::kOk) return exchange.finish(judgement.outcome, "submit", judgement.sign);
    const auto pair = readPair(*response, context.clock.wall());
    if (!pair) return exchange.finish(Outcome::kPageChanged, "submit", "the answer holds no token");
    context.session.establish(std::move(exchange.jar()), pair->state, pair->refreshAt);
    return exchange.finish(Outcome::kOk, "submit", judgement.sign);
}

core::Result<SignOnOutcome> BearerEngine::refresh(const SignOnContext& context) const {
    const auto& settings = manifest().login.bearer;
    const auto state = std::dynamic_pointer_cast<BearerState>(context.session.state());
    if (!state || state->refreshToken.empty()) return EngineBase::refresh(context);
    YIMEN_TRY(auto body, jsonBody(settings.refreshBody, [&](std::string_view name) -> std::optional<std::string> {
                  if (name == "refresh_token") return std::string(state->refreshToken.reveal());  // it is what is sent
                  return secretValue(context.secrets, name);
              }));
    Exchange exchange(context, manifest(), context.session.jar());
    const auto response = exchange.send({"refresh", "POST", settings.refreshPath, jsonFields(), std::move(body)});
    if (!response.ok()) return exchange.unreachable("refresh", response.error());
    const auto pair = response->status == 200 ? readPair(*response, context.clock.wall()) : std::nullopt;
    if (!pair) {
        exchange.note("no new token");
        const bool refused = response->status >= 400 && response->status < 500;
        return exchange.finish(refused ? Outcome::kBadPassword : Outcome::kPageChanged, "refresh",
                               "the system gave no new token");
    }
    context.session.renew(pair->state, pair->refreshAt);
    return exchange.finish(Outcome::kOk, "refresh", "new token");
}

core::Status BearerEngine::decorate(SystemSession& session, const OutgoingRequest&, const core::Clock&,
                                    HeaderSink& sink) const {
    const auto state = std::dynamic_pointer_cast<BearerState>(session.state());
    if (!state) return core::makeError(core::ErrorCode::kUnauthenticated, "not signed on to this system");
    sink.set("Authorization", state->header.reveal());  // what the system asks for on every request
    return {};
}

}  // namespace yimen::adapter
