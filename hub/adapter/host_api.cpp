// Host functions of sign-on scripts. They take and give plain values; errors reach the script as `nil, message`.
#include "adapter/engine_base.h"
#include "adapter/hooks.h"
#include "core/ascii.h"
#include "core/bytes.h"
#include "core/json.h"
#include "core/log.h"
#include "core/unicode.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;
using core::Result;
using lua::Value;
using Arguments = std::span<const Value>;

Result<std::string> textAt(Arguments arguments, std::size_t index) {
    if (index >= arguments.size() || !arguments[index].isText()) {
        return makeError(ErrorCode::kInvalidInput, "argument " + std::to_string(index + 1) + " must be a text");
    }
    return std::string(arguments[index].textOr(""));
}

lua::HostFunction hashFunction(crypto::DigestAlgorithm algorithm) {
    return [algorithm](Arguments arguments) -> Result<Value> {
        YIMEN_TRY(const auto text, textAt(arguments, 0));
        return Value(core::toHex(crypto::digest(algorithm, core::asBytes(text))));
    };
}

Result<Value> hashHmac(Arguments arguments) {
    YIMEN_TRY(const auto name, textAt(arguments, 0));
    YIMEN_TRY(const auto key, textAt(arguments, 1));
    YIMEN_TRY(const auto text, textAt(arguments, 2));
    const auto algorithm = crypto::digestFromName(name);
    if (!algorithm) return makeError(ErrorCode::kInvalidInput, "unknown hash '" + name + "'");
    return Value(core::toHex(crypto::hmac(*algorithm, core::asBytes(key), core::asBytes(text))));
}

/// A function of one text.
template <typename Function>
lua::HostFunction ofText(Function function) {
    return [function](Arguments arguments) -> Result<Value> {
        YIMEN_TRY(const auto text, textAt(arguments, 0));
        return function(text);
    };
}

lua::HostFunction charsetFunction(Result<std::string> (*convert)(std::string_view, std::string_view)) {
    return [convert](Arguments arguments) -> Result<Value> {
        YIMEN_TRY(const auto text, textAt(arguments, 0));
        YIMEN_TRY(const auto name, textAt(arguments, 1));
        YIMEN_TRY(auto converted, convert(text, name));
        return Value(std::move(converted));
    };
}

Value fromJson(const core::Json& json) {
    if (json.is_boolean()) return Value(json.get<bool>());
    if (json.is_number_integer()) return Value(json.get<std::int64_t>());
    if (json.is_number()) return Value(json.get<double>());
    if (json.is_string()) return Value(json.get<std::string>());
    if (!json.is_structured()) return {};
    lua::Table table;
    for (const auto& [key, value] : json.items()) {
        if (json.is_array()) {
            table.list.push_back(fromJson(value));
        } else {
            table.fields.emplace_back(key, fromJson(value));
        }
    }
    return table;
}

core::Json toJson(const Value& value) {
    if (const auto* flag = value.boolean()) return *flag;
    if (const auto* integer = value.integer()) return *integer;
    if (const auto* number = value.number()) return *number;
    if (value.isText()) return std::string(value.textOr(""));
    const auto* table = value.table();
    if (table == nullptr) return nullptr;
    core::Json out = table->list.empty() ? core::Json::object() : core::Json::array();
    for (const auto& item : table->list) out.push_back(toJson(item));
    if (!table->list.empty()) return out;
    for (const auto& [name, item] : table->fields) out[name] = toJson(item);
    return out;
}

Result<Value> jsonDecode(const std::string& text) {
    YIMEN_TRY(const auto json, core::parseJson(text, 12));
    return fromJson(json);
}

Result<Value> htmlForm(Arguments arguments) {
    YIMEN_TRY(const auto text, textAt(arguments, 0));
    YIMEN_TRY(const auto control, textAt(arguments, 1));
    YIMEN_TRY(const auto page, HtmlPage::parse(text));
    const auto* form = page.formWith(control);
    if (form == nullptr) return makeError(ErrorCode::kNotFound, "no form with a control '" + control + "'");
    lua::Table fields;
    for (const auto& input : form->inputs) fields.set(input.name, Value(input.value));
    lua::Table out;
    out.set("action", Value(form->action)).set("fields", Value(std::move(fields)));
    return Value(std::move(out));
}

