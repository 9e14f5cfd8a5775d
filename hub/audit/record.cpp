#include "audit/record.h"

#include <algorithm>
#include <set>

#include "core/json.h"
#include "core/time_format.h"

namespace yimen::audit {

namespace {

constexpr std::string_view kHashMark = ",\"hash\":\"";
constexpr std::size_t kHashHex = 64;
constexpr std::size_t kTailSize = kHashMark.size() + kHashHex + 2;

core::Error notARecord(std::string_view why) {
    return core::makeError(core::ErrorCode::kCorrupt, "not an audit record: " + std::string(why));
}

std::string jsonText(std::string_view text) {
    if (text.size() <= kMaxTextBytes) return core::writeJson(core::Json(text));
    return core::writeJson(core::Json(std::string(text.substr(0, kMaxTextBytes - 3)) + "..."));
}

void member(std::string& line, std::string_view name, std::string_view text) {
    line += ",\"";
    line += name;
    line += "\":";
    line += jsonText(text);
}

/// Field names are made unique, so that strict readers accept the line and no value is lost.
std::string fieldsObject(const AuditEvent& event) {
    std::set<std::string> used;
    std::string out = "{";
    const auto add = [&](const std::string& wanted, std::string_view value) {
        std::string name = wanted;
        for (int copy = 2; !used.insert(name).second; ++copy) name = wanted + "#" + std::to_string(copy);
        if (out.size() > 1) out += ',';
        out += jsonText(name) + ":" + jsonText(value);
    };
    const std::size_t kept = std::min(event.fields.size(), kMaxFields);
    for (std::size_t i = 0; i < kept; ++i) add(event.fields[i].first, event.fields[i].second);
    if (kept < event.fields.size()) add("fields_cut", std::to_string(event.fields.size() - kept));
    return out + "}";
}

std::optional<AuditResult> resultFromName(std::string_view name) {
    for (const auto result : {AuditResult::kOk, AuditResult::kFailed, AuditResult::kDenied}) {
        if (toString(result) == name) return result;
    }
    return std::nullopt;
}

/// Reads "2026-11-21T10:42:05.123456Z", the only form this log writes.
std::optional<core::WallTime> readTime(const std::string& text) {
    if (text.size() != 27 || text[10] != 'T' || text[26] != 'Z') return std::nullopt;
    const auto day = core::parseDate(text.substr(0, 10));
    if (!day.ok()) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        std::int64_t value = 0;
        for (const char c : text.substr(at, size)) value = c < '0' || c > '9' ? -1'000'000'000 : value * 10 + (c - '0');
        return value;
    };
    const std::int64_t seconds = number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
    const std::int64_t micros = number(20, 6);
    if (seconds < 0 || micros < 0) return std::nullopt;
    return *day + std::chrono::microseconds(seconds * 1'000'000 + micros);
}

core::Status readFields(const core::Json& json, AuditEvent& event) {
    const auto found = json.find("fields");
    if (found == json.end() || !found->is_object()) return notARecord("no fields");
    for (const auto& [name, value] : found->items()) {
        if (!value.is_string()) return notARecord("a field is not a text");
        event.fields.emplace_back(name, value.get<std::string>());
    }
    return {};
}

}  // namespace

std::string_view toString(AuditResult result) noexcept {
    switch (result) {
        case AuditResult::kOk:
            return "ok";
        case AuditResult::kFailed:
            return "failed";
        case AuditResult::kDenied:
            return "denied";
    }
    return "failed";
}

std::string ChainHash::of(std::string_view bytes) const {
    const auto data = core::asBytes(bytes);
    return core::toHex(key_ ? crypto::hmac(algorithm_, key_->bytes(), data) : crypto::digest(algorithm_, data));
}

std::string formatRecord(const AuditEvent& event, core::WallTime at, const ChainHash& hash, ChainState& state) {
    std::string line = "{\"v\":1,\"seq\":" + std::to_string(state.seq + 1);
    line.reserve(512);
    member(line, "at", core::formatUtc(at));
    member(line, "type", event.type);
    member(line, "actor", event.actor);
    member(line, "subject", event.subject);
    member(line, "system", event.system);
    member(line, "result", toString(event.result));
    member(line, "ip", event.sourceIp);
    line += ",\"fields\":" + fieldsObject(event);
    member(line, "prev", state.hash);
    state.hash = hash.of(line);
    ++state.seq;
    line += kHashMark;
    line += state.hash;
    line += "\"}";
    return line;
}

core::Result<AuditRecord> parseRecord(std::string_view line) {
    auto parsed = core::parseJson(line, 4);
    if (!parsed.ok()) return notARecord(parsed.error().message);
    const core::JsonReader reader(*parsed);
    AuditRecord record;
    const auto version = reader.integer("v");
    const auto seq = reader.integer("seq");
    if (!version.ok() || *version != 1 || !seq.ok() || *seq < 1) return notARecord("no version or sequence number");
    record.seq = static_cast<std::uint64_t>(*seq);
    std::string result;
    const std::pair<const char*, std::string*> texts[] = {{"at", &record.atText},
                                                          {"type", &record.event.type},
                                                          {"actor", &record.event.actor},
                                                          {"subject", &record.event.subject},
                                                          {"system", &record.event.system},
                                                          {"result", &result},
                                                          {"ip", &record.event.sourceIp},
                                                          {"prev", &record.prev},
                                                          {"hash", &record.hash}};
    for (const auto& [name, target] : texts) {
        auto value = reader.text(name);
        if (!value.ok()) return notARecord(value.error().message);
        *target = std::move(value).value();
    }
    const auto outcome = resultFromName(result);
    const auto at = readTime(record.atText);
    if (!outcome || !at) return notARecord("unknown result or time");
    record.event.result = *outcome;
    record.at = *at;
    YIMEN_TRY_STATUS(readFields(*parsed, record.event));
    return record;
}

bool hashFits(std::string_view line, const ChainHash& hash) {
    if (line.size() <= kTailSize) return false;
    const auto body = line.substr(0, line.size() - kTailSize);
    const auto tail = line.substr(body.size());
    return tail == std::string(kHashMark) + hash.of(body) + "\"}";
}

}  // namespace yimen::audit
