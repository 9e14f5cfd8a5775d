#include "sync/formats/json_check.h"

#include <simdjson.h>

namespace yimen::sync {

struct JsonCheck::Parser {
    simdjson::dom::parser dom;
};

JsonCheck::JsonCheck() : parser_(std::make_unique<Parser>()) {}
JsonCheck::~JsonCheck() = default;

std::optional<std::size_t> JsonCheck::compact(std::string_view text, char* out) {
    simdjson::dom::element element;
    if (parser_->dom.parse(text.data(), text.size()).get(element) != simdjson::SUCCESS) return std::nullopt;
    std::size_t size = 0;
    if (simdjson::minify(text.data(), text.size(), out, size) != simdjson::SUCCESS) return std::nullopt;
    return size;
}

}  // namespace yimen::sync
