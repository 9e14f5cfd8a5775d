#include "sync/sources/http_token.h"

#include <algorithm>

#include "core/url.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;
using Form = HttpTokenSpec::Form;

constexpr std::size_t kMaxToken = std::size_t{16} << 10U;
constexpr const char* kWhere = "the request for a token";

core::Error refusal(const std::string& why) {
    return makeError(ErrorCode::kUnauthenticated,
                     std::string(kWhere) + ": " + why + ": check user and password of the service account");
}

core::Result<std::optional<std::string>> fieldOf(const std::string& body, const std::string& name) {
    YIMEN_TRY(const auto pairs, core::parseForm(body));
    for (const auto& [field, value] : pairs) {
        if (field == name) return std::optional<std::string>(value);
    }
    return std::optional<std::string>();
}

core::Result<std::optional<std::string>> valueAt(const http::ClientResponse& response, const HttpTokenSpec& spec,
                                                 const HttpValueAt& place) {
    if (!place.header.empty()) {
        const auto value = response.find(place.header);
        return value ? std::optional<std::string>(*value) : std::optional<std::string>();
    }
    if (spec.form == Form::kForm) return fieldOf(response.body, place.member);
    FormatSpec format;
    format.kind = spec.form == Form::kXml ? FormatSpec::Kind::kXml : FormatSpec::Kind::kJson;
    YIMEN_TRY(const auto document, openDocument(format, std::make_unique<MemoryBytes>(response.body), kWhere));
    return document.member(place.member);
}

}  // namespace

core::Result<std::string> HttpToken::take(const http::ClientResponse& response) const {
    const HttpTokenSpec& spec = *spec_->token;
    if (!spec.error.empty()) {
        YIMEN_TRY(const auto code, valueAt(response, spec, spec.error));
        if (code && std::find(spec.good.begin(), spec.good.end(), *code) == spec.good.end())
            return refusal("the system answered with error " + code->substr(0, 64));
    }
    YIMEN_TRY(auto token, valueAt(response, spec, spec.at));
    if (!token || token->empty()) return refusal("there is no token in the answer");
    if (token->size() > kMaxToken) return makeError(ErrorCode::kTooLarge, "a token is longer than kMaxToken");
    return std::move(*token);
}

core::Result<core::Secret> HttpToken::ask() const {
    RequestValues values;
    values["user"] = spec_->auth.user;
    values["password"] = std::string(spec_->auth.secret.reveal());  // into this one request
    YIMEN_TRY(const auto request, buildHttpRequest(*spec_, parts_, std::move(values), spec_->token->request));
    YIMEN_TRY(const auto response, parts_.client->send(request));
    if (response.status >= 500) {
        return makeError(ErrorCode::kUnavailable, std::string(kWhere) + ": status " + std::to_string(response.status));
    }
    if (response.status != 200) return refusal("status " + std::to_string(response.status));
    YIMEN_TRY(std::string token, take(response));
    return core::Secret(std::move(token));
}

core::Result<HttpToken::Given> HttpToken::get(const core::Secret* refused) {
    const std::lock_guard lock(mutex_);
    // Somebody else may have renewed it meanwhile.
    const bool usable = !token_.empty() && (refused == nullptr || refused->reveal() != token_.reveal());
    if (usable) return Given{token_, false};
    YIMEN_TRY(token_, ask());
    return Given{token_, true};
}

}  // namespace yimen::sync
