#include "adapter/ltpa_engine.h"

#include <algorithm>
#include <atomic>

#include "adapter/ltpa_token.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

class LtpaState final : public EngineState {
public:
    LtpaState(std::string userBytes, core::Secret secretBytes, std::chrono::milliseconds life,
              std::chrono::seconds shorter)
        : user_(std::move(userBytes)), secret_(std::move(secretBytes)), life_(life), shorter_(shorter) {}

    std::string mint(core::WallTime now) {
        // A server's clock may be a little behind: a token from the future is refused.
        constexpr std::chrono::seconds kClockSlack{30};
        const auto created = now - kClockSlack;
        remintAtUs_.store(core::toUnixMicros(now + life_ * 8 / 10));
        return makeLtpaToken(user_, core::asBytes(secret_.reveal()), created, created + life_ - shorter_);
    }
    bool due(core::WallTime now) const { return core::toUnixMicros(now) >= remintAtUs_.load(); }

private:
    const std::string user_;
    const core::Secret secret_;
    const std::chrono::milliseconds life_;
    const std::chrono::seconds shorter_;
    std::atomic<std::int64_t> remintAtUs_{0};
};

/// A token counts whole seconds, so two sign-ons of one second would make the same one: a server that has ended the
/// first would refuse the second. Each sign-on therefore takes some seconds off the life, within a tenth of it.
std::chrono::seconds someSecondsOf(std::chrono::milliseconds life, core::Random& random) {
    constexpr std::uint64_t kSpread = 641;
    const auto seconds = std::chrono::seconds(random.uint64() % kSpread);
    return std::min(seconds, std::chrono::duration_cast<std::chrono::seconds>(life / 10));
}

}  // namespace

core::Result<SignOnOutcome> LtpaEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.ltpa;
    YIMEN_TRY(const auto user, fill(settings.user, context));
    YIMEN_TRY(auto userBytes, core::encodeCharset(user, settings.charset));
    YIMEN_TRY(auto text, fill("{" + settings.secret + "}", context));
    const auto secret = core::fromBase64(text);
    core::wipeText(text);
    if (!secret.ok()) {
        return core::makeError(core::ErrorCode::kInvalidInput, "system secret '" + settings.secret + "' is not Base64");
    }
    auto state = std::make_shared<LtpaState>(std::move(userBytes), core::Secret(std::string(core::asText(*secret))),
                                             settings.lifetime, someSecondsOf(settings.lifetime, context.random));
    const auto now = context.clock.wall();
    CookieJar jar;
    jar.put(settings.cookie, state->mint(now), context.session.origin(), now);
    Exchange exchange(context, manifest(), std::move(jar));
    const auto response = exchange.send({"submit", "GET", settings.probe, {}, {}});
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome == Outcome::kOk) context.session.establish(std::move(exchange.jar()), std::move(state));
    return exchange.finish(judgement.outcome, "submit", judgement.sign);
}

core::Result<SignOnOutcome> LtpaEngine::refresh(const SignOnContext& context) const {
    const auto state = std::dynamic_pointer_cast<LtpaState>(context.session.state());
    if (!state) return EngineBase::refresh(context);
    const auto now = context.clock.wall();
    context.session.putCookie(manifest().login.ltpa.cookie, state->mint(now), now);
    context.session.renew(state, {});
    return SignOnOutcome{Outcome::kOk, "refresh", "minted anew", {}};
}

core::Status LtpaEngine::decorate(SystemSession& session, const OutgoingRequest&, const core::Clock& clock,
                                  HeaderSink&) const {
    const auto state = std::dynamic_pointer_cast<LtpaState>(session.state());
    if (!state) return core::makeError(core::ErrorCode::kUnauthenticated, "not signed on to this system");
    const auto now = clock.wall();
    if (state->due(now)) session.putCookie(manifest().login.ltpa.cookie, state->mint(now), now);
    return {};
}

}  // namespace yimen::adapter
