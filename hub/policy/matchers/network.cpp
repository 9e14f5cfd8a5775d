#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// The network the person comes from.
class Network final : public Condition {
public:
    Network(std::vector<std::string> names, const NetworkZones& zones) : names_(std::move(names)), zones_(zones) {}

    Truth holds(const Query& query) const noexcept override {
        if (query.environment == nullptr) return Truth::kUnknown;
        return truthOf(contains(names_, query.zone));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Wording> needed;
        for (const std::string& name : names_) needed.push_back(titleOf(name));
        const Wording have = query.zone.empty() ? Wording{"其他网络", "another network"} : titleOf(query.zone);
        out.push_back({{"网络区域", "network"}, have, needOf(needed, wanted)});
    }
    void propose(const Query&, bool wanted, std::vector<Change>& out) const override {
        for (const NetworkZones::Zone& zone : zones_.zones) {
            if (contains(names_, zone.name) == wanted) from(zone.ranges.front().first(), zone.title, out);
        }
        // 203.0.113.0/24 is kept for documentation (RFC 5737): it stands for "from outside".
        if (!wanted) from(core::IpAddress::parse("203.0.113.1").value(), {"其他网络", "another network"}, out);
    }
    std::string fingerprint() const override { return fingerprintOf("network", names_); }

private:
    Wording titleOf(std::string_view name) const {
        const auto* zone = zones_.find(name);
        return zone == nullptr ? wordingOf(std::string(name)) : zone->title;
    }
    static void from(const core::IpAddress& client, const Wording& title, std::vector<Change>& out) {
        Change change;
        change.kind = ChangeKind::kClient;
        change.client = client;
        change.words = {"从“" + title.zh + "”访问", "come from \"" + title.en + "\""};
        out.push_back(std::move(change));
    }

    std::vector<std::string> names_;
    NetworkZones zones_;
};

}  // namespace

ConditionPtr readNetwork(const config::YamlNode& node, ReadContext& context) {
    auto names = readWords(node, context);
    for (const std::string& name : names) {
        if (context.site.zones.find(name) == nullptr) {
            context.errors.add(node.error("unknown network \"" + name + "\": list it under `zones`"));
        }
    }
    return names.empty() ? nullptr : std::make_unique<Network>(std::move(names), context.site.zones);
}

}  // namespace yimen::policy::matchers
