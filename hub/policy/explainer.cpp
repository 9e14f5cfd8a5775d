#include "policy/explainer.h"

#include <algorithm>

namespace yimen::policy {
namespace {

/// An appointment that brings a role along is one change.
void addCombined(std::vector<Change>& proposals) {
    std::vector<Change> combined;
    for (const Change& post : proposals) {
        if (post.kind != ChangeKind::kAddPost) continue;
        for (const Change& role : proposals) {
            if (role.kind != ChangeKind::kAddRole) continue;
            Change both = post;
            both.post.roles.push_back(role.role);
            both.words.zh += "，并" + role.words.zh;
            both.words.en += ", and " + role.words.en;
            combined.push_back(std::move(both));
        }
    }
    proposals.insert(proposals.end(), combined.begin(), combined.end());
}

/// What asks least of the person and of others first.
int effort(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kAssurance:
        case ChangeKind::kClient:
            return 0;
        case ChangeKind::kTime:
            return 1;
        case ChangeKind::kRequest:
            return 3;
        default:
            return 2;
    }
}

}  // namespace

const Rule* Explainer::ruleOf(std::string_view id) const {
    for (const Rule& rule : engine_.rules().rules) {
        if (rule.id == id) return &rule;
    }
    return nullptr;
}

Explanation Explainer::explain() const {
    const Decision decision = engine_.decide(subject_, resource_, environment_);
    Explanation out;
    out.effect = decision.effect;
    out.rule = decision.rule;
    const Rule* rule = ruleOf(decision.rule);
    if (rule != nullptr) {
        out.ruleTitle = rule->title;
        out.whoCanGrant = rule->grantedBy;
    }
    for (const Exception& exception : engine_.rules().exceptions) {
        if (exception.id == decision.rule) out.ruleTitle = wordingOf(exception.reason);
    }
    const auto* candidates = engine_.candidatesFor(resource_.system);
    if (candidates == nullptr) {
        explainUnknownSystem(out);
        return out;
    }
    const Query query{subject_, resource_, *candidates->system, &environment_, engine_.zoneOf(environment_.client)};
    if (decision.effect == Effect::kStepUp) {
        explainStepUp(decision, out);
    } else if (decision.effect == Effect::kDeny) {
        if (rule != nullptr) {
            explainDeny(query, *rule, out);
        } else {
            explainDefault(query, *candidates, out);
        }
    }
    writeSummary(out);
    return out;
}

void Explainer::explainUnknownSystem(Explanation& out) const {
    out.unmet.push_back(
        {{"系统", "system"}, wordingOf(std::string(resource_.system)), {"已接入的系统", "a system of this hub"}});
    out.change.words = {"先接入这个系统", "connect this system first"};
    writeSummary(out);
}

void Explainer::explainStepUp(const Decision& decision, Explanation& out) const {
    const std::string level = std::to_string(decision.neededAssurance);
    if (subject_.assurance < decision.neededAssurance) {
        out.unmet.push_back({{"认证强度", "assurance level"},
                             wordingOf(std::to_string(subject_.assurance)),
                             {"至少 " + level, "at least " + level}});
    } else {
        const std::string minutes = std::to_string((decision.maxAge.count() + 59) / 60);
        out.unmet.push_back({{"认证时间", "time of the proof"},
                             {"已过较久", "too long ago"},
                             {minutes + " 分钟以内", "within " + minutes + " minutes"}});
    }
    out.change.kind = ChangeKind::kAssurance;
    out.change.assurance = decision.neededAssurance;
    out.change.words = {"用更强的方式登录（" + level + " 级）", "sign in at assurance level " + level};
    if (engine_.whatIf(subject_, resource_, environment_, out.change) != Effect::kAllow) useException(out);
}

void Explainer::explainDeny(const Query& query, const Rule& rule, Explanation& out) const {
    std::vector<Change> proposals;
    for (const ConditionPtr& condition : rule.when) {
        condition->unmet(query, false, out.unmet);
        condition->propose(query, false, proposals);
    }
    if (rule.when.empty()) {
        out.unmet.push_back({{"规则", "rule"}, rule.title, {"没有禁止规则", "no rule that denies"}});
    }
    if (!firstSufficient(std::move(proposals), out.change)) useException(out);
}

