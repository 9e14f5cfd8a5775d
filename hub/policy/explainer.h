#pragma once

#include "policy/engine.h"

namespace yimen::policy {

/// Says why the engine decided as it did, by asking it again. Lives for one explanation.
class Explainer {
public:
    Explainer(const PolicyEngine& engine, const Subject& subject, const Resource& resource,
              const Environment& environment)
        : engine_(engine), subject_(subject), resource_(resource), environment_(environment) {}

    Explanation explain() const;

private:
    struct Nearest {
        const Rule* rule = nullptr;
        std::vector<Unmet> unmet;
        Change change;
    };

    const Rule* ruleOf(std::string_view id) const;
    void explainUnknownSystem(Explanation& out) const;
    void explainDeny(const Query& query, const Rule& rule, Explanation& out) const;
    void explainStepUp(const Decision& decision, Explanation& out) const;
    void explainDefault(const Query& query, const PolicyEngine::Candidates& candidates, Explanation& out) const;
    /// The first of the proposals, or of two appointments made one, after which the engine allows; else an exception.
    bool firstSufficient(std::vector<Change> proposals, Change& change) const;
    void useException(Explanation& out) const;
    static void writeSummary(Explanation& out);

    const PolicyEngine& engine_;
    const Subject& subject_;
    const Resource& resource_;
    const Environment& environment_;
};

}  // namespace yimen::policy
