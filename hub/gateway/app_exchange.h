#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/app_replies.h"
#include "gateway/gateway.h"
#include "net/exchange.h"

namespace yimen::gateway {

/// One request on an app host, from the gate to the answer. A small state machine: start -> (script ->) (sign-on ->)
/// forward -> answer, with at most one renewal of the system session in between. Owned by its net::Exchange; loop
/// thread only.
class AppExchange final : public net::ExchangeData, public net::ResponseFilter {
public:
    AppExchange(Gateway& gateway, std::shared_ptr<const Route> route) : gateway_(gateway), route_(std::move(route)) {}

    void start(net::Exchange& exchange);
    void log(net::Exchange& exchange, const net::ExchangeStats& stats, Gateway::LoopState& state) const;

    net::FilterDecision onResponse(net::Exchange& exchange, const net::ResponseHead& head, std::string& out) override;
    net::FilterDecision onBodyPrefix(net::Exchange& exchange, const net::ResponseHead& head, std::string_view prefix,
                                     bool complete, std::string& out) override;
    void onUpstreamError(net::Exchange& exchange, net::UpstreamError error) override;

private:
    bool readTarget(net::Exchange& exchange);
    bool reserved(net::Exchange& exchange);
    void enter(net::Exchange& exchange);
    bool admit(net::Exchange& exchange);
    bool permitted(net::Exchange& exchange);
    bool scripted(net::Exchange& exchange);
    HookCall hookCall(net::Exchange& exchange) const;
    void stopped(net::Exchange& exchange, const ScriptStop& stop);
    void signOn(net::Exchange& exchange);
    void signedOn(net::Exchange& exchange, const SignOnReport& report);
    void forward(net::Exchange& exchange);
    void send(net::Exchange& exchange);
    net::FilterDecision judge(net::Exchange& exchange, adapter::Verdict verdict);
    net::FilterDecision pass(net::Exchange& exchange, const net::ResponseHead& head, std::string& out);
    net::FilterDecision trouble(net::Exchange& exchange, Trouble kind);
    void reply(net::Exchange& exchange, Trouble kind);
    bool repeatable(const net::RequestHead& head) const noexcept;
    Gateway::LoopState& loopState(net::Exchange& exchange) const { return Gateway::stateOf(exchange.loop()); }

    Gateway& gateway_;
    std::shared_ptr<const Route> route_;
    Admission admission_;  ///< empty for a public path
    std::string target_;   ///< canonical path and query: decided on, forwarded and logged
    std::size_t pathLength_ = 0;
    HookStage hooks_;
    std::string_view rule_;  ///< of the policy engine in policy_
    StepUpNeed need_;        ///< what the rule asks for, with kStepUp
    std::shared_ptr<const policy::PolicyEngine> policy_;
    std::uint64_t generation_ = 0;  ///< of the system session the request was sent with
    unsigned attempts_ = 0;         ///< times it was sent
    bool renewed_ = false;
    Turns::Turn turn_;  ///< from sending until the head of the answer, where requests must keep their order
};

}  // namespace yimen::gateway
