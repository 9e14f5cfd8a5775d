#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/head.h"

namespace yimen::net {

/// What the fields say about framing and the connection. Internal to net.
struct FramingFields {
    std::string_view host;
    unsigned hosts = 0;
    std::uint64_t length = 0;
    bool hasLength = false;
    bool chunked = false;
    bool close = false;
    bool keepAlive = false;
    bool namesUpgrade = false;
    bool namesHost = false;
    bool hasUpgrade = false;
    bool hasExpect = false;
    bool badExpect = false;
};

/// Gathers them and sets Field::hop. False when a field breaks a rule: Content-Length other than one run of digits in
/// one field, Transfer-Encoding other than "chunked" in one field, Connection that is not a list of tokens or names a
/// framing field.
bool collectFraming(std::vector<Field>& fields, FramingFields& found);

/// RFC 9110 section 8.6: digits only, and few enough not to overflow.
bool parseContentLength(std::string_view value, std::uint64_t& length) noexcept;

}  // namespace yimen::net
