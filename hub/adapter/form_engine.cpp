#include "adapter/form_engine.h"

#include "core/ascii.h"
#include "core/path.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;

/// The answer that shows a login page may already say why nobody can log in.
Judgement judgePage(const Manifest& manifest, const http::ClientResponse& response) {
    if (anyMatches(manifest.signals.maintenance, manifest, response)) return {Outcome::kMaintenance, "maintenance"};
    if (anyMatches(manifest.signals.captcha, manifest, response)) return {Outcome::kCaptcha, "captcha"};
    if (response.status >= 500) return {Outcome::kUnreachable, "status"};
    if (response.status >= 400) return {Outcome::kPageChanged, "status"};
    return {Outcome::kOk, {}};
}

}  // namespace

core::Result<FormEngine::Ready> FormEngine::findForm(Exchange& exchange, const std::string& page,
                                                     const http::ClientResponse& response) const {
    const auto& settings = manifest().login.form;
    Ready ready;
    auto html = decodeBody(response.body, manifest().origin.charset);
    if (!html.ok()) return makeError(ErrorCode::kUpstream, "login page is not in " + manifest().origin.charset);
    ready.html = std::move(html).value();
    YIMEN_TRY(const auto parsed, HtmlPage::parse(ready.html));
    const HtmlForm* form = parsed.formWith(settings.hasField);
    if (form == nullptr) {
        return makeError(ErrorCode::kUpstream, "login page has no form with the field '" + settings.hasField + "'");
    }
    if (form->method != "POST") return makeError(ErrorCode::kUpstream, "login form is no longer posted");
    YIMEN_TRY(ready.target, exchange.resolve(page, form->action));
    const auto path = core::splitTarget(ready.target).path;
    const bool same =
        manifest().paths.ignoreCase ? core::equalIgnoreCase(path, settings.action) : path == settings.action;
    if (!same) return makeError(ErrorCode::kUpstream, "login form points to another address than the manifest says");
    for (const auto& name : settings.required) {
        const auto value = form->value(name);
        if (!value) return makeError(ErrorCode::kUpstream, "login form has no field '" + name + "'");
    }
    ready.form = *form;
    return ready;
}

core::Status FormEngine::fillForm(Exchange& exchange, Ready& ready) const {
    for (const auto& [name, text] : manifest().login.form.post) {
        YIMEN_TRY(auto value, fill(text, exchange.context()));
        ready.form.set(name, std::move(value));
    }
    return hooks_ ? hooks_->transform(exchange, ready.form, ready.html) : core::Status();
}

core::Result<SignOnOutcome> FormEngine::signOn(const SignOnContext& context) const {
    YIMEN_TRY_STATUS(checkSecrets(context));
    Exchange exchange(context, manifest());
    std::string page = manifest().login.form.page;
    const auto response = exchange.page("login_page", page);
    if (!response.ok()) return exchange.unreachable("login_page", response.error());
    const auto seen = judgePage(manifest(), *response);
    if (seen.outcome != Outcome::kOk) {
        exchange.note(seen.sign);
        return exchange.finish(seen.outcome, "login_page", "the login page cannot be used now");
    }
    auto ready = findForm(exchange, page, *response);
    if (!ready.ok()) {
        exchange.note(ready.error().message);
        return exchange.finish(Outcome::kPageChanged, "login_page", ready.error().message);
    }
    if (const auto filled = fillForm(exchange, *ready); !filled.ok()) {
        return exchange.finish(Outcome::kPageChanged, "login_page", filled.error().message);
    }
    return submit(exchange, *ready, page);
}

SignOnOutcome FormEngine::submit(Exchange& exchange, const Ready& ready, const std::string& page) const {
    const auto response = exchange.post("submit", ready.target, ready.form, page);
    if (!response.ok()) return exchange.unreachable("submit", response.error());
    const auto judgement = judgeAnswer(exchange, *response);
    if (judgement.outcome != Outcome::kOk) {
        return exchange.finish(judgement.outcome, "submit",
                               judgement.sign.empty() ? "the answer matches no declared sign" : judgement.sign);
    }
    if (!manifest().login.form.confirm.empty()) return confirm(exchange);
    exchange.context().session.establish(std::move(exchange.jar()), nullptr);
    return exchange.finish(Outcome::kOk, "submit", judgement.sign);
}

SignOnOutcome FormEngine::confirm(Exchange& exchange) const {
    std::string target = manifest().login.form.confirm;
    const auto response = exchange.send({"confirm", "GET", target, {}, {}});
    if (!response.ok()) return exchange.unreachable("confirm", response.error());
    if (anyMatches(manifest().signals.expired, manifest(), *response) || response->status >= 400) {
        exchange.note("no session after success");
        return exchange.finish(Outcome::kPageChanged, "confirm", "the system said yes but keeps no session");
    }
    exchange.context().session.establish(std::move(exchange.jar()), nullptr);
    return exchange.finish(Outcome::kOk, "confirm", "session seen");
}

}  // namespace yimen::adapter
