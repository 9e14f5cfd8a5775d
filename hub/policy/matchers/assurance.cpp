#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// How well the person proved who they are: at least that well.
class Assurance final : public Condition {
public:
    explicit Assurance(int level) : level_(level) {}

    Truth holds(const Query& query) const noexcept override {
        // Before entering, the person can still step up.
        if (query.environment == nullptr && query.subject.assurance < level_) return Truth::kUnknown;
        return truthOf(query.subject.assurance >= level_);
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        const std::string need = std::to_string(level_);
        out.push_back(
            {{"认证强度", "assurance level"},
             wordingOf(std::to_string(query.subject.assurance)),
             wanted ? Wording{"至少 " + need, "at least " + need} : Wording{"低于 " + need, "below " + need}});
    }
    void propose(const Query&, bool wanted, std::vector<Change>& out) const override {
        if (!wanted) return;
        Change change;
        change.kind = ChangeKind::kAssurance;
        change.assurance = level_;
        change.words = {"用更强的方式登录（" + std::to_string(level_) + " 级）",
                        "sign in at assurance level " + std::to_string(level_)};
        out.push_back(std::move(change));
    }
    std::string fingerprint() const override { return "assurance=" + std::to_string(level_); }

private:
    int level_;
};

}  // namespace

ConditionPtr readAssurance(const config::YamlNode& node, ReadContext& context) {
    const auto level = node.integer();
    if (!level.ok() || *level < 1 || *level > 3) {
        context.errors.add(level.ok() ? node.error("must be 1, 2 or 3") : level.error());
        return nullptr;
    }
    return std::make_unique<Assurance>(static_cast<int>(*level));
}

}  // namespace yimen::policy::matchers
