#include "policy/lint.h"

#include <algorithm>
#include <set>

namespace yimen::policy {
namespace {

/// The path of the hub where rules are changed: whoever cannot reach it cannot repair a rule.
constexpr std::string_view kRepairPath = "/api/v1/admin/policies";
constexpr int kHoursOfWeek = 7 * 24;

/// The leaves that must all hold, as texts: "all(a; b)" counts as a and b.
std::set<std::string> demandsOf(const Rule& rule) {
    std::set<std::string> demands;
    std::vector<std::string> open;
    for (const ConditionPtr& condition : rule.when) open.push_back(condition->fingerprint());
    while (!open.empty()) {
        std::string text = std::move(open.back());
        open.pop_back();
        if (!text.starts_with("all(") || !text.ends_with(")")) {
            demands.insert(std::move(text));
            continue;
        }
        text = text.substr(4, text.size() - 5);
        int depth = 0;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '(') ++depth;
            if (text[i] == ')') --depth;
            if (depth != 0 || text.compare(i, 2, "; ") != 0) continue;
            open.push_back(text.substr(begin, i - begin));
            begin = i + 2;
        }
        open.push_back(text.substr(begin));
    }
    return demands;
}

struct Words {
    std::string kind;
    std::set<std::string> words;
};

/// "role=a|b" -> role, {a, b}; a text of another form is one word of a kind of its own.
Words wordsOf(const std::string& demand) {
    const std::size_t equals = demand.find('=');
    if (equals == std::string::npos || demand.find('(') != std::string::npos) return {demand, {}};
    Words parsed{demand.substr(0, equals), {}};
    std::size_t begin = equals + 1;
    while (begin <= demand.size()) {
        const std::size_t bar = std::min(demand.find('|', begin), demand.size());
        parsed.words.insert(demand.substr(begin, bar - begin));
        begin = bar + 1;
    }
    return parsed;
}

/// True when whoever meets `strict` meets `loose`: the same text, or the same kind with more alternatives.
bool implies(const std::string& strict, const std::string& loose) {
    if (strict == loose) return true;
    const Words a = wordsOf(strict);
    const Words b = wordsOf(loose);
    if (a.kind != b.kind || a.words.empty()) return false;
    return std::includes(b.words.begin(), b.words.end(), a.words.begin(), a.words.end());
}

/// Every question that `rule` matches, `other` matches too.
bool isCoveredBy(const std::set<std::string>& rule, const std::set<std::string>& other) {
    return std::all_of(other.begin(), other.end(), [&](const std::string& loose) {
        return std::any_of(rule.begin(), rule.end(), [&](const std::string& strict) { return implies(strict, loose); });
    });
}

/// Two demands that no question meets together, or "".
std::string contradiction(const std::set<std::string>& demands) {
    for (const std::string& one : demands) {
        if (demands.contains("not(" + one + ")")) return std::string(one).append(" and not(").append(one).append(")");
        const Words a = wordsOf(one);
        if (a.kind != "person" && a.kind != "network" && a.kind != "method") continue;
        for (const std::string& two : demands) {
            const Words b = wordsOf(two);
            if (a.kind != b.kind || one == two) continue;
            const bool shared =
                std::any_of(a.words.begin(), a.words.end(), [&](const auto& w) { return b.words.contains(w); });
            if (!shared) return std::string(one).append(" and ").append(two);
        }
    }
    return {};
}

class Linter {
public:
    explicit Linter(const PolicyEngine& engine) : engine_(engine), rules_(engine.rules().rules) {
        for (const Rule& rule : rules_) {
            demands_.push_back(demandsOf(rule));
            systems_.push_back(systemsOf(rule));
        }
    }

    std::vector<Finding> run() {
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            checkNames(rules_[i]);
            checkPossible(i);
            checkShadowed(i);
        }
        for (const Exception& exception : engine_.rules().exceptions) {
            if (!knows(exception.system))
                note(Severity::kWarning, exception.where, exception.id, "no system \"" + exception.system + "\"");
        }
        checkAdministrators();
        return std::move(findings_);
    }

