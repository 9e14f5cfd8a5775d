#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yimen::gateway {

/// What becomes of one field of a browser's request on its way to a system.
enum class FieldFate {
    kPass,     ///< forwarded as it came
    kDrop,     ///< hop-by-hop, framing, or rebuilt by the gateway
    kForged,   ///< claims an identity or an origin that only the hub may state: dropped, counted, logged
    kCookie,   ///< only the cookies the manifest names go on, joined with the jar's
    kReferer,  ///< its own origin is replaced by the system's
    kOrigin    ///< likewise
};

/// The header-spoofing check. A system that trusts a header (`X-Remote-User`) must get it from the hub only, so every
/// spelling that any server folds to such a name is refused: case, '_' for '-' (CGI, WSGI, PHP: CVE-2025-64484), and
/// names beginning with a guarded prefix. Immutable after construction; any thread.
class HeaderGuard {
public:
    /// `systemNames`: the fields that this system's adapter sets itself ("Name" or "Prefix-*"); guarded in addition to
    /// the built-in list.
    explicit HeaderGuard(const std::vector<std::string>& systemNames = {});

    /// `name` is a valid field name (net checked it). No allocation.
    FieldFate fateOf(std::string_view name) const noexcept;

private:
    bool isSystemName(std::string_view folded) const noexcept;

    std::vector<std::string> guarded_;  ///< folded names of the system's own identity fields
};

/// Folds a field name as the most careless server does: lower case, '_' as '-'. Returns a view of `buffer`, or an empty
/// view when the name is longer than it (which no guarded name is).
std::string_view foldFieldName(std::string_view name, char (&buffer)[64]) noexcept;

}  // namespace yimen::gateway
