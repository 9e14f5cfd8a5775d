#include "adapter/engine_base.h"

#include <algorithm>

#include "core/json.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;

/// Collects an engine's headers for a request of our own.
class FieldSink final : public HeaderSink {
public:
    void set(std::string_view name, std::string_view value) override {
        fields.push_back({std::string(name), std::string(value)});
    }
    std::vector<http::ClientField> fields;
};

core::Result<std::vector<http::ClientField>> dress(const SignOnEngine& engine, Exchange& exchange,
                                                   std::string_view method, std::string_view target) {
    FieldSink sink;
    const auto& context = exchange.context();
    YIMEN_TRY_STATUS(engine.decorate(context.session, {method, target, {}}, context.clock, sink));
    return std::move(sink.fields);
}

core::Result<const core::Json*> walk(const core::Json& document, std::string_view path) {
    const core::Json* value = &document;
    while (!path.empty()) {
        const auto dot = path.find('.');
        const std::string key(path.substr(0, dot));
        if (!value->is_object() || !value->contains(key)) return makeError(ErrorCode::kNotFound, "no member");
        value = &value->at(key);
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return value;
}

}  // namespace

core::Result<SignOnOutcome> EngineBase::refresh(const SignOnContext&) const {
    return SignOnOutcome{Outcome::kPageChanged, "refresh", "this system cannot renew a session; sign on again", {}};
}

core::Status EngineBase::decorate(SystemSession& session, const OutgoingRequest&, const core::Clock&,
                                  HeaderSink&) const {
    if (!session.signedOn()) return makeError(ErrorCode::kUnauthenticated, "not signed on to this system");
    return {};
}

Verdict EngineBase::absorb(SystemSession&, const ResponseView&, const core::Clock&) const {
    return Verdict::kOk;
}

SignOnOutcome EngineBase::signOff(const SignOnContext& context) const {
    Exchange exchange(context, manifest(), context.session.jar());
    if (!context.session.signedOn()) return exchange.finish(Outcome::kOk, "sign_off", "no session to end");
    if (!manifest().logout) {
        context.session.clear();
        return exchange.finish(Outcome::kOk, "sign_off", "the system keeps no session to end");
    }
    const auto& call = *manifest().logout;
    const auto response = performCall(*this, exchange, call, "sign_off");
    context.session.clear();
    if (!response.ok()) return exchange.unreachable("sign_off", response.error());
    const bool listed = std::find(call.status.begin(), call.status.end(), response->status) != call.status.end();
    const bool confirmed = call.status.empty() ? response->status < 400 : listed;
    if (!confirmed) exchange.note("not confirmed");
    return exchange.finish(confirmed ? Outcome::kOk : Outcome::kPageChanged, "sign_off",
                           confirmed ? "ended by the system" : "the system did not confirm");
}

core::Result<std::string> EngineBase::fill(const std::string& text, const SignOnContext& context) const {
    return expandTemplate(text, [&](std::string_view name) { return secretValue(context.secrets, name); });
}

core::Status EngineBase::checkSecrets(const SignOnContext& context) const {
    const auto missing = [&](const std::string& name) {
        const auto found = context.secrets.find(name);
        return found == context.secrets.end() || found->second.empty();
    };
    for (const auto& field : manifest().login.fields) {
        if (missing(field.name)) return makeError(ErrorCode::kInvalidInput, "no value for field '" + field.name + "'");
    }
    for (const auto& name : manifest().login.systemSecrets) {
        if (missing(name)) return makeError(ErrorCode::kInvalidInput, "no value for system secret '" + name + "'");
    }
    return {};
}

Judgement EngineBase::judgeAnswer(Exchange& exchange, const http::ClientResponse& response) const {
    auto judgement = judge(manifest(), response);
    if (judgement.sign.empty() && response.status >= 500) judgement = {Outcome::kUnreachable, {}};
    exchange.note(judgement.sign.empty() ? "no declared sign" : judgement.sign);
    return judgement;
}

core::Result<std::string> EngineBase::jsonBody(const TemplateFields& fields, const TemplateLookup& lookup) const {
    core::Json body = core::Json::object();
    for (const auto& [name, text] : fields) {
        YIMEN_TRY(body[name], expandTemplate(text, lookup));
    }
    return core::writeJson(body);
}

core::Result<http::ClientResponse> performCall(const SignOnEngine& engine, Exchange& exchange, const SystemCall& call,
                                               const std::string& step) {
    const auto& context = exchange.context();
    HtmlForm form;
    std::string referer = exchange.manifest().paths.home;
    if (!call.page.empty()) {
        referer = call.page;
        YIMEN_TRY(const auto fields, dress(engine, exchange, "GET", referer));
        YIMEN_TRY(const auto response, exchange.page(step, referer, fields));
        YIMEN_TRY(const auto page, exchange.parse(response));
        const HtmlForm* found = call.hasField.empty() ? nullptr : page.formWith(call.hasField);
        if (found == nullptr && !page.forms().empty() && call.hasField.empty()) found = &page.forms().front();
        if (found == nullptr) return makeError(ErrorCode::kUpstream, "the form to post is not on the page");
        form = *found;
    }
    for (const auto& [name, text] : call.post) {
        YIMEN_TRY(auto value,
                  expandTemplate(text, [&](std::string_view key) { return secretValue(context.secrets, key); }));
        form.set(name, std::move(value));
    }
    YIMEN_TRY(auto fields, dress(engine, exchange, call.method, call.path));
    if (call.method == "POST") return exchange.post(step, call.path, form, referer, std::move(fields));
    return exchange.send({step, call.method, call.path, std::move(fields), {}});
}

std::optional<std::string> jsonText(std::string_view body, std::string_view path) {
    const auto document = core::parseJson(body);
    if (!document.ok()) return std::nullopt;
    const auto value = walk(*document, path);
    if (!value.ok() || !(*value)->is_string()) return std::nullopt;
    return (*value)->get<std::string>();
}

std::optional<std::int64_t> jsonInteger(std::string_view body, std::string_view path) {
    const auto document = core::parseJson(body);
    if (!document.ok()) return std::nullopt;
    const auto value = walk(*document, path);
    if (!value.ok() || !(*value)->is_number_integer()) return std::nullopt;
    return (*value)->get<std::int64_t>();
}

}  // namespace yimen::adapter
