#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/hook_decision.h"
#include "adapter/manifest.h"
#include "adapter/views.h"
#include "core/clock.h"
#include "core/result.h"
#include "lua/state.h"

namespace yimen::adapter {

/// What a traffic script may know of the person: what the rules know. No secret is among it. Views only.
struct HookPerson {
    std::string_view username;
    std::string_view name;
    std::span<const std::string_view> roles;
    std::string_view org;      ///< code of the unit of the acting post; empty without one
    std::string_view orgName;  ///< its name
    std::string_view title;    ///< of the acting post
    int assurance = 1;
};

/// A request as a traffic script sees it. Views only.
struct HookRequest {
    std::string_view method;
    std::string_view path;               ///< canonical, the one the rules decided on
    std::string_view query;              ///< without '?'
    HeaderRefs fields;                   ///< of which the script sees those that the manifest names
    const HookPerson* person = nullptr;  ///< null on a public path
};

/// The head of an answer as a traffic script sees it, with the request it answers (whose fields are not looked at).
struct HookAnswer {
    const HookRequest& request;
    int status = 0;
    HeaderRefs fields;
};

/// An adapter's traffic script, compiled once per version of the adapter. Immutable, any thread.
///
/// The file returns a table with `on_request(request)`, `on_response(response)` or both. They get records
/// (lua/record.h) and return nil (nothing to do) or a decision (hook_decision.h). `request` has method, path, query,
/// fields (lower-case names) and person {username, name, roles, org, org_name, title, assurance}; `response` has
/// status, fields, and method, path, query, person of the request. Besides the sandbox's own functions there are
/// url.encode and url.decode. What a script keeps in variables of its own lives as long as its state: never keep
/// anything about a person.
class TrafficHook {
public:
    /// kInvalidInput "file:line: what" for a file that does not compile or run, or has neither function.
    static core::Result<std::shared_ptr<const TrafficHook>> load(const std::string& folder, const TrafficRules& rules);

    bool onRequest() const noexcept { return onRequest_; }
    bool onResponse() const noexcept { return onResponse_; }
    bool wantsRequestFields() const noexcept { return !requestFields_.empty(); }
    bool wantsAnswerFields() const noexcept { return !answerFields_.empty(); }
    const std::string& name() const noexcept { return chunk_.name(); }

private:
    friend class HookState;
    explicit TrafficHook(lua::Chunk chunk) : chunk_(std::move(chunk)) {}

    lua::Chunk chunk_;
    lua::Limits limits_;
    std::vector<std::string> requestFields_;  ///< lower case
    std::vector<std::string> answerFields_;
    bool onRequest_ = false;
    bool onResponse_ = false;
};

/// A traffic script ready to run on one thread. A call that fails answers an Error ("file:line: text"), never half a
/// decision. After kMaxFailures failures in a row the script is not run for kHold: its calls fail at once, so that a
/// script that always runs into its limits cannot take the loop's time. It is never left out: it may be what protects
/// the system.
class HookState {
public:
    static constexpr unsigned kMaxFailures = 16;
    static constexpr std::chrono::seconds kHold{5};

    /// `clock` must outlive the state.
    HookState(std::shared_ptr<const TrafficHook> hook, const core::Clock& clock);

    /// kUnavailable while the script is held back. Only for hooks that have the function.
    core::Result<HookDecision> request(const HookRequest& request);
    core::Result<HookDecision> answer(const HookAnswer& answer);
    const std::shared_ptr<const TrafficHook>& hook() const noexcept { return hook_; }

private:
    core::Status prepare();
    core::Result<HookDecision> run(std::optional<lua::State::Function> function, const lua::View& argument,
                                   bool ofRequest);
    core::Error failed(core::Error error);

    std::shared_ptr<const TrafficHook> hook_;
    const core::Clock& clock_;
    std::unique_ptr<lua::State> state_;
    std::optional<lua::State::Function> onRequest_;
    std::optional<lua::State::Function> onResponse_;
    lua::Value answer_;      ///< of the last call: its memory serves the next
    unsigned failures_ = 0;  ///< in a row
    core::MonoTime heldUntil_{};
};

}  // namespace yimen::adapter
