#include "core/error.h"

namespace yimen::core {

std::string_view toString(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::kInvalidInput:
            return "invalid_input";
        case ErrorCode::kUnauthenticated:
            return "unauthenticated";
        case ErrorCode::kDenied:
            return "denied";
        case ErrorCode::kNotFound:
            return "not_found";
        case ErrorCode::kConflict:
            return "conflict";
        case ErrorCode::kTooLarge:
            return "too_large";
        case ErrorCode::kThrottled:
            return "throttled";
        case ErrorCode::kUnavailable:
            return "unavailable";
        case ErrorCode::kTimeout:
            return "timeout";
        case ErrorCode::kUpstream:
            return "upstream";
        case ErrorCode::kCorrupt:
            return "corrupt";
        case ErrorCode::kInternal:
            return "internal";
    }
    return "internal";
}

std::string Error::describe() const {
    std::string text(toString(code));
    text += ": ";
    text += message;
    if (!detail.empty()) {
        text += " (";
        text += detail;
        text += ')';
    }
    return text;
}

}  // namespace yimen::core
