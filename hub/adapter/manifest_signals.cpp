#include "adapter/manifest_parts.h"
#include "core/ascii.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

using config::MapReader;
using config::YamlNode;

constexpr std::size_t kMaxMatchers = 16;

std::vector<int> readStatus(MapReader& reader) {
    std::vector<int> out;
    const auto node = reader.child("status");
    if (!node) return out;
    const auto take = [&](const YamlNode& value) {
        const auto number = value.integer();
        if (!number.ok() || *number < 100 || *number > 599) {
            reader.errors().add(value.error("must be a status 100..599 or a list of them"));
        } else {
            out.push_back(static_cast<int>(*number));
        }
    };
    if (!node->isList()) {
        take(*node);
        return out;
    }
    for (std::size_t i = 0; i < node->size(); ++i) take(node->at(i));
    return out;
}

/// A text of the page as bytes of its charset.
std::string readBytes(MapReader& reader, std::string_view key, const std::string& charset) {
    const std::string text = reader.text(key, "");
    if (text.empty()) return {};
    auto bytes = core::encodeCharset(text, charset);
    if (!bytes.ok()) {
        reader.complain(key, "cannot be written in " + charset + ": " + bytes.error().message);
        return {};
    }
    return std::move(bytes).value();
}

std::optional<std::string> optionalText(MapReader& reader, std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    return reader.text(key, "");
}

Matcher readMatcher(MapReader& reader, const std::string& charset) {
    Matcher matcher;
    matcher.status = readStatus(reader);
    matcher.header = reader.text("header", "");
    matcher.headerValue = optionalText(reader, "header_value");
    matcher.cookie = reader.text("cookie", "");
    matcher.location = reader.text("location", "");
    matcher.bodyContains = readBytes(reader, "body_contains", charset);
    matcher.bodyStarts = readBytes(reader, "body_starts", charset);
    matcher.selector = reader.text("selector", "");
    matcher.text = optionalText(reader, "text");
    matcher.jsonMember = reader.text("json", "");
    matcher.jsonValue = optionalText(reader, "json_value");
    if (matcher.headerValue && matcher.header.empty()) reader.complain("header_value", "needs header");
    if (matcher.text && matcher.selector.empty()) reader.complain("text", "needs selector");
    if (matcher.jsonValue && matcher.jsonMember.empty()) reader.complain("json_value", "needs json");
    const bool empty = matcher.status.empty() && matcher.header.empty() && matcher.cookie.empty() &&
                       matcher.location.empty() && !matcher.needsBody();
    if (empty) reader.complain("", "an empty sign matches every answer: name a status, cookie, location or text");
    return matcher;
}

/// `traffic`: looked at on every answer, so only what is cheap.
std::vector<Matcher> readList(MapReader& reader, std::string_view key, const std::string& charset, bool traffic) {
    std::vector<Matcher> out;
    const auto list = reader.child(key);
    if (!list) return out;
    if (!list->isList() || list->size() > kMaxMatchers) {
        reader.complain(key, "must be a list of at most 16 signs");
        return out;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        MapReader item(list->at(i), reader.errors());
        Matcher matcher = readMatcher(item, charset);
        matcher.name = std::string(key) + "[" + std::to_string(i) + "]";
        if (traffic && (!matcher.selector.empty() || !matcher.jsonMember.empty())) {
            item.complain(matcher.selector.empty() ? "json" : "selector",
                          "is not looked at in traffic: use status, location, cookie, body_starts or body_contains");
        }
        item.finish();
        out.push_back(std::move(matcher));
    }
    return out;
}

}  // namespace

void readSignals(MapReader& reader, const std::string& charset, Signals& signals) {
    signals.success = readList(reader, "success", charset, false);
    signals.failure = readList(reader, "failure", charset, false);
    signals.expired = readList(reader, "expired", charset, true);
    signals.locked = readList(reader, "locked", charset, false);
    signals.mustChange = readList(reader, "must_change", charset, false);
    signals.captcha = readList(reader, "captcha", charset, false);
    signals.secondSession = readList(reader, "second_session", charset, true);
    signals.maintenance = readList(reader, "maintenance", charset, true);
}

}  // namespace yimen::adapter