void Explainer::explainDefault(const Query& query, const PolicyEngine::Candidates& candidates, Explanation& out) const {
    std::vector<Nearest> nearest;
    for (const Rule* rule : candidates.grants) {
        Nearest one;
        one.rule = rule;
        std::vector<Change> proposals;
        for (const ConditionPtr& condition : rule->when) {
            if (condition->holds(query) == Truth::kYes) continue;
            condition->unmet(query, true, one.unmet);
            condition->propose(query, true, proposals);
        }
        if (!firstSufficient(std::move(proposals), one.change)) one.change.kind = ChangeKind::kNone;
        nearest.push_back(std::move(one));
    }
    const auto better = [](const Nearest& a, const Nearest& b) {
        const bool aChange = a.change.kind != ChangeKind::kNone;
        const bool bChange = b.change.kind != ChangeKind::kNone;
        if (aChange != bChange) return aChange;
        if (aChange && effort(a.change.kind) != effort(b.change.kind))
            return effort(a.change.kind) < effort(b.change.kind);
        return a.unmet.size() < b.unmet.size();
    };
    const auto best = std::min_element(nearest.begin(), nearest.end(), better);
    if (best == nearest.end()) {
        out.unmet.push_back({{"规则", "rule"},
                             {"没有规则开放这个系统", "no rule opens this system"},
                             {"一条适用的规则", "a rule that applies"}});
        useException(out);
        return;
    }
    out.rule = best->rule->id;
    out.ruleTitle = best->rule->title;
    out.whoCanGrant = best->rule->grantedBy;
    out.unmet = std::move(best->unmet);
    out.change = std::move(best->change);
    if (out.change.kind == ChangeKind::kNone) useException(out);
}

bool Explainer::firstSufficient(std::vector<Change> proposals, Change& change) const {
    addCombined(proposals);
    std::stable_sort(proposals.begin(), proposals.end(),
                     [](const Change& a, const Change& b) { return effort(a.kind) < effort(b.kind); });
    for (Change& proposal : proposals) {
        if (engine_.whatIf(subject_, resource_, environment_, proposal) != Effect::kAllow) continue;
        change = std::move(proposal);
        return true;
    }
    return false;
}

void Explainer::useException(Explanation& out) const {
    out.change = Change{};
    out.change.kind = ChangeKind::kException;
    out.change.words = {"由管理员为此人此系统登记一条有期限的例外",
                        "an administrator records a dated exception for this person and system"};
    out.whoCanGrant = engine_.rules().exceptionsGrantedBy;
}

void Explainer::writeSummary(Explanation& out) {
    if (out.effect == Effect::kAllow) {
        out.summary = {"可以访问：" + out.ruleTitle.zh + "（" + out.rule + "）",
                       "allowed: " + out.ruleTitle.en + " (" + out.rule + ")"};
        return;
    }
    Wording reasons;
    for (const Unmet& unmet : out.unmet) {
        reasons.zh += (reasons.zh.empty() ? "" : "；") + unmet.condition.zh + "：现为 " + unmet.have.zh + "，需要 " +
                      unmet.need.zh;
        reasons.en += (reasons.en.empty() ? "" : "; ") + unmet.condition.en + ": have " + unmet.have.en + ", need " +
                      unmet.need.en;
    }
    const bool stepUp = out.effect == Effect::kStepUp;
    out.summary.zh = (stepUp ? "需要更强的认证（" : "不能访问（") + out.rule + "）：" + reasons.zh +
                     "。可行的一项改变：" + out.change.words.zh;
    out.summary.en = (stepUp ? "step-up needed (" : "denied (") + out.rule + "): " + reasons.en +
                     ". One change that is enough: " + out.change.words.en;
    if (!out.whoCanGrant.empty()) {
        out.summary.zh += "（" + out.whoCanGrant + "）";
        out.summary.en += " (" + out.whoCanGrant + ")";
    }
}

}  // namespace yimen::policy
