#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace yimen::adapter {

/// One field of a message head, as views into the caller's buffer.
struct HeaderRef {
    std::string_view name;
    std::string_view value;
};
using HeaderRefs = std::span<const HeaderRef>;

/// The first field of that name (case ignored). Any thread.
std::optional<std::string_view> findHeader(HeaderRefs headers, std::string_view name) noexcept;

/// A request on its way to a system, after canonicalisation and rewriting: what will be on the wire. Views only.
struct OutgoingRequest {
    std::string_view method;
    std::string_view target;  ///< path and query, byte for byte as sent
    /// The browser's cookies that the manifest passes through ("a=1; b=2"); empty for most systems.
    std::string_view passedCookies;
};

/// The head of a system's answer. Views only.
struct ResponseView {
    int status = 0;
    HeaderRefs headers;
    std::string_view requestTarget;  ///< target of the request it answers
};

/// What an answer means for the session.
enum class Verdict {
    kOk,             ///< pass it on
    kExpired,        ///< the session is gone: renew once, then send the request again if that is safe
    kRetry,          ///< the session has learned something (a fresh nonce): send the request again, once, even a POST
    kSecondSession,  ///< somebody else signed on with this account: ask the person, do not fight over it
    kMaintenance     ///< the system says that it is closed
};

/// Takes the fields that an engine adds to an outgoing request. Implemented by the gateway; called on its thread.
class HeaderSink {
public:
    virtual ~HeaderSink() = default;
    /// Replaces all fields of that name. The value may be a secret: send it, never log it.
    virtual void set(std::string_view name, std::string_view value) = 0;
};

}  // namespace yimen::adapter
