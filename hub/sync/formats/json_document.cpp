#include "sync/formats/json_document.h"

#include <simdjson.h>

#include <algorithm>

#include "core/ascii.h"
#include "sync/formats/record_reader.h"

namespace yimen::sync {

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

/// RFC 8259 section 6.
bool isNumber(std::string_view text) noexcept {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t from = at;
        while (at < text.size() && core::isDigit(text[at])) ++at;
        return at > from;
    };
    if (at < text.size() && text[at] == '-') ++at;
    const std::size_t whole = at;
    if (!digits() || (text[whole] == '0' && at > whole + 1)) return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!digits()) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (!digits()) return false;
    }
    return at == text.size();
}

std::string_view token(ondemand::value& value) {
    std::string_view text = value.raw_json_token();
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

/// The text of the array or object that begins at `at`, in a document that is known to be good.
std::string_view container(const char* at, const char* end) {
    int depth = 0;
    bool quoted = false;
    for (const char* here = at; here != end; ++here) {
        if (quoted) {
            if (*here == '\\')
                ++here;
            else if (*here == '"')
                quoted = false;
            continue;
        }
        if (*here == '"') quoted = true;
        if (*here == '{' || *here == '[') ++depth;
        if ((*here == '}' || *here == ']') && --depth == 0) return {at, static_cast<std::size_t>(here - at) + 1};
    }
    return {at, static_cast<std::size_t>(end - at)};
}

error_code check(ondemand::value value, std::size_t depth);

error_code checkObject(ondemand::value& value, std::size_t depth) {  // NOLINT(misc-no-recursion): bounded by kMaxDepth
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto member : object) {
        ondemand::field field;
        std::string_view key;
        if (const auto error = std::move(member).get(field)) return error;
        if (const auto error = field.unescaped_key().get(key)) return error;
        if (const auto error = check(field.value(), depth)) return error;
    }
    return SUCCESS;
}

error_code checkArray(ondemand::value& value, std::size_t depth) {  // NOLINT(misc-no-recursion): bounded by kMaxDepth
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto item : array) {
        ondemand::value inner;
        if (const auto error = item.get(inner)) return error;
        if (const auto error = check(inner, depth)) return error;
    }
    return SUCCESS;
}

/// Looks at every value once: On-Demand checks only what is looked at.
error_code check(ondemand::value value, std::size_t depth) {  // NOLINT(misc-no-recursion): bounded by kMaxDepth
    if (depth > JsonDocument::kMaxDepth) return simdjson::DEPTH_ERROR;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
        case ondemand::json_type::object:
            return checkObject(value, depth + 1);
        case ondemand::json_type::array:
            return checkArray(value, depth + 1);
        case ondemand::json_type::string:
            return value.get_string().error();
        case ondemand::json_type::number: {
            const bool good = isNumber(token(value));
            // Steps over the number; one that no machine type holds is still a good text.
            static_cast<void>(value.get_double().error());
            return good ? SUCCESS : simdjson::NUMBER_ERROR;
        }
        case ondemand::json_type::boolean:
            return value.get_bool().error();
        case ondemand::json_type::null:
            return token(value) == "null" ? SUCCESS : simdjson::N_ATOM_ERROR;
    }
    return simdjson::TAPE_ERROR;
}

}  // namespace

struct JsonDocument::Inner {
    explicit Inner(std::string_view text) : json(text) {}

    error_code open() {
        if (const auto error = parser.allocate(std::max<std::size_t>(json.size(), 64), kMaxDepth + 8)) return error;
        return parser.iterate(json).get(document);
    }
    error_code checkAll() {
        ondemand::value root;
        if (const auto error = document.get_value().get(root)) return error;
        if (const auto error = check(root, 1)) return error;
        const char* behind = nullptr;
        return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS ? SUCCESS : simdjson::TAPE_ERROR;
    }
    const char* end() const noexcept { return json.data() + json.size(); }

    core::Result<JsonValue> read(ondemand::value& value) const;
    error_code walk(ondemand::value& value, const std::string& path, const Visit& visit) const;
    error_code record(ondemand::value& value, std::size_t number, const Visit& visit) const;

    simdjson::padded_string json;
    ondemand::parser parser;
    ondemand::document document;
};

core::Result<JsonValue> JsonDocument::Inner::read(ondemand::value& value) const {
    ondemand::json_type type{};
    if (value.type().get(type) != SUCCESS)
        return core::makeError(core::ErrorCode::kInternal, "JSON cannot be read twice");
    JsonValue out;
    switch (type) {
        case ondemand::json_type::object:
        case ondemand::json_type::array:
            out.kind = type == ondemand::json_type::object ? JsonValue::Kind::kObject : JsonValue::Kind::kArray;
            out.text = container(value.raw_json_token().data(), end());
            break;
        case ondemand::json_type::string:
            out.kind = JsonValue::Kind::kText;
            if (value.get_string().get(out.text) != SUCCESS) {
                return core::makeError(core::ErrorCode::kInternal, "JSON cannot be read twice");
            }
            break;
        case ondemand::json_type::number:
            out.kind = JsonValue::Kind::kNumber;
            out.text = token(value);
            break;
        case ondemand::json_type::boolean:
            out.kind = JsonValue::Kind::kBoolean;
            out.text = token(value);
            break;
        case ondemand::json_type::null:
            break;
    }
    return out;
}

