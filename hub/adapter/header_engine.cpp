#include "adapter/header_engine.h"

#include "core/bytes.h"
#include "core/url.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

class HeaderState final : public EngineState {
public:
    TemplateFields headers;  ///< name -> percent-encoded value
    core::Secret key;
};

/// The identity headers, the time and the signature for one request.
core::Result<TemplateFields> sign(const HeaderLogin& settings, const HeaderState& state, const OutgoingRequest& request,
                                  const core::Clock& clock) {
    const std::string time = std::to_string(core::toUnixSeconds(clock.wall()));
    YIMEN_TRY(const auto text,
              expandTemplate(settings.signed_, [&](std::string_view name) -> std::optional<std::string> {
                  if (name == "time") return time;
                  if (name == "method") return std::string(request.method);
                  if (name == "target") return std::string(request.target);
                  for (const auto& [header, value] : state.headers) {
                      if (header == name) return value;
                  }
                  return std::nullopt;
              }));
    const auto algorithm = settings.hash == "sm3" ? crypto::DigestAlgorithm::kSm3 : crypto::DigestAlgorithm::kSha256;
    const auto mac = crypto::hmac(algorithm, core::asBytes(state.key.reveal()), core::asBytes(text));
    TemplateFields out = state.headers;
    if (!settings.timeHeader.empty()) out.emplace_back(settings.timeHeader, time);
    out.emplace_back(settings.signatureHeader, core::toHex(mac));
    return out;
}

}  // namespace

core::Result<SignOnOutcome> HeaderEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.header;
    auto state = std::make_shared<HeaderState>();
    for (const auto& [name, text] : settings.headers) {
        YIMEN_TRY(const auto value, fill(text, context));
        state->headers.emplace_back(name, core::percentEncode(value));
    }
    YIMEN_TRY(auto key, fill("{" + settings.key + "}", context));
    state->key = core::Secret(std::move(key));
    YIMEN_TRY(auto headers, sign(settings, *state, {"GET", settings.probe, {}}, context.clock));
    ExchangeRequest request{"submit", "GET", settings.probe, {}, {}};
    for (auto& [name, value] : headers) request.fields.push_back({name, std::move(value)});
    Exchange exchange(context, manifest());
    const auto response = exchange.send(std::move(request));
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome == Outcome::kOk) context.session.establish(std::move(exchange.jar()), std::move(state));
    return exchange.finish(judgement.outcome, "submit", judgement.sign);
}

core::Status HeaderEngine::decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                                    HeaderSink& sink) const {
    const auto state = std::dynamic_pointer_cast<HeaderState>(session.state());
    if (!state) return core::makeError(core::ErrorCode::kUnauthenticated, "not signed on to this system");
    YIMEN_TRY(const auto headers, sign(manifest().login.header, *state, request, clock));
    for (const auto& [name, value] : headers) sink.set(name, value);
    return {};
}

}  // namespace yimen::adapter
