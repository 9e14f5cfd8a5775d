#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace yimen::net {

/// Field names that something in the hub asks for on every message; found once by the parser.
enum class FieldId : std::uint8_t {
    kOther,
    kAccept,
    kAcceptEncoding,
    kAuthorization,
    kConnection,
    kContentEncoding,
    kContentLength,
    kContentType,
    kCookie,
    kExpect,
    kForwarded,
    kHost,
    kIfNoneMatch,
    kKeepAlive,
    kLocation,
    kOrigin,
    kProxyConnection,
    kReferer,
    kSetCookie,
    kTe,
    kTrailer,
    kTransferEncoding,
    kUpgrade,
    kUserAgent,
    kWwwAuthenticate,
    kXForwardedFor,
    kXForwardedProto,
    kXRequestedWith
};

/// One header field. The views live as long as the head they came from (see Exchange::head()).
struct Field {
    std::string_view name;   ///< a token, in the sender's case
    std::string_view value;  ///< without surrounding white space; no CTL except HTAB
    FieldId id = FieldId::kOther;
    /// Belongs to one connection (RFC 9110 section 7.6.1) or to the framing: never forward it. Set for Connection,
    /// Content-Length, Expect, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade and for every
    /// field that Connection names.
    bool hop = false;
};

/// How a body is delimited (RFC 9112 section 6). kUntilClose occurs in responses only.
enum class BodyKind : std::uint8_t { kNone, kLength, kChunked, kUntilClose };

/// A request head that passed every rule of the strict parser: exactly one reading is possible.
struct RequestHead {
    std::string_view method;  ///< a token, case-sensitive; never CONNECT or TRACE
    /// Origin form, starting with '/'; an absolute-form target whose authority equals Host has been cut down to it.
    /// Printable ASCII without space, '#', '"', '<', '>', and without '\' in the path. Not decoded, not normalised.
    std::string_view target;
    std::string_view host;  ///< the one Host value: a name or address literal with optional port; not lower-cased
    bool http11 = true;     ///< false: HTTP/1.0
    bool keepAlive = true;
    bool upgrade = false;  ///< Connection names upgrade, Upgrade is present, HTTP/1.1, no body
    bool expectContinue = false;
    BodyKind bodyKind = BodyKind::kNone;
    std::uint64_t contentLength = 0;  ///< meaningful with kLength
    std::span<const Field> fields;

    /// First field of that name, or nullptr.
    const Field* find(std::string_view name) const noexcept;
    const Field* find(FieldId id) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
    bool hasBody() const noexcept { return bodyKind == BodyKind::kChunked || contentLength != 0; }
};

/// A response head from an upstream, checked as strictly.
struct ResponseHead {
    int status = 0;  ///< 100..599
    std::string_view reason;
    bool http11 = true;
    bool keepAlive = true;
    bool upgrade = false;  ///< status is 101 and the request asked for it
    BodyKind bodyKind = BodyKind::kNone;
    std::uint64_t contentLength = 0;  ///< meaningful with kLength, and informative when a HEAD or 304 answer names it
    bool hasContentLength = false;
    std::span<const Field> fields;

    const Field* find(std::string_view name) const noexcept;
    const Field* find(FieldId id) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
};

}  // namespace yimen::net