/// Gives what stands below `value`, an object or array.
// NOLINTNEXTLINE(misc-no-recursion,readability-function-cognitive-complexity): bounded by kMaxDepth; two loops
error_code JsonDocument::Inner::walk(ondemand::value& value, const std::string& path, const Visit& visit) const {
    const auto give = [&](std::string_view name, ondemand::value inner) -> error_code {  // NOLINT(misc-no-recursion)
        std::string longer;
        if (!path.empty()) longer = path + "/" + std::string(name);
        const std::string_view full = path.empty() ? name : std::string_view(longer);
        const auto read = this->read(inner);
        if (!read.ok()) return simdjson::TAPE_ERROR;
        visit.member(full, *read);
        const bool inside = read->kind == JsonValue::Kind::kObject || read->kind == JsonValue::Kind::kArray;
        return inside && visit.enter && visit.enter(full) ? walk(inner, std::string(full), visit) : SUCCESS;
    };
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        if (const auto error = value.get_array().get(array)) return error;
        std::size_t number = 0;
        for (auto item : array) {
            ondemand::value inner;
            if (const auto error = item.get(inner)) return error;
            if (const auto error = give(std::to_string(number++), inner)) return error;
        }
        return SUCCESS;
    }
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto member : object) {
        ondemand::field field;
        std::string_view key;
        if (const auto error = std::move(member).get(field)) return error;
        if (const auto error = field.unescaped_key().get(key)) return error;
        if (const auto error = give(key, field.value())) return error;
    }
    return SUCCESS;
}

error_code JsonDocument::Inner::record(ondemand::value& value, std::size_t number, const Visit& visit) const {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
        visit.record(number, JsonValue::Kind::kObject, container(value.raw_json_token().data(), end()));
        return walk(value, "", visit);
    }
    const auto read = this->read(value);
    if (!read.ok()) return simdjson::TAPE_ERROR;
    visit.record(number, read->kind, read->text);
    return SUCCESS;
}

JsonDocument::JsonDocument(std::unique_ptr<Inner> inner, std::string name)
    : inner_(std::move(inner)), name_(std::move(name)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

core::Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string name) {
    auto inner = std::make_unique<Inner>(text);
    error_code error = inner->open();
    const bool opened = error == SUCCESS;
    if (opened) error = inner->checkAll();
    if (error == SUCCESS) {
        inner->document.rewind();
        return JsonDocument(std::move(inner), std::move(name));
    }
    const char* place = nullptr;
    std::string where;
    if (opened && inner->document.current_location().get(place) == SUCCESS && place >= inner->json.data() &&
        place <= inner->end()) {
        const auto line =
            static_cast<std::uint64_t>(std::count(static_cast<const char*>(inner->json.data()), place, '\n')) + 1;
        where = " near line " + std::to_string(line) + ", byte " + std::to_string(place - inner->json.data());
    }
    return documentError(name, 0,
                         "not JSON" + where + " (" + simdjson::error_message(error) +
                             "): the answer is cut off or of another kind; nothing of it was taken");
}

core::Result<std::optional<std::string>> JsonDocument::textAt(const std::string& pointer) {
    if (!pointer.empty() && pointer.front() != '/') {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "\"" + pointer + "\" is no JSON pointer: it begins with /");
    }
    inner_->document.rewind();
    ondemand::value value;
    const error_code error =
        pointer.empty() ? inner_->document.get_value().get(value) : inner_->document.at_pointer(pointer).get(value);
    if (error != SUCCESS) return std::optional<std::string>();
    YIMEN_TRY(const JsonValue found, inner_->read(value));
    if (found.kind == JsonValue::Kind::kNull) return std::optional<std::string>();
    return std::optional<std::string>(std::string(found.text));
}

core::Status JsonDocument::eachRecord(const std::string& pointer, const Visit& visit) {
    inner_->document.rewind();
    ondemand::value value;
    error_code error =
        pointer.empty() ? inner_->document.get_value().get(value) : inner_->document.at_pointer(pointer).get(value);
    ondemand::json_type type{};
    if (error == SUCCESS) error = value.type().get(type);
    if (error != SUCCESS || (type != ondemand::json_type::array && type != ondemand::json_type::object)) {
        return documentError(name_, 0, "there are no records at \"" + pointer + "\": check `records` in data.yaml");
    }
    if (type == ondemand::json_type::object) {
        error = inner_->record(value, 0, visit);
    } else {
        ondemand::array array;
        error = value.get_array().get(array);
        std::size_t number = 0;
        if (error == SUCCESS) {
            for (auto item : array) {
                ondemand::value record;
                error = item.get(record);
                if (error == SUCCESS) error = inner_->record(record, number++, visit);
                if (error != SUCCESS) break;
            }
        }
    }
    return error == SUCCESS ? core::Status() : core::Status(documentError(name_, 0, simdjson::error_message(error)));
}

}  // namespace yimen::sync
