#include "net/field_rules.h"

#include "core/ascii.h"
#include "net/char_table.h"

namespace yimen::net {
namespace {

/// Calls `each(token)` for the members of a comma-separated list of tokens; false for anything else.
template <typename Each>
bool forEachToken(std::string_view list, Each each) {
    std::size_t at = 0;
    while (at <= list.size()) {
        std::size_t end = list.find(',', at);
        if (end == std::string_view::npos) end = list.size();
        const std::string_view token = core::trim(list.substr(at, end - at));
        if (!allOf(token, kTokenChar)) return false;
        if (!token.empty() && !each(token)) return false;
        at = end + 1;
    }
    return true;
}

/// A field named by Connection is dropped on the way (RFC 9110 section 7.6.1). Naming the framing fields themselves
/// has no honest use.
bool nominate(std::string_view token, std::vector<Field>& fields, FramingFields& found) {
    if (core::equalIgnoreCase(token, "close")) {
        found.close = true;
    } else if (core::equalIgnoreCase(token, "keep-alive")) {
        found.keepAlive = true;
    } else if (core::equalIgnoreCase(token, "upgrade")) {
        found.namesUpgrade = true;
    } else if (core::equalIgnoreCase(token, "host")) {
        found.namesHost = true;
    } else if (core::equalIgnoreCase(token, "content-length") || core::equalIgnoreCase(token, "transfer-encoding")) {
        return false;
    } else {
        for (Field& field : fields) field.hop = field.hop || core::equalIgnoreCase(field.name, token);
    }
    return true;
}

bool takeField(Field& field, FramingFields& found) noexcept {
    switch (field.id) {
        case FieldId::kHost:
            ++found.hosts;
            found.host = field.value;
            return true;
        case FieldId::kContentLength:
            field.hop = true;
            if (found.hasLength) return false;
            found.hasLength = true;
            return parseContentLength(field.value, found.length);
        case FieldId::kTransferEncoding:
            field.hop = true;
            if (found.chunked || !core::equalIgnoreCase(field.value, "chunked")) return false;
            found.chunked = true;
            return true;
        case FieldId::kExpect:
            field.hop = true;
            found.badExpect = found.hasExpect || !core::equalIgnoreCase(field.value, "100-continue");
            found.hasExpect = true;
            return true;
        case FieldId::kUpgrade:
            field.hop = true;
            found.hasUpgrade = !field.value.empty();
            return true;
        case FieldId::kConnection:
        case FieldId::kKeepAlive:
        case FieldId::kProxyConnection:
        case FieldId::kTe:
        case FieldId::kTrailer:
            field.hop = true;
            return true;
        default:
            return true;
    }
}

}  // namespace

bool parseContentLength(std::string_view value, std::uint64_t& length) noexcept {
    constexpr std::size_t kMaxDigits = 18;
    if (value.empty() || value.size() > kMaxDigits || !allOf(value, kDigitChar)) return false;
    length = 0;
    for (const char c : value) length = length * 10 + static_cast<std::uint64_t>(c - '0');
    return true;
}

bool collectFraming(std::vector<Field>& fields, FramingFields& found) {
    bool connection = false;
    for (Field& field : fields) {
        if (field.id == FieldId::kOther) continue;
        if (!takeField(field, found)) return false;
        connection = connection || field.id == FieldId::kConnection;
    }
    if (!connection) return true;
    for (const Field& field : fields) {
        if (field.id != FieldId::kConnection) continue;
        const auto each = [&](std::string_view token) { return nominate(token, fields, found); };
        if (!forEachToken(field.value, each)) return false;
    }
    return true;
}

}  // namespace yimen::net
