#include "adapter/template_text.h"

#include "core/ascii.h"
#include "core/bytes.h"
#include "core/url.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;

bool isFilter(std::string_view name) {
    return name == "upper" || name == "lower" || name == "encode" || crypto::digestFromName(name).has_value();
}

std::string applyFilter(std::string_view filter, std::string value) {
    if (filter == "upper") {
        for (char& c : value) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return value;
    }
    if (filter == "lower") return core::lowerCase(value);
    if (filter == "encode") return core::percentEncode(value);
    const auto algorithm = crypto::digestFromName(filter);
    return algorithm ? core::toHex(crypto::digest(*algorithm, core::asBytes(value))) : std::move(value);
}

/// What one place asks for.
struct Place {
    std::string name;
    std::vector<std::string> filters;
};

core::Result<Place> parsePlace(std::string_view inner) {
    Place place;
    auto bar = inner.find('|');
    place.name = core::trim(inner.substr(0, bar));
    while (bar != std::string_view::npos) {
        inner.remove_prefix(bar + 1);
        bar = inner.find('|');
        place.filters.emplace_back(core::trim(inner.substr(0, bar)));
        if (!isFilter(place.filters.back())) {
            return makeError(ErrorCode::kInvalidInput, "unknown filter '" + place.filters.back() +
                                                           "': use md5, sha1, sha256, sm3, upper, lower or encode");
        }
    }
    if (place.name.empty()) return makeError(ErrorCode::kInvalidInput, "'{}' names no value; write '{{' for a brace");
    return place;
}

using PlaceTaker = std::function<core::Status(const Place&)>;

core::Status walk(std::string_view text, std::string* literal, const PlaceTaker& take) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool doubled = i + 1 < text.size() && text[i + 1] == c;
        if ((c == '{' || c == '}') && doubled) {
            ++i;
        } else if (c == '}') {
            return makeError(ErrorCode::kInvalidInput, "'}' without '{'; write '}}' for a brace");
        } else if (c == '{') {
            const auto end = text.find('}', i);
            if (end == std::string_view::npos) return makeError(ErrorCode::kInvalidInput, "'{' without '}'");
            YIMEN_TRY(const auto place, parsePlace(text.substr(i + 1, end - i - 1)));
            YIMEN_TRY_STATUS(take(place));
            i = end;
            continue;
        }
        if (literal != nullptr) literal->push_back(c);
    }
    return {};
}

}  // namespace

core::Result<std::string> expandTemplate(std::string_view text, const TemplateLookup& lookup) {
    std::string out;
    const auto status = walk(text, &out, [&](const Place& place) -> core::Status {
        auto value = lookup(place.name);
        if (!value) return makeError(ErrorCode::kInvalidInput, "no value for '" + place.name + "'");
        for (const auto& filter : place.filters) value = applyFilter(filter, std::move(*value));
        out += *value;
        return {};
    });
    if (!status.ok()) return status.error();
    return out;
}

core::Result<std::vector<std::string>> templateNames(std::string_view text) {
    std::vector<std::string> names;
    const auto status = walk(text, nullptr, [&](const Place& place) -> core::Status {
        names.push_back(place.name);
        return {};
    });
    if (!status.ok()) return status.error();
    return names;
}

}  // namespace yimen::adapter
