#include "adapter/ticket_engine.h"

#include "core/bytes.h"
#include "core/url.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

constexpr std::string_view kJson = "application/json";

}  // namespace

core::Result<ExchangeRequest> TicketEngine::tokenRequest(const SignOnContext& context) const {
    const auto& settings = manifest().login.ticket;
    ExchangeRequest request{"login_page", "POST", settings.tokenPath, {}, {}};
    YIMEN_TRY(request.body,
              jsonBody(settings.tokenBody, [&](std::string_view name) { return secretValue(context.secrets, name); }));
    YIMEN_TRY(const auto key, fill("{" + settings.accessKey + "}", context));
    YIMEN_TRY(auto secret, fill("{" + settings.secretKey + "}", context));
    const auto& prefix = settings.headerPrefix;
    const std::string stamp = std::to_string(core::toUnixMicros(context.clock.wall()) / 1000);
    const std::string nonce = context.random.hex(16);
    std::string text = "POST\n";
    text.append(kJson).append("\n").append(kJson).append("\n");
    text.append(prefix).append("key:").append(key).append("\n");
    text.append(prefix).append("nonce:").append(nonce).append("\n");
    text.append(prefix).append("timestamp:").append(stamp).append("\n").append(settings.tokenPath);
    const auto mac = crypto::hmac(crypto::DigestAlgorithm::kSha256, core::asBytes(secret), core::asBytes(text));
    core::wipeText(secret);
    request.fields = {{"Accept", std::string(kJson)}, {"Content-Type", std::string(kJson)},
                      {prefix + "key", key},          {prefix + "nonce", nonce},
                      {prefix + "timestamp", stamp},  {prefix + "signature", core::toBase64(mac)}};
    return request;
}

core::Result<SignOnOutcome> TicketEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    const auto& settings = manifest().login.ticket;
    YIMEN_TRY(auto request, tokenRequest(context));
    Exchange exchange(context, manifest());
    const auto answer = exchange.send(std::move(request));
    if (!answer.ok()) return exchange.unreachable("login_page", answer.error());
    const auto token = jsonText(answer->body, settings.tokenMember);
    if (!token) {
        const auto judgement = judgeAnswer(exchange, *answer);
        const bool said = judgement.outcome != Outcome::kOk;
        return exchange.finish(said ? judgement.outcome : Outcome::kPageChanged, "login_page",
                               said ? judgement.sign : "the answer holds no ticket");
    }
    YIMEN_TRY(const auto launch, expandTemplate(settings.launch, [&](std::string_view) {
                  return std::optional<std::string>(core::percentEncode(*token));
              }));
    const auto response = exchange.send({"submit", "GET", launch, {}, {}});
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome == Outcome::kOk) context.session.establish(std::move(exchange.jar()), nullptr);
    return exchange.finish(judgement.outcome, "submit", judgement.sign);
}

}  // namespace yimen::adapter