Result<Value> answerValue(Exchange& exchange, const http::ClientResponse& response) {
    YIMEN_TRY(auto body, decodeBody(response.body, exchange.manifest().origin.charset));
    lua::Table headers;
    for (const auto& field : response.fields) headers.set(core::lowerCase(field.name), Value(field.value));
    lua::Table out;
    out.set("status", Value(response.status))
        .set("body", Value(std::move(body)))
        .set("headers", Value(std::move(headers)));
    return Value(std::move(out));
}

Result<Value> httpGet(Exchange& exchange, Arguments arguments) {
    YIMEN_TRY(const auto path, textAt(arguments, 0));
    YIMEN_TRY(const auto target, exchange.resolve(exchange.manifest().paths.home, path));
    YIMEN_TRY(const auto response, exchange.send({"script", "GET", target, {}, {}}));
    return answerValue(exchange, response);
}

Result<Value> httpPost(Exchange& exchange, Arguments arguments) {
    YIMEN_TRY(const auto path, textAt(arguments, 0));
    YIMEN_TRY(const auto target, exchange.resolve(exchange.manifest().paths.home, path));
    HtmlForm form;
    const auto* table = arguments.size() > 1 ? arguments[1].table() : nullptr;
    if (table == nullptr) return makeError(ErrorCode::kInvalidInput, "argument 2 must be a table of fields");
    for (const auto& [name, value] : table->fields) form.set(name, std::string(value.textOr("")));
    YIMEN_TRY(const auto response, exchange.post("script", target, form, exchange.manifest().paths.home));
    return answerValue(exchange, response);
}

Result<Value> logInfo(Exchange& exchange, Arguments arguments) {
    YIMEN_TRY(const auto text, textAt(arguments, 0));
    core::logInfo("adapter.script", {{"system", exchange.manifest().id},
                                     {"text", maskSecrets(text.substr(0, 1024), exchange.context().secrets)}});
    return Value();
}

}  // namespace

std::vector<lua::HostBinding> hostApi(Exchange& exchange) {
    std::vector<lua::HostBinding> api;
    for (const char* name : {"md5", "sha1", "sha256", "sm3"}) {
        api.push_back({"hash", name, hashFunction(*crypto::digestFromName(name))});
    }
    api.push_back({"hash", "hmac", hashHmac});
    api.push_back({"base64", "encode", ofText([](const std::string& text) -> Result<Value> {
                       return Value(core::toBase64(core::asBytes(text)));
                   })});
    api.push_back({"base64", "decode", ofText([](const std::string& text) -> Result<Value> {
                       YIMEN_TRY(const auto bytes, core::fromBase64(text));
                       return Value(core::asText(bytes));
                   })});
    api.push_back({"url", "encode",
                   ofText([](const std::string& text) -> Result<Value> { return Value(core::percentEncode(text)); })});
    api.push_back({"url", "decode", ofText([](const std::string& text) -> Result<Value> {
                       YIMEN_TRY(auto decoded, core::percentDecode(text, true));
                       return Value(std::move(decoded));
                   })});
    api.push_back({"charset", "encode", charsetFunction(core::encodeCharset)});
    api.push_back({"charset", "decode", charsetFunction(core::decodeCharset)});
    api.push_back({"json", "decode", ofText(jsonDecode)});
    api.push_back({"json", "encode", [](Arguments arguments) -> Result<Value> {
                       return Value(core::writeJson(arguments.empty() ? core::Json() : toJson(arguments[0])));
                   }});
    api.push_back({"html", "form", htmlForm});
    api.push_back({"http", "get", [&exchange](Arguments arguments) { return httpGet(exchange, arguments); }});
    api.push_back({"http", "post", [&exchange](Arguments arguments) { return httpPost(exchange, arguments); }});
    api.push_back({"log", "info", [&exchange](Arguments arguments) { return logInfo(exchange, arguments); }});
    return api;
}

}  // namespace yimen::adapter
