#include "sync/formats/utf8.h"

#include <simdjson.h>

namespace yimen::sync {

bool validUtf8(std::string_view text) noexcept {
    return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace yimen::sync
