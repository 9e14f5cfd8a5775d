#include "sync/sources/http_exchange.h"

#include <algorithm>

#include "core/bytes.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;

core::Error statusError(int status, const std::string& name) {
    const std::string said = name + ": the system answered with status " + std::to_string(status);
    if (status == 401 || status == 407)
        return makeError(ErrorCode::kUnauthenticated, said + ": check the service account");
    if (status == 403) return makeError(ErrorCode::kDenied, said + ": the service account may not read this");
    if (status == 429) return makeError(ErrorCode::kThrottled, said);
    if (status >= 500) return makeError(ErrorCode::kUnavailable, said);
    if (status >= 300 && status < 400) {
        return makeError(ErrorCode::kUnauthenticated, said + ", which is a redirection: to its sign-in page?");
    }
    return makeError(ErrorCode::kUpstream, said);
}

std::optional<Charset> charsetOf(const http::ClientResponse& response) {
    const auto type = response.find("content-type");
    return type ? charsetOfContentType(*type) : std::nullopt;
}

/// Bytes that live with their reader.
class OwnedBytes final : public ByteSource {
public:
    explicit OwnedBytes(std::string text) : text_(std::move(text)), left_(text_) {}
    core::Result<std::size_t> read(std::span<char> room) override { return left_.read(room); }

private:
    std::string text_;
    MemoryBytes left_;
};

}  // namespace

core::Result<std::optional<std::string>> HttpAnswer::at(const HttpValueAt& place) const {
    if (!place.header.empty()) {
        const auto value = response.find(place.header);
        return value ? std::optional<std::string>(*value) : std::optional<std::string>();
    }
    if (place.member.empty() || !document.member) return std::optional<std::string>();
    return document.member(place.member);
}

/// With the session renewed once when it was refused.
core::Result<http::ClientResponse> HttpExchange::send(const Values& values) const {
    YIMEN_TRY(auto request, buildHttpRequest(*spec_, parts_, values, spec_->request));
    YIMEN_TRY_STATUS(authorizeHttp(request, *spec_, parts_, false));
    auto response = parts_.client->send(request);
    const bool refused =
        response.ok() && (response->status == 401 || (response->status >= 300 && response->status < 400));
    if (!refused || spec_->auth.kind != HttpAuth::Kind::kSignOn) return response;
    YIMEN_TRY(request, buildHttpRequest(*spec_, parts_, values, spec_->request));
    YIMEN_TRY_STATUS(authorizeHttp(request, *spec_, parts_, true));
    return parts_.client->send(request);
}

/// Errors that a system declares in answers with status 200.
core::Status HttpExchange::judge(const HttpAnswer& answer, const std::string& name) const {
    if (!spec_->errors) return {};
    const HttpErrors& errors = *spec_->errors;
    YIMEN_TRY(const auto code, answer.at(errors.at));
    if (!code || std::find(errors.good.begin(), errors.good.end(), *code) != errors.good.end()) return {};
    const auto& expired = spec_->paging.expiredCodes;
    if (std::find(expired.begin(), expired.end(), *code) != expired.end()) {
        return makeError(ErrorCode::kConflict, name + ": the cursor is no longer valid", std::string(kExpired));
    }
    YIMEN_TRY(const auto words, answer.at(errors.message));
    constexpr std::size_t kMaxWords = 200;
    const auto kind = errors.kinds.find(*code);
    return makeError(kind == errors.kinds.end() ? ErrorCode::kUpstream : kind->second,
                     name + ": the system answered with error " + code->substr(0, 64) +
                         (words ? ": " + words->substr(0, kMaxWords) : std::string()));
}

/// Takes the document out of a member of the answer.
core::Status HttpExchange::unwrap(HttpAnswer& answer, const std::string& name) const {
    YIMEN_TRY(auto inner, answer.at({"", spec_->unwrap->member}));
    if (!inner) return documentError(name, 0, "there is no document at \"" + spec_->unwrap->member + "\"");
    if (spec_->unwrap->base64) {
        const auto bytes = core::fromBase64(*inner);
        if (!bytes.ok())
            return documentError(name, 0, "what stands at \"" + spec_->unwrap->member + "\" is not Base64");
        inner = std::string(core::asText(*bytes));
    }
    YIMEN_TRY(answer.document, openDocument(spec_->format, std::make_unique<OwnedBytes>(std::move(*inner)), name));
    return {};
}

core::Result<HttpAnswer> HttpExchange::call(const Values& values, const std::string& name) const {
    if (!token_) return once(values, name);
    YIMEN_TRY(auto token, token_->get(nullptr));
    Values with = values;
    with["token"] = std::string(token.text.reveal());  // stands in this request and nowhere else
    auto answer = once(with, name);
    const bool refused = !answer.ok() && answer.error().code == ErrorCode::kUnauthenticated;
    if (!refused || token.fresh) return answer;
    YIMEN_TRY(token, token_->get(&token.text));
    with["token"] = std::string(token.text.reveal());
    return once(with, name);
}

core::Result<HttpAnswer> HttpExchange::once(const Values& values, const std::string& name) const {
    YIMEN_TRY(auto response, send(values));
    const auto& expired = spec_->paging.expiredStatus;
    if (std::find(expired.begin(), expired.end(), response.status) != expired.end()) {
        return makeError(ErrorCode::kConflict, name + ": the cursor is no longer valid", std::string(kExpired));
    }
    if (response.status != 200) return statusError(response.status, name);
    HttpAnswer answer;
    std::string body = std::move(response.body);
    const auto declared = charsetOf(response);
    answer.response = std::move(response);
    auto document = openDocument(spec_->format, std::make_unique<OwnedBytes>(std::move(body)), name, declared);
    if (!document.ok()) return document.error();
    answer.document = std::move(document).value();
    YIMEN_TRY_STATUS(judge(answer, name));
    if (spec_->unwrap) YIMEN_TRY_STATUS(unwrap(answer, name));
    return answer;
}

}  // namespace yimen::sync
