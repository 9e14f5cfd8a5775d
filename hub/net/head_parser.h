#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "net/head.h"
#include "net/server_config.h"

namespace yimen::net {

/// Finds the end of a head in bytes that arrive piece by piece, looking at each byte once. Internal to net.
class HeadScanner {
public:
    enum class Outcome { kMore, kComplete, kBad };

    /// `bytes` starts where the head starts and has grown since the last call. kBad: an LF without CR, or more than
    /// one empty line in front (RFC 9112 section 2.2 asks to tolerate one).
    Outcome scan(std::string_view bytes) noexcept;
    /// After kComplete: offset of the start line, and of the first byte after the blank line.
    std::size_t start() const noexcept { return start_; }
    std::size_t end() const noexcept { return line_; }
    void reset() noexcept { *this = HeadScanner(); }

private:
    std::size_t start_ = 0;
    std::size_t line_ = 0;
    std::size_t seen_ = 0;
};

enum class HeadError {
    kNone,
    kBad,             ///< 400
    kMethod,          ///< 405: CONNECT, TRACE
    kTargetTooLong,   ///< 414
    kExpectation,     ///< 417
    kFieldsTooLarge,  ///< 431
    kVersionRefused   ///< 505
};

/// Status of the answer that refuses such a head.
int statusFor(HeadError error) noexcept;

/// Reads a complete request head (start line up to and including the blank line). `fields` is storage for
/// head.fields and must live as long; it is cleared first. Strict: RFC 9112 without its tolerances; the rules stand
/// in head_parser.cpp, each with its reason.
HeadError parseRequest(std::string_view bytes, const ServerLimits& limits, std::vector<Field>& fields,
                       RequestHead& head);

/// What the response's framing depends on (RFC 9112 section 6.3).
struct ResponseContext {
    bool headRequest = false;
    bool upgradeAsked = false;
};

/// Reads a complete response head. False: refuse it (502).
bool parseResponse(std::string_view bytes, ResponseContext context, std::vector<Field>& fields, ResponseHead& head);

FieldId identifyField(std::string_view name) noexcept;

}  // namespace yimen::net
