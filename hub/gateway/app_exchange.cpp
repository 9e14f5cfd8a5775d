#include "gateway/app_exchange.h"

#include "core/log.h"
#include "core/path.h"
#include "core/url.h"
#include "gateway/answer_head.h"
#include "gateway/header_views.h"
#include "gateway/request_head.h"
#include "gateway/reserved_paths.h"
#include "net/loop.h"

namespace yimen::gateway {

namespace {

constexpr unsigned kMaxAttempts = 3;
/// Stands in the access log and in the audit log where a rule of the policy would stand.
constexpr std::string_view kScriptRule = "traffic-script";

}  // namespace

void AppExchange::start(net::Exchange& exchange) {
    if (!readTarget(exchange) || reserved(exchange)) return;
    const std::string_view path(target_.data(), pathLength_);
    if (route_->isDenied(path)) return reply(exchange, Trouble::kDenied);
    if (route_->isPublic(path)) {
        if (scripted(exchange)) forward(exchange);
        return;
    }
    if (!admit(exchange) || !permitted(exchange) || !scripted(exchange)) return;
    const auto& session = admission_.entry->session();
    // Read before signedOn(): if a sign-on ends in between, the older number makes the next step see that.
    generation_ = session.generation();
    if (!session.signedOn() || session.refreshDue(exchange.loop().wallNow())) return signOn(exchange);
    forward(exchange);
}

bool AppExchange::readTarget(net::Exchange& exchange) {
    const auto parts = core::splitTarget(exchange.head().target);
    std::string buffer;
    const auto path = core::canonicalPath(parts.path, buffer);
    if (!path.ok()) {
        reply(exchange, Trouble::kBadRequest);
        return false;
    }
    target_.reserve(path->size() + parts.query.size() + 1);
    target_ = *path;
    pathLength_ = target_.size();
    if (parts.hasQuery) {
        target_ += '?';
        target_ += parts.query;
    }
    return true;
}

bool AppExchange::reserved(net::Exchange& exchange) {
    const std::string_view path(target_.data(), pathLength_);
    if (!isReserved(path)) return false;
    if (path == kEnterPath) {
        enter(exchange);
    } else {
        exchange.reply(path == kSignedOutPath ? signedOutReply() : net::Reply::text(404, "404 Not Found\n"));
    }
    return true;
}

void AppExchange::enter(net::Exchange& exchange) {
    const auto query = std::string_view(target_).substr(std::min(target_.size(), pathLength_ + 1));
    const auto wish = readEntry(query, *route_);
    auto entered = gateway_.deps_.entryCodes.redeem(wish.code, route_->id);
    // The code must not stay in the log line either.
    target_.resize(pathLength_);
    if (!entered.ok()) {
        // A reload of this address, or a code that came late: the hub issues another if the person is signed in.
        exchange.reply(net::Reply::redirect(303, entryUrl(*route_, wish.to)).with("Cache-Control", "no-store"));
        return;
    }
    gateway_.metrics_.entered.fetch_add(1, std::memory_order_relaxed);
    exchange.reply(enteredReply(entered->cookie, wish.to));
}

bool AppExchange::admit(net::Exchange& exchange) {
    auto& state = loopState(exchange);
    const auto* admission =
        state.gate.admit(appCookieOf(exchange.head()), *route_, state.directory, exchange.loop().now());
    if (admission == nullptr) {
        gateway_.metrics_.signedOut.fetch_add(1, std::memory_order_relaxed);
        reply(exchange, Trouble::kSignedOut);
        return false;
    }
    admission_ = *admission;
    return true;
}

bool AppExchange::permitted(net::Exchange& exchange) {
    auto& state = loopState(exchange);
    const auto& head = exchange.head();
    const std::string_view path(target_.data(), pathLength_);
    const auto decision = state.policy->decide(*admission_.subject, {route_->id, head.method, path},
                                               {exchange.loop().wallNow(), exchange.peer().client.ip});
    policy_ = state.policy;
    rule_ = decision.rule;
    const bool readOnly = decision.obligations.readOnly && head.method != "GET" && head.method != "HEAD";
    if (decision.allowed() && !readOnly) return true;
    gateway_.metrics_.denied.fetch_add(1, std::memory_order_relaxed);
    gateway_.deps_.events.denied(admission_.session->person(), route_->id, exchange.peer().client.ip.text(), path,
                                 rule_);
    need_ = {decision.neededAssurance, decision.maxAge};
    if (decision.effect == policy::Effect::kStepUp && need_.level <= kReachableLevel) {
        reply(exchange, Trouble::kStepUp);
    } else {
        reply(exchange, decision.allowed() ? Trouble::kReadOnly : Trouble::kDenied);
    }
    return false;
}

HookCall AppExchange::hookCall(net::Exchange& exchange) const {
    return {*route_, loopState(exchange).hooks, exchange.head(), admission_.subject.get(), target_, pathLength_};
}

bool AppExchange::scripted(net::Exchange& exchange) {
    const auto* hook = route_->adapter->hook().get();
    if (hook == nullptr || !hook->onRequest()) return true;
    gateway_.metrics_.hookCalls.fetch_add(1, std::memory_order_relaxed);
    const auto stop = hooks_.request(hookCall(exchange));
    if (stop) stopped(exchange, *stop);
    return !stop;
}

void AppExchange::stopped(net::Exchange& exchange, const ScriptStop& stop) {
    auto& counter = stop.failed ? gateway_.metrics_.hookFailures : gateway_.metrics_.hookDenied;
    counter.fetch_add(1, std::memory_order_relaxed);
    rule_ = kScriptRule;
    const auto number = troubleNumber(exchange.loop().wallNow(), exchange.id());
    if (!stop.error.empty()) {
        core::logWarn("gateway.script_failed", {{"system", route_->id}, {"number", number}, {"error", stop.error}});
    }
    if (!stop.failed) {
        gateway_.deps_.events.denied(admission_.session ? admission_.session->person() : 0, route_->id,
                                     exchange.peer().client.ip.text(), std::string_view(target_.data(), pathLength_),
                                     kScriptRule);
    }
    exchange.reply(stopReply(*route_, stop, readerOf(exchange.head()), number));
}

void AppExchange::signOn(net::Exchange& exchange) {
    const auto ref = exchange.hold();
    // The route and the entry outlive the wait by the exchange's own pointers; the exchange itself may be gone.
    gateway_.deps_.systems.signOn(admission_.entry, generation_, false, [ref](const SignOnReport& report) {
        ref.post([report](net::Exchange& held) { static_cast<AppExchange&>(*held.data).signedOn(held, report); });
    });
}

void AppExchange::signedOn(net::Exchange& exchange, const SignOnReport& report) {
    if (const auto why = troubleOf(report)) return reply(exchange, *why);
    if (renewed_ && !repeatable(exchange.head())) return reply(exchange, Trouble::kNotRepeated);
    if (renewed_) gateway_.metrics_.replayed.fetch_add(1, std::memory_order_relaxed);
    forward(exchange);
}

void AppExchange::forward(net::Exchange& exchange) {
    auto* turns = admission_.entry ? admission_.entry->turns() : nullptr;
    if (turns == nullptr || turn_) return send(exchange);
    const auto ref = exchange.hold();
    turns->wait([ref](Turns::Turn turn) {
        ref.post([turn = std::move(turn)](net::Exchange& held) {
            auto& app = static_cast<AppExchange&>(*held.data);
            app.turn_ = turn;
            app.send(held);
        });
    });
}

void AppExchange::send(net::Exchange& exchange) {
    auto& head = loopState(exchange).head;
    head.clear();
    auto* entry = admission_.entry.get();
    if (entry != nullptr) generation_ = entry->session().generation();
    const auto notes =
        writeRequestHead(exchange, {hooks_.targetToSend(target_), *route_, entry, hooks_.ofRequest()}, head);
    if (!notes.ok()) return reply(exchange, Trouble::kSignOnFailed);
    if (notes->forgedFields > 0 && attempts_ == 0) {
        gateway_.metrics_.forgedFields.fetch_add(notes->forgedFields, std::memory_order_relaxed);
        gateway_.deps_.events.forgedFields(admission_.session ? admission_.session->person() : 0, route_->id,
                                           exchange.peer().client.ip.text(), notes->forgedFields);
    }
    ++attempts_;
    gateway_.metrics_.forwarded.fetch_add(1, std::memory_order_relaxed);
    if (entry != nullptr) entry->session().touch(exchange.loop().wallNow());
    net::Forward order;
    order.upstream = route_->upstream;
    order.head = head;
    order.filter = this;
    order.upgrade = exchange.head().upgrade;
    exchange.forward(std::move(order));
}

net::FilterDecision AppExchange::onResponse(net::Exchange& exchange, const net::ResponseHead& head, std::string& out) {
    if (!admission_.entry || route_->isDownload(std::string_view(target_.data(), pathLength_))) {
        if (admission_.entry) {
            const HeaderViews views(head.fields);
            route_->adapter->absorb(admission_.entry->session(), {head.status, views.refs(), target_});
            turn_.reset();
        }
        return pass(exchange, head, out);
    }
    const HeaderViews views(head.fields);
    const adapter::ResponseView view{head.status, views.refs(), target_};
    const auto verdict = route_->adapter->absorb(admission_.entry->session(), view);
    if (verdict != adapter::Verdict::kOk) return judge(exchange, verdict);
    turn_.reset();
    if (head.status != 101 && route_->adapter->needsBodyPrefix(view)) {
        return net::FilterDecision::peek(adapter::TrafficInspector::kBodyPrefixBytes);
    }
    return pass(exchange, head, out);
}

net::FilterDecision AppExchange::onBodyPrefix(net::Exchange& exchange, const net::ResponseHead& head,
                                              std::string_view prefix, bool /*complete*/, std::string& out) {
    const HeaderViews views(head.fields);
    const auto verdict = route_->adapter->inspectBody({head.status, views.refs(), target_}, prefix);
    return verdict == adapter::Verdict::kOk ? pass(exchange, head, out) : judge(exchange, verdict);
}

net::FilterDecision AppExchange::judge(net::Exchange& exchange, adapter::Verdict verdict) {
    switch (verdict) {
        case adapter::Verdict::kSecondSession:
            return trouble(exchange, Trouble::kSecondSession);
        case adapter::Verdict::kMaintenance:
            return trouble(exchange, Trouble::kMaintenance);
        case adapter::Verdict::kRetry:
            if (attempts_ >= kMaxAttempts) return trouble(exchange, Trouble::kSignOnFailed);
            if (exchange.head().hasBody()) return trouble(exchange, Trouble::kNotRepeated);
            forward(exchange);
            return net::FilterDecision::discard();
        default:
            break;
    }
    if (renewed_) return trouble(exchange, Trouble::kSignOnFailed);
    renewed_ = true;
    gateway_.metrics_.renewals.fetch_add(1, std::memory_order_relaxed);
    signOn(exchange);
    return net::FilterDecision::discard();
}

net::FilterDecision AppExchange::pass(net::Exchange& exchange, const net::ResponseHead& head, std::string& out) {
    if (const auto* hook = route_->adapter->hook().get(); hook != nullptr && hook->onResponse()) {
        gateway_.metrics_.hookCalls.fetch_add(1, std::memory_order_relaxed);
        if (const auto stop = hooks_.answer(hookCall(exchange), head)) {
            stopped(exchange, *stop);
            return net::FilterDecision::discard();
        }
    }
    writeAnswerHead(head, *route_, out, hooks_.ofAnswer());
    return net::FilterDecision::send(rewriterFor(head, *route_));
}

net::FilterDecision AppExchange::trouble(net::Exchange& exchange, Trouble kind) {
    reply(exchange, kind);
    return net::FilterDecision::discard();
}

void AppExchange::onUpstreamError(net::Exchange& exchange, net::UpstreamError error) {
    const bool slow = net::statusFor(error) == 504;
    reply(exchange, slow ? Trouble::kSlow : Trouble::kDown);
}

void AppExchange::reply(net::Exchange& exchange, Trouble kind) {
    gateway_.metrics_.troubles.fetch_add(1, std::memory_order_relaxed);
    const auto& head = exchange.head();
    exchange.reply(troubleReply(*route_, kind, readerOf(head), {head.method, target_}, need_));
}

bool AppExchange::repeatable(const net::RequestHead& head) const noexcept {
    return (head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS") && !head.hasBody();
}

void AppExchange::log(net::Exchange& exchange, const net::ExchangeStats& stats, Gateway::LoopState& state) const {
    AccessRecord record;
    record.at = exchange.loop().wallNow();
    record.client = state.addresses.of(exchange.peer().client.ip);
    if (admission_.subject) record.person = admission_.subject->username;
    record.system = route_->id;
    record.method = exchange.head().method;
    record.path = std::string_view(target_.data(), pathLength_);
    record.rule = rule_;
    record.stats = stats;
    appendLine(state.log, record);
}

}  // namespace yimen::gateway
