#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::core {

/// The one canonical form of a request path. Routing, policy and forwarding all use it, so that no spelling of a path
/// can be read one way by a rule and another way by the system behind (RFC 3986 section 6.2.2; CVE-2019-9901 class).
///
/// Refused, because a system behind may read them in two ways: a path that does not start with '/', "." and ".."
/// segments in any spelling (also with a ";..." tail), an encoded '/', '\' or NUL, a doubly encoded one of these, a raw
/// '\', control characters, bytes above 0x7E, and '%' without two hexadecimal digits.
/// Changed: runs of '/' become one, percent-encoded unreserved characters are decoded, other escapes are written in
/// upper case.
///
/// `path` is the part before '?'. When it is canonical already, the answer is `path` itself and nothing is allocated;
/// otherwise the answer is a view of `buffer`. Any thread.
Result<std::string_view> canonicalPath(std::string_view path, std::string& buffer);

/// Owning form of the above, for manifests and rules.
Result<std::string> canonicalPath(std::string_view path);

/// A request target in origin-form, split at the first '?'. Views into the input.
struct TargetParts {
    std::string_view path;
    std::string_view query;  ///< without '?'
    bool hasQuery = false;   ///< "/a?" differs from "/a"
};
TargetParts splitTarget(std::string_view target) noexcept;

/// True when `path` is `prefix` or lies below it, by whole segments: "/a" covers "/a" and "/a/b" but not "/ab".
/// A prefix that ends in '/' covers only what is below it. Both must be canonical.
bool pathIsUnder(std::string_view path, std::string_view prefix, bool ignoreCase = false) noexcept;

/// A path pattern: literal segments, '*' for one whole segment or a part of one, and a final "/**" for everything
/// below. Both must be canonical (the pattern but for its stars).
bool pathMatches(std::string_view path, std::string_view pattern, bool ignoreCase = false) noexcept;

}  // namespace yimen::core
