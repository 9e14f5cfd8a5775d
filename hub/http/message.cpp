#include "http/message.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::http {
namespace {

/// "text/html; charset=utf-8" is of type "text/html".
bool isMediaType(std::string_view field, std::string_view wanted) {
    return core::equalIgnoreCase(core::trim(field.substr(0, field.find(';'))), wanted);
}

}  // namespace

std::optional<std::string_view> Params::one(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : pairs_) {
        if (key != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::string_view Params::text(std::string_view name) const {
    return one(name).value_or(std::string_view());
}

bool Params::has(std::string_view name) const noexcept {
    return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) { return pair.first == name; });
}

core::Result<Params> Request::form() const {
    if (!isMediaType(headers.one("Content-Type").value_or(""), "application/x-www-form-urlencoded")) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "the body must be a form (Content-Type: application/x-www-form-urlencoded)");
    }
    YIMEN_TRY(auto pairs, core::parseForm(body));
    return Params(std::move(pairs));
}

core::Result<core::Json> Request::json() const {
    if (!isMediaType(headers.one("Content-Type").value_or(""), "application/json")) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "the body must be JSON (Content-Type: application/json)");
    }
    return core::parseJson(body);
}

Response&& Response::with(std::string_view name, std::string_view value) && {
    headers.set(name, value);
    return std::move(*this);
}

Response Response::json(int status, const core::Json& value) {
    return Response{status, {{"Content-Type", "application/json"}}, core::writeJson(value), nullptr};
}

Response Response::html(int status, std::string page) {
    return Response{status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(page), nullptr};
}

Response Response::text(int status, std::string text) {
    return Response{status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text), nullptr};
}

Response Response::noContent() {
    return Response{204, {}, {}, nullptr};
}

Response Response::redirect(std::string_view location) {
    Response response{303, {}, {}, nullptr};
    response.headers.add("Location", location);
    return response;
}

Response Response::problem(const Problem& problem) {
    core::Json fields = core::Json::array();
    for (const ProblemField& field : problem.fields) {
        fields.push_back({{"name", field.name}, {"code", field.code}, {"detail", field.detail}});
    }
    core::Json json{{"type", "urn:yimen:problem:" + problem.code},
                    {"title", problem.title},
                    {"status", problem.status},
                    {"detail", problem.detail},
                    {"code", problem.code},
                    {"trace_id", problem.traceId},
                    {"fields", std::move(fields)}};
    if (problem.retryAfterSeconds) json["retry_after"] = *problem.retryAfterSeconds;
    Response response{problem.status, {{"Content-Type", "application/problem+json"}}, core::writeJson(json), nullptr};
    if (problem.retryAfterSeconds) response.headers.add("Retry-After", std::to_string(*problem.retryAfterSeconds));
    return response;
}

}  // namespace yimen::http
