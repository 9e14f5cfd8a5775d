#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/views.h"

namespace yimen::adapter {

/// One declared sign in an answer: every part that is given must match. Immutable, any thread.
struct Matcher {
    std::vector<int> status;                 ///< empty: any
    std::string header;                      ///< a field of this name is there ...
    std::optional<std::string> headerValue;  ///< ... and holds this text
    std::string cookie;                      ///< a Set-Cookie of this name with a value that is not empty
    std::string location;                    ///< glob ('*': any text) over path and query of Location
    std::string bodyContains;                ///< in the bytes of the page's charset
    std::string bodyStarts;                  ///< the same, at the start, after white space and a byte order mark
    std::string selector;                    ///< sign-on only: an element: tag, #id, .class, [name=value] joined
    std::optional<std::string> text;         ///< sign-on only: what its text holds; "" = is not empty
    std::string jsonMember;                  ///< sign-on only: dotted path into a JSON answer ...
    std::optional<std::string> jsonValue;    ///< ... and its value as text; absent: the member is there, not null
    std::string name;                        ///< what the trace shows: "success[0]"

    bool needsBody() const noexcept {
        return !bodyContains.empty() || !bodyStarts.empty() || !selector.empty() || !jsonMember.empty();
    }
};

/// The signs a manifest declares. Order of judgement at sign-on: locked, must_change, captcha, second_session,
/// maintenance, failure, success; an answer that nothing explains is kPageChanged. In traffic: expired,
/// second_session, maintenance.
struct Signals {
    std::vector<Matcher> success;
    std::vector<Matcher> failure;
    std::vector<Matcher> expired;
    std::vector<Matcher> locked;
    std::vector<Matcher> mustChange;
    std::vector<Matcher> captcha;
    std::vector<Matcher> secondSession;
    std::vector<Matcher> maintenance;
};

/// True when all but the body parts match the head. `body` is not looked at.
bool matchesHead(const Matcher& matcher, const ResponseView& response) noexcept;
/// The byte parts (bodyContains, bodyStarts) against the body or its beginning.
bool matchesBytes(const Matcher& matcher, std::string_view body) noexcept;
/// Any thread; '*' stands for any text, nothing else is special.
bool globMatches(std::string_view pattern, std::string_view text) noexcept;

/// Looks at answers in traffic for signs that the session is gone. Cheap: most answers are settled by their head.
class TrafficInspector {
public:
    /// How much of a body may be asked for. An answer's sign stands at its beginning.
    static constexpr std::size_t kBodyPrefixBytes = 4096;

    explicit TrafficInspector(const Signals& signals);

    /// Judges by the head alone.
    Verdict inspect(const ResponseView& response) const noexcept;
    /// True when a matcher could still match this answer's body: the caller then keeps up to kBodyPrefixBytes back and
    /// calls inspectBody. The caller has asked the system for an uncoded body (Accept-Encoding: identity).
    bool needsBodyPrefix(const ResponseView& response) const noexcept;
    Verdict inspectBody(const ResponseView& response, std::string_view prefix) const noexcept;
    /// True when some matcher looks at bodies at all: then requests must ask for `identity`.
    bool looksAtBodies() const noexcept { return looksAtBodies_; }

private:
    struct Entry {
        Matcher matcher;
        Verdict verdict = Verdict::kOk;
    };
    std::vector<Entry> entries_;
    bool looksAtBodies_ = false;
};

}  // namespace yimen::adapter
