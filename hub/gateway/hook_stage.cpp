#include "gateway/hook_stage.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/header_views.h"
#include "gateway/hook_rules.h"

namespace yimen::gateway {

namespace {

using adapter::HookDecision;

constexpr std::size_t kMaxShownRoles = 16;

/// What a script is told about a person, from what the rules know.
class PersonFacts {
public:
    explicit PersonFacts(const policy::Subject& subject) {
        person_.username = subject.username;
        person_.name = subject.name;
        person_.assurance = subject.assurance;
        for (const auto& role : subject.roles) add(role);
        for (const auto& post : subject.posts) {
            for (const auto& role : post.roles) add(role);
        }
        person_.roles = {roles_.data(), count_};
        if (subject.actingPost >= subject.posts.size()) return;
        const auto& acting = subject.posts[subject.actingPost];
        person_.title = acting.title;
        person_.orgName = acting.orgName;
        if (!acting.orgPath.empty()) person_.org = acting.orgPath.front();
    }
    const adapter::HookPerson& person() const noexcept { return person_; }

private:
    void add(std::string_view role) {
        const auto end = roles_.begin() + static_cast<std::ptrdiff_t>(count_);
        if (count_ < roles_.size() && std::find(roles_.begin(), end, role) == end) roles_[count_++] = role;
    }

    adapter::HookPerson person_;
    std::array<std::string_view, kMaxShownRoles> roles_;
    std::size_t count_ = 0;
};

adapter::HookRequest seen(const HookCall& call) {
    adapter::HookRequest request;
    request.method = call.head.method;
    request.path = call.target.substr(0, call.pathLength);
    if (call.target.size() > call.pathLength) request.query = call.target.substr(call.pathLength + 1);
    return request;
}

ScriptStop failure(const adapter::TrafficHook& hook, const core::Error& error) {
    ScriptStop stop;
    stop.failed = true;
    stop.reason = {"该系统适配器的流量脚本出错，为安全起见请求没有放行。请把编号告诉管理员。",
                   "The traffic script of this system's adapter failed; to be safe, nothing was passed on. Give the "
                   "number to an administrator."};
    if (error.code == core::ErrorCode::kUnavailable) return stop;
    stop.error = error.message.starts_with(hook.name()) ? error.message : hook.name() + ": " + error.message;
    return stop;
}

/// Takes what the script decided into `kept`, or says why nothing passes.
std::optional<ScriptStop> take(const adapter::TrafficHook& hook, core::Result<HookDecision> decided,
                               const core::Status& allowed, std::optional<HookDecision>& kept) {
    if (!decided.ok()) return failure(hook, decided.error());
    if (decided->deny) return ScriptStop{false, decided->deny->status, decided->deny->reason, {}};
    if (!allowed.ok()) return failure(hook, allowed.error());
    if (!decided->empty()) kept.emplace(std::move(decided).value());
    return std::nullopt;
}

}  // namespace

adapter::HookState& HookStates::of(const std::shared_ptr<const adapter::TrafficHook>& hook) {
    for (const auto& state : states_) {
        if (state->hook() == hook) return *state;
    }
    // The adapter of a state that is the last to know its hook has been replaced.
    std::erase_if(states_, [](const auto& state) { return state->hook().use_count() == 1; });
    states_.push_back(std::make_unique<adapter::HookState>(hook, clock_));
    return *states_.back();
}

std::optional<ScriptStop> HookStage::request(const HookCall& call) {
    const auto& hook = call.route.adapter->hook();
    std::optional<PersonFacts> facts;
    std::optional<HeaderViews> fields;
    auto request = seen(call);
    if (hook->wantsRequestFields()) request.fields = fields.emplace(call.head.fields).refs();
    if (call.subject != nullptr) request.person = &facts.emplace(*call.subject).person();
    auto decided = call.states.of(hook).request(request);
    const auto allowed = decided.ok() ? checkRequestDecision(call.route, *decided) : core::Status{};
    auto stop = take(*hook, std::move(decided), allowed, request_);
    if (!stop && request_ && request_->query) {
        target_ = call.target.substr(0, call.pathLength);
        if (!request_->query->empty()) target_ += '?' + *request_->query;
    }
    return stop;
}

std::optional<ScriptStop> HookStage::answer(const HookCall& call, const net::ResponseHead& head) {
    const auto& hook = call.route.adapter->hook();
    std::optional<PersonFacts> facts;
    std::optional<HeaderViews> fields;
    auto request = seen(call);
    if (call.subject != nullptr) request.person = &facts.emplace(*call.subject).person();
    adapter::HookAnswer answer{request, head.status, {}};
    if (hook->wantsAnswerFields()) answer.fields = fields.emplace(head.fields).refs();
    auto decided = call.states.of(hook).answer(answer);
    const auto allowed = decided.ok() ? checkAnswerDecision(*decided) : core::Status{};
    return take(*hook, std::move(decided), allowed, answer_);
}

std::string troubleNumber(core::WallTime now, std::uint64_t exchange) {
    char buffer[40];
    const auto seconds = static_cast<std::uint64_t>(core::toUnixSeconds(now));
    auto* at = std::to_chars(buffer, buffer + 16, seconds, 16).ptr;
    *at++ = '-';
    at = std::to_chars(at, buffer + sizeof(buffer), exchange, 16).ptr;
    return {buffer, at};
}

}  // namespace yimen::gateway
