#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// The method of the request.
class Method final : public Condition {
public:
    explicit Method(std::vector<std::string> methods) : methods_(std::move(methods)) {}

    Truth holds(const Query& query) const noexcept override {
        if (query.resource.method.empty()) return Truth::kUnknown;
        return truthOf(contains(methods_, query.resource.method));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Wording> needed;
        for (const std::string& method : methods_) needed.push_back(wordingOf(method));
        out.push_back({{"操作", "method"}, wordingOf(std::string(query.resource.method)), needOf(needed, wanted)});
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
            if (contains(methods_, method) == wanted) request(query, method, out);
        }
        if (wanted) request(query, methods_.front(), out);
    }
    std::string fingerprint() const override { return fingerprintOf("method", methods_); }

private:
    static void request(const Query& query, const std::string& method, std::vector<Change>& out) {
        Change change;
        change.kind = ChangeKind::kRequest;
        change.method = method;
        change.path = query.resource.path;
        change.words = {"改用 " + method, "use " + method};
        out.push_back(std::move(change));
    }

    std::vector<std::string> methods_;
};

}  // namespace

ConditionPtr readMethod(const config::YamlNode& node, ReadContext& context) {
    auto methods = readWords(node, context);
    for (const std::string& method : methods) {
        const bool upper = std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!upper) context.errors.add(node.error("\"" + method + "\" is no method: write it in capitals"));
    }
    return methods.empty() ? nullptr : std::make_unique<Method>(std::move(methods));
}

}  // namespace yimen::policy::matchers
