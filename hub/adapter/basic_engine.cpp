#include "adapter/basic_engine.h"

#include "core/bytes.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

class BasicState final : public EngineState {
public:
    explicit BasicState(core::Secret value) : header(std::move(value)) {}
    const core::Secret header;
};

}  // namespace

core::Result<SignOnOutcome> BasicEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.basic;
    YIMEN_TRY(auto user, fill("{username}", context));
    YIMEN_TRY(auto password, fill("{password}", context));
    if (user.find(':') != std::string::npos) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "a user name with ':' cannot be sent (RFC 7617 section 2)");
    }
    YIMEN_TRY(auto pair, core::encodeCharset(user + ":" + password, settings.charset));
    core::Secret header("Basic " + core::toBase64(core::asBytes(pair)));
    core::wipeText(pair);
    core::wipeText(password);

    Exchange exchange(context, manifest());
    const auto response = exchange.send({"submit",
                                         "GET",
                                         settings.probe,
                                         {{"Authorization", std::string(header.reveal())}},
                                         {}});  // the sign-on itself
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome == Outcome::kOk) {
        context.session.establish(std::move(exchange.jar()), std::make_shared<BasicState>(std::move(header)));
    }
    return exchange.finish(judgement.outcome, "submit", judgement.sign);
}

core::Status BasicEngine::decorate(SystemSession& session, const OutgoingRequest&, const core::Clock&,
                                   HeaderSink& sink) const {
    const auto state = std::dynamic_pointer_cast<BasicState>(session.state());
    if (!state) return core::makeError(core::ErrorCode::kUnauthenticated, "not signed on to this system");
    sink.set("Authorization", state->header.reveal());  // what the system asks for on every request
    return {};
}

}  // namespace yimen::adapter
