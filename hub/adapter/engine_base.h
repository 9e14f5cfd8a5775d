#pragma once

#include <memory>

#include "adapter/exchange.h"
#include "adapter/manifest.h"
#include "adapter/sign_on_engine.h"
#include "adapter/template_text.h"

namespace yimen::adapter {

/// What every engine shares: the manifest, sign-off and keep-alive by the manifest's calls, and the ends of an attempt.
/// Immutable.
class EngineBase : public SignOnEngine {
public:
    explicit EngineBase(std::shared_ptr<const Manifest> manifest) : manifest_(std::move(manifest)) {}

    /// Engines that cannot renew: kPageChanged without a request.
    core::Result<SignOnOutcome> refresh(const SignOnContext& context) const override;
    SignOnOutcome signOff(const SignOnContext& context) const override;
    /// Nothing to add beyond cookies.
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;
    Verdict absorb(SystemSession& session, const ResponseView& response, const core::Clock& clock) const override;

protected:
    const Manifest& manifest() const noexcept { return *manifest_; }
    /// Fills a template from the account and the system secrets.
    core::Result<std::string> fill(const std::string& text, const SignOnContext& context) const;
    /// All fields of the account and all system secrets are there; kInvalidInput names what is missing.
    core::Status checkSecrets(const SignOnContext& context) const;
    /// An answer without a server error, judged. 5xx without a declared sign is kUnreachable.
    Judgement judgeAnswer(Exchange& exchange, const http::ClientResponse& response) const;
    /// A JSON object of templates, as text.
    core::Result<std::string> jsonBody(const TemplateFields& fields, const TemplateLookup& lookup) const;

private:
    std::shared_ptr<const Manifest> manifest_;
};

/// The engine for a manifest's login kind. Loads its Lua file. Errors: kInvalidInput "file:line: what".
core::Result<std::unique_ptr<const SignOnEngine>> makeEngine(std::shared_ptr<const Manifest> manifest);

/// Makes one declared call within a session: dressed by the engine, with its jar, and a form's hidden fields when the
/// call asks for them. Used for sign-off and keep-alive. The exchange keeps the trace and the jar.
core::Result<http::ClientResponse> performCall(const SignOnEngine& engine, Exchange& exchange, const SystemCall& call,
                                               const std::string& step);

/// A text of a JSON answer by dotted path; nothing when it is absent or no text.
std::optional<std::string> jsonText(std::string_view body, std::string_view path);
/// A whole number of a JSON answer; nothing when absent.
std::optional<std::int64_t> jsonInteger(std::string_view body, std::string_view path);

}  // namespace yimen::adapter
