#include "adapter/hook_decision.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/unicode.h"
#include "http/headers.h"

namespace yimen::adapter {

namespace {

using core::equalIgnoreCase;

core::Error wrong(std::string what) {
    return core::makeError(core::ErrorCode::kInvalidInput, std::move(what));
}

/// A name as it may stand in an error: shortened, and without what would break a log line.
std::string shown(std::string_view name) {
    std::string out(name.substr(0, HookBounds::kMaxNameBytes));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7F) c = '?';
    }
    return "'" + out + "'";
}

/// '_' is a token character, but careless servers read it as '-': a script could write a guarded name with it.
core::Status checkName(std::string_view name) {
    if (name.size() > HookBounds::kMaxNameBytes) return wrong(shown(name) + ": a field name has 64 bytes at most");
    if (!http::isToken(name) || name.find('_') != std::string_view::npos) {
        return wrong(shown(name) + " is not the name of a field");
    }
    return {};
}

core::Status readSet(const lua::Value& value, HookDecision& out) {
    const auto* table = value.table();
    if (table == nullptr || !table->list.empty()) return wrong("set must be a table of names and texts");
    if (table->fields.size() > HookBounds::kMaxFields) return wrong("set has more than 32 fields");
    std::size_t total = 0;
    out.set.reserve(table->fields.size());
    for (const auto& [name, one] : table->fields) {
        YIMEN_TRY_STATUS(checkName(name));
        const auto* text = one.text();
        if (text == nullptr) return wrong("set: the value of " + shown(name) + " must be a text");
        if (text->size() > HookBounds::kMaxValueBytes) {
            return wrong("set: the value of " + shown(name) + " is longer than 4096 bytes");
        }
        if (!http::isFieldValue(*text)) {
            return wrong("set: the value of " + shown(name) +
                         " holds a control character, or a space at an end: no field may");
        }
        total += name.size() + text->size();
        out.set.emplace_back(name, *text);
    }
    if (total > HookBounds::kMaxTotalBytes) return wrong("set: more than 8192 bytes in all");
    std::sort(out.set.begin(), out.set.end());
    return {};
}

core::Status readRemove(const lua::Value& value, HookDecision& out) {
    const auto* table = value.table();
    if (table == nullptr || !table->fields.empty()) return wrong("remove must be a list of names");
    if (table->list.size() > HookBounds::kMaxFields) return wrong("remove has more than 32 names");
    for (const auto& one : table->list) {
        const auto* text = one.text();
        if (text == nullptr) return wrong("remove must be a list of names");
        YIMEN_TRY_STATUS(checkName(*text));
        out.remove.push_back(*text);
    }
    return {};
}

core::Status readQuery(const lua::Value& value, HookDecision& out) {
    const auto* text = value.text();
    if (text == nullptr) return wrong("query must be a text");
    if (text->size() > HookBounds::kMaxQueryBytes) return wrong("query is longer than 4096 bytes");
    for (const char c : *text) {
        const bool plain = c > ' ' && static_cast<unsigned char>(c) < 0x7F;
        if (!plain || c == '#' || c == '"' || c == '<' || c == '>') {
            return wrong("query holds a character that must be encoded: use url.encode");
        }
    }
    out.query = *text;
    return {};
}

core::Result<std::string> readReason(const lua::Value& value, const char* language) {
    const auto* text = value.text();
    if (text == nullptr || text->empty() || text->size() > HookBounds::kMaxReasonBytes || !core::isValidUtf8(*text)) {
        return wrong(std::string("deny.") + language + " must be a reason of 1 to 500 bytes in UTF-8");
    }
    return *text;
}

core::Status readDeny(const lua::Value& value, HookDecision& out) {
    const auto* table = value.table();
    if (table == nullptr) return wrong("deny must be a table of status, zh and en");
    for (const auto& [name, one] : table->fields) {
        if (name != "status" && name != "zh" && name != "en") return wrong("deny: unknown member " + shown(name));
    }
    HookDecision::Denial denial;
    if (!value["status"].isNil()) {
        const auto* status = value["status"].integer();
        // 401 starts a sign-in and 407 a dialogue with a proxy: both are the gateway's.
        const bool fits = status != nullptr && ((*status >= 400 && *status < 500) || *status == 503) &&
                          *status != 401 && *status != 407 && *status != 408;
        if (!fits) return wrong("deny.status must be 400 to 499 without 401, 407 and 408, or 503");
        denial.status = static_cast<int>(*status);
    }
    YIMEN_TRY(denial.reason.zh, readReason(value["zh"], "zh"));
    YIMEN_TRY(denial.reason.en, readReason(value["en"], "en"));
    out.deny = std::move(denial);
    return {};
}

core::Status checkOnce(const HookDecision& decision) {
    const std::size_t count = decision.set.size() + decision.remove.size();
    const auto name = [&](std::size_t i) -> std::string_view {
        return i < decision.set.size() ? decision.set[i].first : decision.remove[i - decision.set.size()];
    };
    // At most 64 short names: pairs cost less than a sorted copy.
    for (std::size_t i = 1; i < count; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (equalIgnoreCase(name(i), name(j))) return wrong(shown(name(i)) + " is set or removed twice");
        }
    }
    return {};
}

}  // namespace

bool HookDecision::touches(std::string_view name) const noexcept {
    return std::any_of(set.begin(), set.end(), [&](const auto& one) { return equalIgnoreCase(one.first, name); }) ||
           std::any_of(remove.begin(), remove.end(), [&](const auto& one) { return equalIgnoreCase(one, name); });
}

core::Result<HookDecision> readDecision(const lua::Value& returned, bool ofRequest) {
    HookDecision decision;
    if (returned.isNil()) return decision;
    const auto* table = returned.table();
    if (table == nullptr || !table->list.empty())
        return wrong("must return nil or a table of set, remove, query, deny");
    for (const auto& [name, value] : table->fields) {
        if (name == "set") {
            YIMEN_TRY_STATUS(readSet(value, decision));
        } else if (name == "remove") {
            YIMEN_TRY_STATUS(readRemove(value, decision));
        } else if (name == "query" && ofRequest) {
            YIMEN_TRY_STATUS(readQuery(value, decision));
        } else if (name == "deny") {
            YIMEN_TRY_STATUS(readDeny(value, decision));
        } else {
            return wrong("unknown member " + shown(name) + (name == "query" ? ": an answer has none" : ""));
        }
    }
    YIMEN_TRY_STATUS(checkOnce(decision));
    return decision;
}

}  // namespace yimen::adapter
