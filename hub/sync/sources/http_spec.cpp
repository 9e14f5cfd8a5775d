#include "sync/sources/http_spec.h"

#include <algorithm>
#include <array>

#include "core/time_format.h"
#include "sync/sources/http_spec_parts.h"

namespace yimen::sync {

namespace {

using config::MapReader;
using config::YamlNode;
using core::ErrorCode;
using How = HttpPaging::How;

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
    if (const auto auth = map.child("auth")) readAuth(*auth, spec, errors, secrets);
    if (const auto sign = map.child("sign")) spec.signing = readSigning(*sign, errors, secrets);
    spec.fields = readPairs(map, "headers", {});
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
    if (const auto request = map.require("request")) spec.request = readRequest(*request, errors, {});
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
