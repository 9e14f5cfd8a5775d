#include "policy/engine.h"

#include <algorithm>

#include "policy/explainer.h"

namespace yimen::policy {
namespace {

Truth holdsAll(const Rule& rule, const Query& query) noexcept {
    Truth truth = Truth::kYes;
    for (const ConditionPtr& condition : rule.when) {
        const Truth one = condition->holds(query);
        if (one == Truth::kNo) return Truth::kNo;
        if (one == Truth::kUnknown) truth = Truth::kUnknown;
    }
    return truth;
}

/// A proof is fresh enough when the rule does not ask, or its age is known and small. A question without a time (the
/// portal's list) is not asked for freshness.
bool fresh(const Rule& rule, const Query& query) noexcept {
    if (rule.maxAge.count() == 0 || query.environment == nullptr) return true;
    const auto age = query.environment->time - query.subject.provedAt;
    return query.subject.provedAt != core::WallTime{} && age <= rule.maxAge;
}

Decision grant(const Rule& rule, const Query& query) noexcept {
    Decision decision;
    decision.rule = rule.id;
    decision.effect = Effect::kAllow;
    decision.obligations = rule.obligations;
    if (rule.effect == Effect::kStepUp && (query.subject.assurance < rule.neededAssurance || !fresh(rule, query))) {
        decision.effect = Effect::kStepUp;
        decision.neededAssurance = rule.neededAssurance;
        decision.maxAge = rule.maxAge;
    }
    return decision;
}

}  // namespace

std::shared_ptr<const PolicyEngine> PolicyEngine::build(std::shared_ptr<const RuleSet> rules,
                                                        std::vector<SystemInfo> systems) {
    const bool hasHub =
        std::any_of(systems.begin(), systems.end(), [](const SystemInfo& system) { return system.id == kHubSystem; });
    if (!hasHub) systems.push_back({std::string(kHubSystem), "hub", "district"});
    return std::make_shared<const PolicyEngine>(Private{}, std::move(rules), std::move(systems));
}

PolicyEngine::PolicyEngine(Private /*token*/, std::shared_ptr<const RuleSet> rules, std::vector<SystemInfo> systems)
    : rules_(std::move(rules)), systems_(std::move(systems)) {
    for (const SystemInfo& system : systems_) {
        Candidates& candidates = bySystem_[system.id];
        candidates.system = &system;
        for (const Exception& exception : rules_->exceptions) {
            if (exception.system == system.id) candidates.exceptions.push_back(&exception);
        }
        for (const Rule& rule : rules_->rules) {
            if (!rule.systems.covers(system)) continue;
            (rule.effect == Effect::kDeny ? candidates.denies : candidates.grants).push_back(&rule);
        }
    }
}

const PolicyEngine::Candidates* PolicyEngine::candidatesFor(std::string_view system) const noexcept {
    const auto found = bySystem_.find(system);
    return found == bySystem_.end() ? nullptr : &found->second;
}

Decision PolicyEngine::decideAmong(const Candidates& candidates, const Query& query) const noexcept {
    Decision decision;
    for (const Exception* exception : candidates.exceptions) {
        if (!exception->covers(query)) continue;
        decision.effect = Effect::kAllow;
        decision.rule = exception->id;
        return decision;
    }
    for (const Rule* rule : candidates.denies) {
        // What cannot be known (a path that is not given, a script that failed) denies here and grants nothing below.
        if (holdsAll(*rule, query) == Truth::kNo) continue;
        decision.rule = rule->id;
        return decision;
    }
    for (const Rule* rule : candidates.grants) {
        if (holdsAll(*rule, query) == Truth::kYes) return grant(*rule, query);
    }
    return decision;
}

Decision PolicyEngine::decide(const Subject& subject, const Resource& resource,
                              const Environment& environment) const noexcept {
    const Candidates* candidates = candidatesFor(resource.system);
    if (candidates == nullptr) return {};
    return decideAmong(*candidates,
                       Query{subject, resource, *candidates->system, &environment, zoneOf(environment.client)});
}

bool PolicyEngine::mayEnter(const Subject& subject, std::string_view system) const noexcept {
    const Candidates* candidates = candidatesFor(system);
    if (candidates == nullptr) return false;
    const Resource anything{system, {}, {}};
    const Query query{subject, anything, *candidates->system, nullptr, {}};
    const auto covers = [&](const Exception* exception) { return exception->covers(query); };
    if (std::any_of(candidates->exceptions.begin(), candidates->exceptions.end(), covers)) return true;
    const auto always = [&](const Rule* rule) { return holdsAll(*rule, query) == Truth::kYes; };
    if (std::any_of(candidates->denies.begin(), candidates->denies.end(), always)) return false;
    const auto perhaps = [&](const Rule* rule) { return holdsAll(*rule, query) != Truth::kNo; };
    return std::any_of(candidates->grants.begin(), candidates->grants.end(), perhaps);
}

Effect PolicyEngine::whatIf(const Subject& subject, const Resource& resource, const Environment& environment,
                            const Change& change) const {
    const Candidates* candidates = candidatesFor(resource.system);
    if (candidates == nullptr) return Effect::kDeny;
    Subject person = subject;
    Resource asked = resource;
    Environment from = environment;
    Candidates among = *candidates;
    Exception exception;
    switch (change.kind) {
        case ChangeKind::kNone:
            break;
        case ChangeKind::kAddRole:
            person.roles.push_back(change.role);
            break;
        case ChangeKind::kAddPost:
            person.posts.push_back(change.post);
            break;
        case ChangeKind::kDropRole:
            std::erase(person.roles, change.role);
            for (Post& post : person.posts) std::erase(post.roles, change.role);
            break;
        case ChangeKind::kAssurance:
            person.assurance = change.assurance;
            person.provedAt = environment.time;
            break;
        case ChangeKind::kClient:
            from.client = change.client;
            break;
        case ChangeKind::kTime:
            from.time = change.time;
            break;
        case ChangeKind::kRequest:
            asked.method = change.method;
            asked.path = change.path;
            break;
        case ChangeKind::kException:
            exception.id = "what-if";
            exception.person = subject.username;
            exception.system = candidates->system->id;
            exception.until = environment.time + std::chrono::hours(24);
            among.exceptions.push_back(&exception);
            break;
    }
    return decideAmong(among, Query{person, asked, *among.system, &from, zoneOf(from.client)}).effect;
}

core::IpAddress PolicyEngine::usualClient() const noexcept {
    const auto& zones = rules_->zones.zones;
    return zones.empty() ? core::IpAddress() : zones.front().ranges.front().first();
}

Explanation PolicyEngine::explain(const Subject& subject, const Resource& resource,
                                  const Environment& environment) const {
    return Explainer(*this, subject, resource, environment).explain();
}

}  // namespace yimen::policy
