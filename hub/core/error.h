#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace yimen::core {

/// What went wrong, by kind. Each protocol has one file that maps a code to its wire form.
enum class ErrorCode {
    kInvalidInput,     ///< the caller sent something that cannot be accepted; 400
    kUnauthenticated,  ///< nobody is signed in, or the credential did not match; 401
    kDenied,           ///< known, but not allowed; 403
    kNotFound,         ///< 404
    kConflict,         ///< the state changed meanwhile, or the name is taken; 409
    kTooLarge,         ///< a named limit was passed; 413
    kThrottled,        ///< too many tries; 429
    kUnavailable,      ///< a back end, file or store does not answer now; 503
    kTimeout,          ///< a named time limit passed; 504
    kUpstream,         ///< a system answered, but not as its manifest says; 502
    kCorrupt,          ///< data at rest failed its integrity check; 500
    kInternal          ///< our bug; 500
};

/// Stable lower-case word for logs and JSON ("invalid_input", "denied", ...). Any thread.
std::string_view toString(ErrorCode code) noexcept;

/// An expected failure. A value; any thread.
/// `message` may be shown to people and must not hold a secret or an internal path;
/// `detail` is for the log only and must not hold a secret either.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
    std::string detail;

    /// "code: message (detail)", for logs and command-line output.
    std::string describe() const;
};

}  // namespace yimen::core
