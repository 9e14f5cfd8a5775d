#include "adapter/traffic_hook.h"

#include <array>
#include <filesystem>

#include "core/ascii.h"
#include "core/file.h"
#include "core/url.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;
using core::Result;
using lua::Value;
using lua::View;

constexpr std::size_t kMaxScriptBytes = 64 * 1024;
constexpr std::size_t kMaxSeenFields = 16;
constexpr std::size_t kMaxErrorBytes = 300;
constexpr std::size_t kMaxStringBytes = 64 * 1024;

lua::Limits limitsOf(const TrafficRules& rules) {
    lua::Limits limits;
    limits.maxBytes = rules.maxMemoryBytes;
    limits.maxChurnBytes = 2 * rules.maxMemoryBytes;
    limits.maxInstructions = rules.maxInstructions;
    limits.maxLibrarySteps = rules.maxInstructions;
    limits.maxTime = rules.maxTime;
    limits.maxStringBytes = kMaxStringBytes;
    limits.generational = true;
    return limits;
}

Result<Value> encodeText(std::span<const Value> arguments) {
    if (arguments.empty() || !arguments[0].isText()) return makeError(ErrorCode::kInvalidInput, "needs a text");
    return Value(core::percentEncode(arguments[0].textOr("")));
}

Result<Value> decodeText(std::span<const Value> arguments) {
    if (arguments.empty() || !arguments[0].isText()) return makeError(ErrorCode::kInvalidInput, "needs a text");
    YIMEN_TRY(auto decoded, core::percentDecode(arguments[0].textOr(""), true));
    return Value(std::move(decoded));
}

std::vector<lua::HostBinding> bindings() {
    return {{"url", "encode", encodeText}, {"url", "decode", decodeText}};
}

std::vector<std::string> lowered(const std::vector<std::string>& names) {
    std::vector<std::string> out;
    out.reserve(names.size());
    for (const auto& name : names) out.push_back(core::lowerCase(name));
    return out;
}

/// The tables of one call, on the stack: they are read before the call returns.
class Arguments {
public:
    /// The selected fields that are there, first value of each.
    View fields(const std::vector<std::string>& names, HeaderRefs fields) {
        if (names.empty()) return View::table({});
        auto& seen = fields_.emplace();
        std::size_t count = 0;
        for (const auto& name : names) {
            if (count == seen.size()) break;
            if (const auto value = findHeader(fields, name)) seen[count++] = {name, View(*value)};
        }
        return View::table({seen.data(), count});
    }

    View person(const HookPerson& from) {
        person_ = {{{"username", from.username},
                    {"name", from.name},
                    {"roles", View::list(from.roles)},
                    {"org", from.org},
                    {"org_name", from.orgName},
                    {"title", from.title},
                    {"assurance", std::int64_t{from.assurance}}}};
        return View::table(person_);
    }

private:
    std::optional<std::array<View::Member, kMaxSeenFields>> fields_;  // most scripts look at none
    std::array<View::Member, 7> person_;
};

}  // namespace

Result<std::shared_ptr<const TrafficHook>> TrafficHook::load(const std::string& folder, const TrafficRules& rules) {
    const std::filesystem::path base(folder);
    YIMEN_TRY(const auto source, core::readFile((base / rules.script).string(), kMaxScriptBytes));
    const std::string shown = (base.filename() / rules.script).string();
    YIMEN_TRY(auto chunk, lua::Chunk::compile(source, shown));
    TrafficHook hook(std::move(chunk));
    hook.limits_ = limitsOf(rules);
    hook.requestFields_ = lowered(rules.requestFields);
    hook.answerFields_ = lowered(rules.answerFields);
    const core::SystemClock clock;
    lua::State state(hook.limits_, clock, bindings());
    YIMEN_TRY(const int module, state.load(hook.chunk_));
    hook.onRequest_ = state.function(module, "on_request").has_value();
    hook.onResponse_ = state.function(module, "on_response").has_value();
    if (!hook.onRequest_ && !hook.onResponse_) {
        return makeError(ErrorCode::kInvalidInput, shown + ":1: returns neither on_request nor on_response");
    }
    return std::make_shared<const TrafficHook>(std::move(hook));
}

HookState::HookState(std::shared_ptr<const TrafficHook> hook, const core::Clock& clock)
    : hook_(std::move(hook)), clock_(clock) {}

core::Status HookState::prepare() {
    if (heldUntil_ != core::MonoTime{} && clock_.mono() < heldUntil_) {
        return makeError(ErrorCode::kUnavailable,
                         hook_->name() + ": held back after " + std::to_string(kMaxFailures) + " failures in a row");
    }
    if (state_) return {};
    auto state = std::make_unique<lua::State>(hook_->limits_, clock_, bindings());
    const auto module = state->load(hook_->chunk_);
    if (!module.ok()) return failed(module.error());
    onRequest_ = state->function(*module, "on_request");
    onResponse_ = state->function(*module, "on_response");
    state_ = std::move(state);
    return {};
}

core::Error HookState::failed(core::Error error) {
    if (++failures_ >= kMaxFailures) {
        failures_ = 0;
        heldUntil_ = clock_.mono() + kHold;
    }
    // What filled the memory goes with the state; the next call gets a new one.
    if (error.code == ErrorCode::kTooLarge) state_.reset();
    error.message = error.message.substr(0, kMaxErrorBytes);
    if (!error.message.starts_with(hook_->name())) error.message = hook_->name() + ": " + error.message;
    error.detail.clear();
    return error;
}

Result<HookDecision> HookState::run(std::optional<lua::State::Function> function, const View& argument,
                                    bool ofRequest) {
    if (!function) return failed(makeError(ErrorCode::kInternal, "the script has lost its function"));
    const auto called = state_->callWith(*function, {&argument, 1}, answer_);
    if (!called.ok()) return failed(called.error());
    auto decision = readDecision(answer_, ofRequest);
    if (!decision.ok()) return failed(decision.error());
    failures_ = 0;
    return decision;
}

Result<HookDecision> HookState::request(const HookRequest& request) {
    YIMEN_TRY_STATUS(prepare());
    Arguments arguments;
    const std::array<View::Member, 5> members{
        {{"method", request.method},
         {"path", request.path},
         {"query", request.query},
         {"fields", arguments.fields(hook_->requestFields_, request.fields)},
         {"person", request.person != nullptr ? arguments.person(*request.person) : View()}}};
    return run(onRequest_, View::table(members), true);
}

Result<HookDecision> HookState::answer(const HookAnswer& answer) {
    YIMEN_TRY_STATUS(prepare());
    Arguments arguments;
    const auto& request = answer.request;
    const std::array<View::Member, 6> members{
        {{"status", std::int64_t{answer.status}},
         {"method", request.method},
         {"path", request.path},
         {"query", request.query},
         {"fields", arguments.fields(hook_->answerFields_, answer.fields)},
         {"person", request.person != nullptr ? arguments.person(*request.person) : View()}}};
    return run(onResponse_, View::table(members), false);
}

}  // namespace yimen::adapter
