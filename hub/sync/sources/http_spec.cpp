#include "sync/sources/http_spec.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/time_format.h"
#include "crypto/digest.h"
#include "sync/sources/request_text.h"

namespace yimen::sync {

namespace {

using config::MapReader;
using config::YamlNode;
using core::ErrorCode;
using How = HttpPaging::How;

/// Names that a request's texts may ask for.
constexpr std::array<std::string_view, 13> kNames{"page",      "offset",       "size",  "cursor", "after", "from", "to",
                                                  "timestamp", "timestamp_ms", "nonce", "method", "path",  "body"};
constexpr std::array<std::string_view, 3> kSignNames{"query", "query_raw", "query_sorted"};

bool isOneOf(std::string_view name, std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Notes what is wrong with a text that has places to fill.
void checkText(const YamlNode& node, const std::string& text, bool signing, config::YamlErrors& errors) {
    const auto names = textNames(text);
    if (!names.ok()) return errors.add(node.error(names.error().message));
    for (const auto& name : *names) {
        if (isOneOf(name, kNames) || (signing && isOneOf(name, kSignNames))) continue;
        errors.add(node.error("nothing is called {" + name +
                              "} here: page, offset, size, cursor, after, from, to, "
                              "timestamp, timestamp_ms, nonce" +
                              std::string(signing ? ", method, path, body, query, query_raw, query_sorted" : "")));
    }
}

core::Secret readSecret(MapReader& map, std::string_view key, const SecretLookup& secrets) {
    const auto node = map.require(key);
    if (!node) return {};
    const auto reference = node->text();
    if (!reference.ok()) {
        map.errors().add(reference.error());
        return {};
    }
    if (!reference->starts_with("vault:") && !reference->starts_with("env:") && !reference->starts_with("file:")) {
        map.complain(key, "a secret is named by vault:SYSTEM/ACCOUNT, env:NAME or file:PATH, never written here");
        return {};
    }
    auto secret = secrets(*reference);
    if (secret.ok()) return std::move(secret).value();
    map.complain(key, secret.error().message);
    return {};
}

std::vector<std::pair<std::string, std::string>> readPairs(MapReader& map, std::string_view key) {
    std::vector<std::pair<std::string, std::string>> pairs;
    const auto node = map.child(key);
    if (!node) return pairs;
    if (!node->isMap()) map.complain(key, "a map of names to texts is expected");
    for (const auto& [name, value] : node->entries()) {
        auto text = value.text();
        if (!text.ok()) {
            if (const auto number = value.integer(); number.ok()) {
                text = std::to_string(*number);
            } else {
                map.errors().add(text.error());
                continue;
            }
        }
        checkText(value, *text, false, map.errors());
        pairs.emplace_back(name, *text);
    }
    return pairs;
}

HttpValueAt readAt(MapReader& map, std::string_view key) {
    HttpValueAt at;
    const auto node = map.child(key);
    if (!node) return at;
    if (node->isScalar()) {
        const auto text = node->text();
        if (!text.ok()) {
            map.errors().add(text.error());
        } else {
            at.member = *text;
        }
        return at;
    }
    MapReader inner(*node, map.errors());
    at.header = inner.requireText("header");
    inner.finish();
    return at;
}

HttpAuth readAuth(const YamlNode& node, config::YamlErrors& errors, const SecretLookup& secrets) {
    HttpAuth auth;
    MapReader map(node, errors);
    map.require("kind");
    auth.kind = map.choice<HttpAuth::Kind>("kind", HttpAuth::Kind::kNone,
                                           {{"none", HttpAuth::Kind::kNone},
                                            {"basic", HttpAuth::Kind::kBasic},
                                            {"bearer", HttpAuth::Kind::kBearer},
                                            {"header", HttpAuth::Kind::kHeader},
                                            {"sign_on", HttpAuth::Kind::kSignOn}});
    if (auth.kind == HttpAuth::Kind::kBasic) {
        auth.user = map.requireText("user");
        auth.secret = readSecret(map, "password", secrets);
    } else if (auth.kind == HttpAuth::Kind::kBearer) {
        auth.secret = readSecret(map, "token", secrets);
    } else if (auth.kind == HttpAuth::Kind::kHeader) {
        auth.header = map.requireText("header");
        auth.secret = readSecret(map, "value", secrets);
    }
    map.finish();
    return auth;
}

HttpSigning readSigning(const YamlNode& node, config::YamlErrors& errors, const SecretLookup& secrets) {
    HttpSigning signing;
    MapReader map(node, errors);
    signing.secret = readSecret(map, "secret", secrets);
    signing.algorithm = map.text("algorithm", signing.algorithm);
    if (!crypto::digestFromName(signing.algorithm)) map.complain("algorithm", "sha256, sha1, md5 or sm3 is expected");
    if (const auto text = map.require("text")) {
        signing.text = text->text().valueOr("");
        checkText(*text, signing.text, true, errors);
    }
    signing.base64 = map.choice<bool>("encoding", false, {{"hex", false}, {"base64", true}});
    signing.header = map.text("header", "");
    signing.parameter = map.text("parameter", "");
    if (signing.header.empty() == signing.parameter.empty())
        map.complain("header", "either header or parameter is expected");
    map.finish();
    return signing;
}

HttpRequestSpec readRequest(MapReader& read) {
    HttpRequestSpec request;
    const auto node = read.require("request");
    if (!node) return request;
    MapReader map(*node, read.errors());
    request.method = map.text("method", map.has("body") ? "POST" : "GET");
    request.path = map.requireText("path");
    if (const auto path = map.child("path")) checkText(*path, request.path, false, map.errors());
    if (!request.path.starts_with('/')) map.complain("path", "a path begins with /");
    request.query = readPairs(map, "query");
    request.fields = readPairs(map, "headers");
    request.body = map.text("body", "");
    if (const auto body = map.child("body")) checkText(*body, request.body, false, map.errors());
    request.bodyType = map.text("type", request.body.empty() ? "" : "application/json");
    const auto charset = charsetFromName(map.text("body_charset", "utf-8"));
    if (!charset) map.complain("body_charset", "unknown charset");
    request.bodyCharset = charset.value_or(Charset::kUtf8);
    map.finish();
    return request;
}

void readCursor(MapReader& map, HttpPaging& paging) {
    paging.next = readAt(map, "next");
    if (paging.next.empty()) map.complain("next", "next is expected: where the answer has the cursor of the next page");
    const auto expired = map.child("expired");
    if (!expired) return;
    MapReader inner(*expired, map.errors());
    if (const auto statuses = inner.child("status")) {
        for (std::size_t i = 0; i < statuses->size(); ++i) {
            const auto status = statuses->at(i).integer();
            if (!status.ok()) map.errors().add(status.error());
            paging.expiredStatus.push_back(static_cast<int>(status.ok() ? *status : 0));
        }
    }
    paging.expiredCodes = inner.texts("codes");
    inner.finish();
}

HttpPaging readPaging(MapReader& read) {
    HttpPaging paging;
    const auto node = read.child("paging");
    if (!node) return paging;
    MapReader map(*node, read.errors());
    map.require("how");
    paging.how = map.choice<How>("how", How::kWhole,
                                 {{"whole", How::kWhole},
                                  {"page", How::kPage},
                                  {"offset", How::kOffset},
                                  {"cursor", How::kCursor},
                                  {"sequence", How::kSequence},
                                  {"window", How::kWindow}});
    paging.first = map.integer("first", paging.how == How::kPage ? 1 : 0, {0, 1'000'000'000'000});
    paging.size = map.integer("size", 100, {1, 1'000'000});
    paging.maxPages = map.integer("max_pages", paging.maxPages, {1, 100'000'000});
    if (paging.how == How::kPage || paging.how == How::kOffset) {
        paging.total = readAt(map, "total");
        paging.more = readAt(map, "more");
        paging.stable = map.boolean("stable", false);
    }
    if (paging.how == How::kCursor) readCursor(map, paging);
    if (paging.how == How::kSequence) paging.field = map.requireText("field");
    if (paging.how == How::kWindow) paging.cap = map.integer("cap", 500, {2, 1'000'000});
    if (paging.how == How::kWhole && map.has("id")) {
        paging.field = map.requireText("id");
        paging.cap = map.integer("keeps", 0, {0, 1'000'000});
    }
    map.finish();
    return paging;
}

HttpErrors readErrors(const YamlNode& node, config::YamlErrors& errors) {
    HttpErrors out;
    MapReader map(node, errors);
    map.require("at");
    out.at = readAt(map, "at");
    out.good = map.texts("good");
    out.message = readAt(map, "message");
    if (const auto kinds = map.child("kinds")) {
        constexpr std::array<ErrorCode, 6> kCodes{ErrorCode::kUnauthenticated, ErrorCode::kDenied,
                                                  ErrorCode::kThrottled,       ErrorCode::kUnavailable,
                                                  ErrorCode::kTimeout,         ErrorCode::kUpstream};
        for (const auto& [value, word] : kinds->entries()) {
            const auto name = word.text();
            const auto code = std::find_if(kCodes.begin(), kCodes.end(),
                                           [&](ErrorCode c) { return name.ok() && core::toString(c) == *name; });
            if (code == kCodes.end()) {
                errors.add(
                    word.error("unauthenticated, denied, throttled, unavailable, timeout or upstream is expected"));
            } else {
                out.kinds.emplace(value, *code);
            }
        }
    }
    map.finish();
    return out;
}

HttpWatermark readWatermark(const YamlNode& node, config::YamlErrors& errors) {
    HttpWatermark mark;
    MapReader map(node, errors);
    mark.style.pattern = map.text("format", "iso");
    const auto zone = zoneOffset(map.text("zone", "Asia/Shanghai"));
    if (!zone) map.complain("zone", "Asia/Shanghai, UTC or an offset as +08:00 is expected");
    mark.style.zone = zone.value_or(std::chrono::minutes(0));
    mark.overlap = map.duration("overlap", mark.overlap);
    mark.lag = map.duration("lag", mark.lag);
    if (map.has("initial")) {
        const auto day = core::parseDate(map.requireText("initial"));
        if (!day.ok()) map.complain("initial", "a day as 2020-01-31 is expected");
        if (day.ok()) mark.initial = *day - mark.style.zone;
    }
    map.finish();
    return mark;
}

std::optional<HttpUnwrap> readUnwrap(MapReader& read) {
    const auto node = read.child("unwrap");
    if (!node) return std::nullopt;
    MapReader map(*node, read.errors());
    HttpUnwrap unwrap;
    unwrap.member = map.requireText("at");
    unwrap.base64 = map.choice<bool>("encoding", false, {{"text", false}, {"base64", true}});
    map.finish();
    return unwrap;
}

void readSource(const YamlNode& source, HttpSpec& spec, config::YamlErrors& errors, const SecretLookup& secrets) {
    MapReader map(source, errors);
    map.child("kind");
    const auto base = core::Url::parse(map.requireText("base"));
    if (!base.ok()) map.complain("base", base.error().message);
    if (base.ok()) spec.base = *base;
    spec.caFile = map.text("ca", "");
    if (const auto auth = map.child("auth")) spec.auth = readAuth(*auth, errors, secrets);
    if (const auto sign = map.child("sign")) spec.signing = readSigning(*sign, errors, secrets);
    spec.fields = readPairs(map, "headers");
    spec.limits.totalTimeout = map.duration("timeout", std::chrono::seconds(60), {1000, 3'600'000});
    spec.limits.connectTimeout = map.duration("connect_timeout", std::chrono::seconds(10), {100, 600'000});
    if (const auto declared = map.child("errors")) spec.errors = readErrors(*declared, errors);
    map.finish();
}

/// What the parts need of each other.
void checkWhole(MapReader& map, const HttpSpec& spec) {
    if (spec.paging.how == How::kWindow && (!spec.watermark || !spec.watermark->initial)) {
        map.complain("watermark", "paging by window needs a watermark with initial: the day of the oldest record");
    }
    const std::vector<std::string> columns = spec.format.names();
    const auto& field = spec.paging.field;
    if (!field.empty() && !columns.empty() && std::find(columns.begin(), columns.end(), field) == columns.end()) {
        map.complain("paging", "the column \"" + field + "\" is not one of `columns`");
    }
}

}  // namespace

core::Result<HttpSpec> readHttpSpec(const YamlNode& source, const YamlNode& read, const SecretLookup& secrets) {
    config::YamlErrors errors;
    HttpSpec spec;
    readSource(source, spec, errors, secrets);
    MapReader map(read, errors);
    spec.request = readRequest(map);
    spec.paging = readPaging(map);
    if (const auto declared = map.child("errors")) spec.errors = readErrors(*declared, errors);
    if (const auto mark = map.child("watermark")) spec.watermark = readWatermark(*mark, errors);
    spec.unwrap = readUnwrap(map);
    spec.format = readFormatSpec(map);
    spec.limits.maxBodyBytes = spec.format.maxDocument;
    checkWhole(map, spec);
    map.finish();
    YIMEN_TRY_STATUS(errors.status());
    return spec;
}

}  // namespace yimen::sync