private:
    void note(Severity severity, const std::string& where, const std::string& rule, std::string message) {
        findings_.push_back({severity, where, rule, std::move(message)});
    }
    bool knows(std::string_view system) const {
        const auto& systems = engine_.systems();
        return std::any_of(systems.begin(), systems.end(), [&](const SystemInfo& info) { return info.id == system; });
    }
    std::set<std::string> systemsOf(const Rule& rule) const {
        std::set<std::string> ids;
        for (const SystemInfo& system : engine_.systems()) {
            if (rule.systems.covers(system)) ids.insert(system.id);
        }
        return ids;
    }

    void checkNames(const Rule& rule) {
        for (const std::string& id : rule.systems.ids) {
            if (!knows(id))
                note(Severity::kWarning, rule.where, rule.id, "no system \"" + id + "\": is its adapter missing?");
        }
    }

    void checkPossible(std::size_t i) {
        const Rule& rule = rules_[i];
        if (systems_[i].empty()) {
            note(Severity::kWarning, rule.where, rule.id, "never matches: it concerns no system that is here");
        }
        const std::string clash = contradiction(demands_[i]);
        if (!clash.empty()) note(Severity::kError, rule.where, rule.id, "never matches: it asks for " + clash);
        for (const ConditionPtr& condition : rule.when) {
            const std::string why = condition->impossible();
            if (!why.empty()) note(Severity::kError, rule.where, rule.id, "never matches: " + why);
        }
    }

    void checkShadowed(std::size_t i) {
        if (systems_[i].empty()) return;
        for (std::size_t j = 0; j < rules_.size(); ++j) {
            if (i == j || !covers(j, i)) continue;
            const Rule& other = rules_[j];
            const bool deny = rules_[i].effect == Effect::kDeny;
            const bool otherDeny = other.effect == Effect::kDeny;
            // A deny rule wins over any grant wherever it stands; among equals the earlier one wins.
            const bool wins = otherDeny && !deny ? true : otherDeny == deny && j < i;
            if (!wins) continue;
            note(Severity::kWarning, rules_[i].where, rules_[i].id,
                 "shadowed: \"" + other.id + "\" (" + other.where + ") answers everything it could match");
            return;
        }
    }
    bool covers(std::size_t other, std::size_t rule) const {
        const auto& all = systems_[other];
        const auto& own = systems_[rule];
        return std::includes(all.begin(), all.end(), own.begin(), own.end()) &&
               isCoveredBy(demands_[rule], demands_[other]);
    }

    /// One administrator role that gets in from one network at one hour is enough.
    void checkAdministrators() {
        const RuleSet& site = engine_.rules();
        if (site.administratorRoles.empty()) {
            note(Severity::kError, "", "", "`administrators` names no role: nobody could repair a rule");
            return;
        }
        Decision last;
        for (const std::string& role : site.administratorRoles) {
            if (someoneGetsIn(role, last)) return;
        }
        std::string where;
        for (const Rule& rule : site.rules) {
            if (rule.id == last.rule) where = rule.where;
        }
        note(Severity::kError, where, std::string(last.rule),
             "locks every administrator out of the hub itself (system \"" + std::string(kHubSystem) + "\", " +
                 std::string(kRepairPath) + ")");
    }
    bool someoneGetsIn(const std::string& role, Decision& last) const {
        Subject person;
        person.username = "lint";
        person.roles = {role};
        person.posts.push_back({0, {}, "", {role}, {}});
        person.actingPost = 0;
        person.assurance = 3;
        std::vector<core::IpAddress> clients{core::IpAddress()};
        for (const auto& zone : engine_.rules().zones.zones) clients.push_back(zone.ranges.front().first());
        for (const core::IpAddress& client : clients) {
            for (int hour = 0; hour < kHoursOfWeek; ++hour) {
                const Environment environment{core::fromUnixSeconds(std::int64_t{hour} * 3600), client};
                last = engine_.decide(person, {kHubSystem, "PUT", kRepairPath}, environment);
                if (last.effect != Effect::kDeny) return true;
            }
        }
        return false;
    }

    const PolicyEngine& engine_;
    const std::vector<Rule>& rules_;
    std::vector<std::set<std::string>> demands_;
    std::vector<std::set<std::string>> systems_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const PolicyEngine& engine) {
    return Linter(engine).run();
}

}  // namespace yimen::policy
