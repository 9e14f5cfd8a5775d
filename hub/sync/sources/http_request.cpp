#include "sync/sources/http_request.h"

#include <algorithm>
#include <iterator>

#include "core/bytes.h"
#include "core/unicode.h"
#include "crypto/digest.h"
#include "sync/sources/request_text.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;

std::string joined(const core::FormPairs& pairs, bool encoded) {
    std::string all;
    for (const auto& [name, value] : pairs) {
        if (!all.empty()) all += '&';
        all += encoded ? core::percentEncode(name) + "=" + core::percentEncode(value) : name + "=" + value;
    }
    return all;
}

TextValues lookupIn(const RequestValues& values) {
    return [&values](std::string_view name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
}

core::Status fillFields(const HttpSpec& spec, const HttpRequestSpec& wanted, const RequestValues& values,
                        http::ClientRequest& request) {
    if (!wanted.bodyType.empty()) request.fields.push_back({"Content-Type", wanted.bodyType});
    for (const auto* fields : {&spec.fields, &wanted.fields}) {
        for (const auto& [name, text] : *fields) {
            YIMEN_TRY(const auto value, fillText(text, lookupIn(values)));
            if (value) request.fields.push_back({name, *value});
        }
    }
    return {};
}

core::Status fillBody(const HttpSpec& spec, const HttpRequestSpec& wanted, const RequestValues& values,
                      http::ClientRequest& request) {
    YIMEN_TRY(const auto path, fillText(wanted.path, lookupIn(values)));
    RequestValues inBody = values;
    inBody.try_emplace("cursor");  // a body cannot leave a part out: the first page has an empty cursor there
    YIMEN_TRY(const auto body, fillText(wanted.body, lookupIn(inBody)));
    if (!path || !body) {
        return makeError(
            ErrorCode::kInvalidInput,
            "path or body of the request asks for a value that this call does not have: {from} of a complete "
            "read needs watermark.initial, {cursor} of a path belongs into query");
    }
    request.url.path = (spec.base.path == "/" ? "" : spec.base.path) + *path;
    YIMEN_TRY(request.body, core::encodeCharset(*body, toString(wanted.bodyCharset)));
    return {};
}

core::Status sign(const HttpSigning& signing, RequestValues values, core::FormPairs& query,
                  http::ClientRequest& request) {
    core::FormPairs sorted = query;
    std::sort(sorted.begin(), sorted.end());
    values["method"] = request.method;
    values["path"] = request.url.path;
    values["body"] = request.body;
    values["query"] = joined(query, true);
    values["query_raw"] = joined(query, false);
    values["query_sorted"] = joined(sorted, false);
    if (signing.digest) values["secret"] = std::string(signing.secret.reveal());  // part of what is digested
    YIMEN_TRY(const auto text, fillText(signing.text, lookupIn(values)));
    if (!text) return makeError(ErrorCode::kInvalidInput, "sign.text asks for a value that this call does not have");
    const auto algorithm = crypto::digestFromName(signing.algorithm);
    if (!algorithm) return makeError(ErrorCode::kInvalidInput, "sign.algorithm is unknown");
    // The key of the signature is used here and nowhere else.
    const core::Bytes code =
        signing.digest ? crypto::digest(*algorithm, core::asBytes(*text))
                       : crypto::hmac(*algorithm, core::asBytes(signing.secret.reveal()), core::asBytes(*text));
    std::string written = signing.base64 ? core::toBase64(code) : core::toHex(code);
    if (!signing.header.empty()) {
        request.fields.push_back({signing.header, std::move(written)});
    } else {
        query.emplace_back(signing.parameter, std::move(written));
    }
    return {};
}

}  // namespace

core::Result<http::ClientRequest> buildHttpRequest(const HttpSpec& spec, const HttpParts& parts, RequestValues values,
                                                   const HttpRequestSpec& wanted) {
    const core::WallTime now = parts.clock->wall();
    values["timestamp"] = std::to_string(core::toUnixSeconds(now));
    values["timestamp_ms"] = std::to_string(core::toUnixMicros(now) / 1000);
    values["nonce"] = parts.random->hex(16);
    values["size"] = std::to_string(spec.paging.size);
    http::ClientRequest request;
    request.method = wanted.method;
    request.url = spec.base;
    request.limits = spec.limits;
    YIMEN_TRY_STATUS(fillBody(spec, wanted, values, request));
    YIMEN_TRY_STATUS(fillFields(spec, wanted, values, request));
    core::FormPairs query;
    for (const auto& [name, text] : wanted.query) {
        YIMEN_TRY(auto value, fillText(text, lookupIn(values)));
        if (value) query.emplace_back(name, std::move(*value));
    }
    if (spec.signing) YIMEN_TRY_STATUS(sign(*spec.signing, std::move(values), query, request));
    request.url.query = joined(query, true);
    request.url.hasQuery = !query.empty();
    return request;
}

core::Status authorizeHttp(http::ClientRequest& request, const HttpSpec& spec, const HttpParts& parts, bool renew) {
    const HttpAuth& auth = spec.auth;
    const std::string secret(auth.secret.reveal());  // goes into a field of this request and nowhere else
    switch (auth.kind) {
        case HttpAuth::Kind::kNone:
            break;
        case HttpAuth::Kind::kBasic:
            request.fields.push_back(
                {"Authorization", "Basic " + core::toBase64(core::asBytes(auth.user + ":" + secret))});
            break;
        case HttpAuth::Kind::kBearer:
            request.fields.push_back({"Authorization", "Bearer " + secret});
            break;
        case HttpAuth::Kind::kHeader:
            request.fields.push_back({auth.header, secret});
            break;
        case HttpAuth::Kind::kDigest:  // the client answers their challenges
        case HttpAuth::Kind::kNtlm:
        case HttpAuth::Kind::kToken:  // stands where the texts say {token}
            break;
        case HttpAuth::Kind::kSignOn: {
            if (!parts.signOn) {
                return makeError(ErrorCode::kUnavailable, "the system has no sign-on for its service account");
            }
            YIMEN_TRY(auto fields, parts.signOn->fields(renew));
            std::move(fields.begin(), fields.end(), std::back_inserter(request.fields));
            break;
        }
    }
    return {};
}

}  // namespace yimen::sync
