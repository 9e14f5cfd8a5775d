#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::core {

/// An absolute http or https address in one form: scheme and host in lower case, port always known, path never empty.
/// A value; any thread.
struct Url {
    std::string scheme;  ///< "http" or "https"
    std::string host;    ///< lower case; IPv6 with its brackets
    std::uint16_t port = 0;
    std::string path = "/";  ///< as given, not canonicalised: it may belong to a system that we must not correct
    std::string query;       ///< without '?'
    bool hasQuery = false;

    /// Refuses other schemes, user info, fragments, white space, control characters and backslashes.
    static Result<Url> parse(std::string_view text);

    bool secure() const noexcept { return scheme == "https"; }
    /// "https://host" or "https://host:8443"; the default port is left out.
    std::string origin() const;
    /// "host" or "host:8443", what a Host field holds.
    std::string authority() const;
    /// Path and query, what a request line holds.
    std::string target() const;
    std::string text() const { return origin() + target(); }
    bool sameOrigin(const Url& other) const noexcept {
        return scheme == other.scheme && host == other.host && port == other.port;
    }

    /// Resolves a reference found in an answer of this address (RFC 3986 section 5.2). A fragment is dropped.
    Result<Url> resolve(std::string_view reference) const;
};

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3).
std::string percentEncode(std::string_view text);
/// Decodes %XY; with `plusIsSpace` also '+', as forms do. Refuses broken escapes.
Result<std::string> percentDecode(std::string_view text, bool plusIsSpace = false);

/// Pairs of an application/x-www-form-urlencoded text, in order. Refuses broken escapes.
using FormPairs = std::vector<std::pair<std::string, std::string>>;
Result<FormPairs> parseForm(std::string_view text, std::size_t maxPairs = 200);
/// The bytes are encoded as they are: convert to the charset of the page first.
std::string writeForm(const FormPairs& pairs);

}  // namespace yimen::core
