#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "policy/decision.h"
#include "policy/explanation.h"
#include "policy/rule.h"
#include "policy/types.h"

namespace yimen::policy {

/// Decides who may do what where. Immutable: built from a rule set and the systems there are, then swapped whole behind
/// an atomic shared_ptr when either changes. Thread-safe.
///
/// Order of decision (documented in policies/README.md for those who write rules):
///   1. an exception that is in force for this person and system allows;
///   2. any `deny` rule that matches denies, wherever it stands;
///   3. else the first `allow` or `step_up` rule that matches, in the order of files and of rules in them, decides;
///   4. else deny ("default-deny").
class PolicyEngine {
    struct Private {};

public:
    /// For build() only.
    PolicyEngine(Private token, std::shared_ptr<const RuleSet> rules, std::vector<SystemInfo> systems);
    /// Keeps the rules; resolves for each system which rules can concern it. A rule that names an unknown system,
    /// category or level concerns nothing: lint() says so.
    static std::shared_ptr<const PolicyEngine> build(std::shared_ptr<const RuleSet> rules,
                                                     std::vector<SystemInfo> systems);

    /// Any thread, no lock, nothing allocated; well below a microsecond. An unknown system is denied. A rule whose Lua
    /// condition fails to run counts as matching when it denies and as not matching when it allows.
    Decision decide(const Subject& subject, const Resource& resource, const Environment& environment) const noexcept;

    /// The same decision by the same code, with reasons. Allocates freely; for pages, the API and the command line.
    Explanation explain(const Subject& subject, const Resource& resource, const Environment& environment) const;

    /// The portal's list: false when no path of the system can be allowed to this person from anywhere at any time.
    /// True when some rule may allow it: what depends on path, place, time or assurance shows on entering.
    bool mayEnter(const Subject& subject, std::string_view system) const noexcept;

    /// The decision as if `change` had been made.
    Effect whatIf(const Subject& subject, const Resource& resource, const Environment& environment,
                  const Change& change) const;

    /// An address of the first zone: where people are taken to be in questions about somebody who is not here.
    core::IpAddress usualClient() const noexcept;
    /// The name of the first zone that holds the address; "" for none.
    std::string_view zoneOf(const core::IpAddress& client) const noexcept { return rules_->zones.zoneOf(client); }
    const RuleSet& rules() const noexcept { return *rules_; }
    const std::vector<SystemInfo>& systems() const noexcept { return systems_; }

private:
    struct Candidates {
        const SystemInfo* system = nullptr;
        std::vector<const Exception*> exceptions;
        std::vector<const Rule*> denies;
        std::vector<const Rule*> grants;
    };

    const Candidates* candidatesFor(std::string_view system) const noexcept;
    Decision decideAmong(const Candidates& candidates, const Query& query) const noexcept;
    friend class Explainer;

    std::shared_ptr<const RuleSet> rules_;
    std::vector<SystemInfo> systems_;
    std::map<std::string, Candidates, std::less<>> bySystem_;
};

}  // namespace yimen::policy
