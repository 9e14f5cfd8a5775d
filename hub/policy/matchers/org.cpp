#include <algorithm>

#include "policy/matchers/matchers.h"
#include "policy/matchers/units.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// A post in a unit or anywhere below it: district over street over community over grid.
class Org final : public Condition {
public:
    explicit Org(Units units) : units_(std::move(units)) {}

    Truth holds(const Query& query) const noexcept override {
        const auto& posts = query.subject.posts;
        return truthOf(
            std::any_of(posts.begin(), posts.end(), [&](const Post& post) { return isUnder(post, units_); }));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Wording> needed;
        for (const Unit& unit : units_) needed.push_back(unit.title);
        out.push_back({{"机构", "unit"}, postsWording(query.subject), needOf(needed, wanted)});
    }
    void propose(const Query&, bool wanted, std::vector<Change>& out) const override {
        if (!wanted) return;
        for (const Unit& unit : units_) out.push_back(appointment(unit, "", {}));
    }
    std::string fingerprint() const override {
        std::vector<std::string> codes;
        for (const Unit& unit : units_) codes.push_back(unit.code);
        return fingerprintOf("org", std::move(codes));
    }

private:
    Units units_;
};

}  // namespace

ConditionPtr readOrg(const config::YamlNode& node, ReadContext& context) {
    Units units = readUnits(node, context);
    return units.empty() ? nullptr : std::make_unique<Org>(std::move(units));
}

}  // namespace yimen::policy::matchers
