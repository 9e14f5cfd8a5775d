#include "core/json.h"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

namespace yimen::core {

namespace {

/// nlohmann's parser keeps the last of two equal keys and has no depth limit; this handler refuses both.
class StrictHandler final : public nlohmann::detail::json_sax_dom_parser<Json> {
public:
    using Base = nlohmann::detail::json_sax_dom_parser<Json>;
    StrictHandler(Json& target, std::size_t maxDepth) : Base(target, false), maxDepth_(maxDepth) {}

    bool start_object(std::size_t size) { return enter() && Base::start_object(size); }
    bool end_object() {
        keys_.pop_back();
        return Base::end_object();
    }
    bool start_array(std::size_t size) { return enter() && Base::start_array(size); }
    bool end_array() {
        keys_.pop_back();
        return Base::end_array();
    }
    bool key(std::string& name) {
        if (!keys_.back().insert(name).second) {
            problem = "the key '" + name + "' stands twice in one object";
            return false;
        }
        return Base::key(name);
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
        if (problem.empty()) problem = "not valid JSON at byte " + std::to_string(position);
        return false;
    }

    std::string problem;

private:
    bool enter() {
        if (keys_.size() >= maxDepth_) {
            problem = "nested deeper than " + std::to_string(maxDepth_);
            return false;
        }
        keys_.emplace_back();
        return true;
    }

    std::size_t maxDepth_;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

Result<Json> parseJson(std::string_view text, std::size_t maxDepth) {
    Json root;
    StrictHandler handler(root, maxDepth);
    if (!Json::sax_parse(text.begin(), text.end(), &handler)) {
        return makeError(ErrorCode::kInvalidInput,
                         handler.problem.empty() ? std::string("not valid JSON") : handler.problem);
    }
    return root;
}

std::string writeJson(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<const Json*> JsonReader::member(const char* key) const {
    if (!object_.is_object()) return makeError(ErrorCode::kInvalidInput, path_ + " must be an object");
    const auto found = object_.find(key);
    if (found == object_.end()) return makeError(ErrorCode::kInvalidInput, path_ + "." + key + " is missing");
    return &*found;
}

Result<std::string> JsonReader::text(const char* key) const {
    YIMEN_TRY(const Json* value, member(key));
    if (!value->is_string()) return makeError(ErrorCode::kInvalidInput, path_ + "." + key + " must be a text");
    return value->get<std::string>();
}

Result<std::int64_t> JsonReader::integer(const char* key) const {
    YIMEN_TRY(const Json* value, member(key));
    if (!value->is_number_integer()) {
        return makeError(ErrorCode::kInvalidInput, path_ + "." + key + " must be a whole number");
    }
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
        return makeError(ErrorCode::kInvalidInput, path_ + "." + key + " is too large");
    }
    return value->get<std::int64_t>();
}

Result<bool> JsonReader::boolean(const char* key) const {
    YIMEN_TRY(const Json* value, member(key));
    if (!value->is_boolean()) return makeError(ErrorCode::kInvalidInput, path_ + "." + key + " must be true or false");
    return value->get<bool>();
}

Status JsonReader::onlyKeys(std::initializer_list<std::string_view> keys) const {
    if (!object_.is_object()) return makeError(ErrorCode::kInvalidInput, path_ + " must be an object");
    for (const auto& [key, value] : object_.items()) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            return makeError(ErrorCode::kInvalidInput, path_ + " has the unknown key '" + key + "'");
        }
    }
    return {};
}

}  // namespace yimen::core
