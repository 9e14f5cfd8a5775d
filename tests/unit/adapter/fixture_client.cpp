#include "unit/adapter/fixture_client.h"

#include "core/ascii.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

std::optional<std::string> fieldOf(const http::ClientRequest& request, const std::string& name) {
    for (const auto& field : request.fields) {
        if (core::equalIgnoreCase(field.name, name)) return field.value;
    }
    return std::nullopt;
}

core::ErrorCode codeOf(const std::string& name) {
    if (name == "timeout") return core::ErrorCode::kTimeout;
    return name == "upstream" ? core::ErrorCode::kUpstream : core::ErrorCode::kUnavailable;
}

}  // namespace

void FixtureClient::checkForm(const core::Json& expected, const std::string& body) {
    const auto pairs = core::parseForm(body);
    if (!pairs.ok()) return fault("body is not urlencoded");
    for (const auto& [name, value] : expected.items()) {
        bool found = false;
        for (const auto& [postedName, postedValue] : *pairs) {
            const auto decoded = core::decodeCharset(postedValue, charset_);
            found = found || (postedName == name && decoded.ok() && *decoded == value.get<std::string>());
        }
        if (!found) fault("form field '" + name + "' is not as recorded");
    }
}

void FixtureClient::check(const core::Json& expected, const http::ClientRequest& request) {
    if (request.method != expected.value("method", "GET")) fault("method is " + request.method);
    if (request.url.target() != expected.at("target").get<std::string>()) fault("target is " + request.url.target());
    const core::Json wanted = expected.value("headers", core::Json::object());
    for (const auto& [name, value] : wanted.items()) {
        const auto sent = fieldOf(request, name);
        if (!sent || *sent != value.get<std::string>())
            fault("header " + name + " is '" + sent.value_or("absent") + "'");
    }
    const core::Json unwanted = expected.value("headers_absent", core::Json::array());
    for (const auto& name : unwanted) {
        if (fieldOf(request, name.get<std::string>())) fault("header " + name.get<std::string>() + " was sent");
    }
    if (expected.contains("form")) checkForm(expected.at("form"), request.body);
    if (expected.contains("body") && request.body != expected.at("body").get<std::string>()) fault("body differs");
    if (expected.contains("json")) {
        const auto sent = core::parseJson(request.body);
        if (!sent.ok() || *sent != expected.at("json")) fault("JSON body differs");
    }
    const core::Json never = expected.value("never", core::Json::array());
    for (const auto& text : never) {
        const auto secret = text.get<std::string>();
        if (request.body.find(secret) != std::string::npos || request.url.target().find(secret) != std::string::npos) {
            fault("what must not be sent was sent");
        }
    }
}

core::Result<http::ClientResponse> FixtureClient::send(const http::ClientRequest& request) {
    if (next_ >= exchanges_.size()) {
        fault("one request too many: " + request.method + " " + request.url.target());
        return core::makeError(core::ErrorCode::kUnavailable, "no exchange left");
    }
    const core::Json exchange = exchanges_.at(next_);
    check(exchange.at("request"), request);
    ++next_;
    if (exchange.contains("error")) return core::makeError(codeOf(exchange.at("error")), "recorded failure");
    const auto& recorded = exchange.at("response");
    http::ClientResponse response;
    response.status = recorded.at("status").get<int>();
    const core::Json listed = recorded.value("headers", core::Json::array());
    for (const auto& field : listed) {
        response.fields.push_back({field.at(0).get<std::string>(), field.at(1).get<std::string>()});
    }
    const std::string body = recorded.value("body", "");
    auto bytes = core::encodeCharset(body, recorded.value("charset", charset_));
    response.body = bytes.ok() ? *bytes : body;
    return response;
}

}  // namespace yimen::adapter
