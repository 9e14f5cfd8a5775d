#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/traffic_hook.h"
#include "gateway/app_replies.h"
#include "gateway/gate.h"
#include "net/head.h"

namespace yimen::gateway {

/// The traffic scripts of one loop, each in a state of its own. Loop thread only.
class HookStates {
public:
    explicit HookStates(const core::Clock& clock) : clock_(clock) {}

    /// The state for a hook, made at its first request. States of adapters that nothing uses any more are dropped then.
    adapter::HookState& of(const std::shared_ptr<const adapter::TrafficHook>& hook);
    std::size_t size() const noexcept { return states_.size(); }

private:
    const core::Clock& clock_;
    std::vector<std::unique_ptr<adapter::HookState>> states_;
};

/// One call of a script: which, and what about. References for the length of the call.
struct HookCall {
    const Route& route;
    HookStates& states;
    const net::RequestHead& head;
    const policy::Subject* subject;  ///< null on a public path
    std::string_view target;         ///< canonical path and query
    std::size_t pathLength;
};

/// The adapter's traffic script in the life of one request. Whatever goes wrong with it costs the request (502) and
/// nothing passes: a script may be what protects the system. Loop thread only.
class HookStage {
public:
    /// Before anything is sent, once per request.
    std::optional<ScriptStop> request(const HookCall& call);
    /// For the head of the answer that will be passed on.
    std::optional<ScriptStop> answer(const HookCall& call, const net::ResponseHead& head);

    /// What to do with the head of the request, or of the answer; null: nothing.
    const adapter::HookDecision* ofRequest() const noexcept { return request_ ? &*request_ : nullptr; }
    const adapter::HookDecision* ofAnswer() const noexcept { return answer_ ? &*answer_ : nullptr; }
    /// The target to send: `target`, or its path with the script's query.
    std::string_view targetToSend(std::string_view target) const noexcept {
        return target_.empty() ? target : std::string_view(target_);
    }

private:
    std::optional<adapter::HookDecision> request_;
    std::optional<adapter::HookDecision> answer_;
    std::string target_;
};

/// "6742f1a3-1f": time and exchange, to be found in the log.
std::string troubleNumber(core::WallTime now, std::uint64_t exchange);

}  // namespace yimen::gateway
