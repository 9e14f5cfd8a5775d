#include <algorithm>

#include "policy/condition_reader.h"

namespace yimen::policy {
namespace {

std::string joinedFingerprints(const char* word, const std::vector<ConditionPtr>& parts) {
    std::vector<std::string> prints;
    prints.reserve(parts.size());
    for (const ConditionPtr& part : parts) prints.push_back(part->fingerprint());
    std::sort(prints.begin(), prints.end());
    std::string text = word;
    for (const std::string& print : prints) text += (text.back() == '(' ? "" : "; ") + print;
    return text + ")";
}

/// Holds when every part holds.
class All final : public Condition {
public:
    explicit All(std::vector<ConditionPtr> parts) : parts_(std::move(parts)) {}

    Truth holds(const Query& query) const noexcept override {
        Truth truth = Truth::kYes;
        for (const ConditionPtr& part : parts_) {
            const Truth one = part->holds(query);
            if (one == Truth::kNo) return Truth::kNo;
            if (one == Truth::kUnknown) truth = Truth::kUnknown;
        }
        return truth;
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        for (const ConditionPtr& part : parts_) {
            if (part->holds(query) != truthOf(wanted)) part->unmet(query, wanted, out);
        }
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        for (const ConditionPtr& part : parts_) {
            if (part->holds(query) != truthOf(wanted)) part->propose(query, wanted, out);
        }
    }
    std::string fingerprint() const override { return joinedFingerprints("all(", parts_); }
    std::string impossible() const override {
        for (const ConditionPtr& part : parts_) {
            if (auto why = part->impossible(); !why.empty()) return why;
        }
        return {};
    }

private:
    std::vector<ConditionPtr> parts_;
};

/// Holds when at least one part holds.
class Any final : public Condition {
public:
    explicit Any(std::vector<ConditionPtr> parts) : parts_(std::move(parts)) {}

    Truth holds(const Query& query) const noexcept override {
        Truth truth = Truth::kNo;
        for (const ConditionPtr& part : parts_) {
            const Truth one = part->holds(query);
            if (one == Truth::kYes) return Truth::kYes;
            if (one == Truth::kUnknown) truth = Truth::kUnknown;
        }
        return truth;
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Unmet> all;
        for (const ConditionPtr& part : parts_) {
            if (part->holds(query) != truthOf(wanted)) part->unmet(query, wanted, all);
        }
        if (!wanted || all.size() < 2) {
            out.insert(out.end(), all.begin(), all.end());
            return;
        }
        out.push_back(anyOf(all));
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        for (const ConditionPtr& part : parts_) {
            if (part->holds(query) != truthOf(wanted)) part->propose(query, wanted, out);
        }
    }
    std::string fingerprint() const override { return joinedFingerprints("any(", parts_); }
    std::string impossible() const override {
        std::string why;
        for (const ConditionPtr& part : parts_) {
            why = part->impossible();
            if (why.empty()) return {};
        }
        return why;
    }

private:
    /// Several ways in become one line: "角色：局领导；或 岗位：住建局".
    static Unmet anyOf(const std::vector<Unmet>& all) {
        Unmet one{{"下列之一", "one of these"}, {}, {}};
        for (const Unmet& unmet : all) {
            const bool first = one.need.zh.empty();
            one.need.zh += (first ? "" : "；或 ") + unmet.condition.zh + "：" + unmet.need.zh;
            one.need.en += (first ? "" : "; or ") + unmet.condition.en + ": " + unmet.need.en;
            one.have.zh += (first ? "" : "；") + unmet.have.zh;
            one.have.en += (first ? "" : "; ") + unmet.have.en;
        }
        return one;
    }

    std::vector<ConditionPtr> parts_;
};

/// Holds when its part does not.
class Not final : public Condition {
public:
    explicit Not(ConditionPtr part) : part_(std::move(part)) {}

    Truth holds(const Query& query) const noexcept override {
        const Truth truth = part_->holds(query);
        return truth == Truth::kUnknown ? Truth::kUnknown : truthOf(truth == Truth::kNo);
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        part_->unmet(query, !wanted, out);
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        part_->propose(query, !wanted, out);
    }
    std::string fingerprint() const override { return "not(" + part_->fingerprint() + ")"; }

private:
    ConditionPtr part_;
};

}  // namespace

ConditionPtr makeAll(std::vector<ConditionPtr> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return std::make_unique<All>(std::move(parts));
}

ConditionPtr makeAny(std::vector<ConditionPtr> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return std::make_unique<Any>(std::move(parts));
}

ConditionPtr makeNot(ConditionPtr part) {
    return std::make_unique<Not>(std::move(part));
}

}  // namespace yimen::policy
