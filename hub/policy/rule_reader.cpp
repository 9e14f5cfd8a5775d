#include <algorithm>
#include <filesystem>
#include <set>

#include "policy/condition_reader.h"
#include "policy/site_reader.h"

namespace yimen::policy {
namespace {

namespace fs = std::filesystem;
using config::MapReader;
using config::YamlErrors;
using config::YamlNode;
using core::ErrorCode;
using core::makeError;

constexpr std::size_t kMaxRules = 2000;
/// Below it nobody gets from the code to the page; above it the configured life of a step-up ends it anyway.
constexpr std::int64_t kMinMaxAgeMs = 30 * 1000;
constexpr std::int64_t kMaxMaxAgeMs = 24LL * 3600 * 1000;

SystemSelector readSystems(MapReader& rule, ReadContext& context) {
    SystemSelector systems;
    const auto node = rule.require("systems");
    if (!node) return systems;
    if (node->isScalar() && node->text().valueOr("") == "all") return systems;
    if (!node->isMap()) {
        systems.ids = readWords(*node, context);
        return systems;
    }
    MapReader map(*node, context.errors);
    if (const auto id = map.child("id")) systems.ids = readWords(*id, context);
    if (const auto category = map.child("category")) systems.categories = readWords(*category, context);
    if (const auto level = map.child("level")) systems.levels = readWords(*level, context);
    if (node->size() == 0) map.complain("", "name systems by id, category or level, or write `all`");
    map.finish();
    return systems;
}

Obligations readObligations(const YamlNode& node, YamlErrors& errors) {
    Obligations obligations;
    MapReader map(node, errors);
    obligations.readOnly = map.boolean("readonly", false);
    map.finish();
    return obligations;
}

Rule readRule(const YamlNode& node, const RuleSet& site, const RuleSources& sources, YamlErrors& errors) {
    Rule rule;
    MapReader map(node, errors);
    rule.where = node.where();
    rule.id = map.requireText("id");
    if (const auto title = map.require("title")) rule.title = readWording(*title, errors);
    if (!map.has("effect")) map.complain("", "`effect` is missing: allow, deny or step_up");
    rule.effect = map.choice("effect", Effect::kDeny,
                             {{"allow", Effect::kAllow}, {"deny", Effect::kDeny}, {"step_up", Effect::kStepUp}});
    ReadContext context{errors, site, sources, rule.effect == Effect::kDeny};
    rule.systems = readSystems(map, context);
    if (const auto when = map.child("when")) {
        if (ConditionPtr condition = readCondition(*when, context)) rule.when.push_back(std::move(condition));
    }
    if (rule.effect == Effect::kStepUp) {
        rule.neededAssurance = static_cast<int>(map.integer("level", 0, {2, 3}));
        if (!map.has("level")) map.complain("", "a step_up rule needs `level: 2` or `level: 3`");
        rule.maxAge = std::chrono::duration_cast<std::chrono::seconds>(
            map.duration("max_age", std::chrono::seconds(0), {kMinMaxAgeMs, kMaxMaxAgeMs}));
    }
    if (const auto obligations = map.child("obligations")) {
        rule.obligations = readObligations(*obligations, errors);
        if (rule.effect == Effect::kDeny) map.complain("obligations", "a deny rule has no obligations");
    }
    rule.grantedBy = map.text("granted_by", "");
    map.finish();
    return rule;
}

/// Two passes: first what rules refer to, over all files, then the rules.
class FolderReader {
public:
    explicit FolderReader(const RuleSources& sources) : sources_(sources) {}

    core::Status addFile(const std::string& path) {
        auto document = config::YamlDocument::load(path);
        if (!document.ok()) return document.error();
        files_.push_back(std::move(document).value());
        return {};
    }

    core::Result<std::shared_ptr<const RuleSet>> read() {
        std::vector<YamlNode> lists;
        for (const auto& file : files_) {
            MapReader map(file.root(), errors_);
            readSite(map, *site_);
            if (const auto rules = map.child("rules")) lists.push_back(*rules);
            map.finish();
        }
        YIMEN_TRY_STATUS(replaceZones());
        for (const YamlNode& list : lists) readRules(list);
        YIMEN_TRY_STATUS(errors_.status());
        return std::shared_ptr<const RuleSet>(std::move(site_));
    }

private:
    core::Status replaceZones() {
        for (const auto& source : sources_.zones) {
            const std::string& name = source.first;
            NetworkZones::Zone zone{name, wordingOf(name), {}};
            for (const std::string& range : source.second) {
                YIMEN_TRY(auto cidr, core::Cidr::parse(range));
                zone.ranges.push_back(cidr);
            }
            if (zone.ranges.empty()) return makeError(ErrorCode::kInvalidInput, "zone \"" + name + "\" has no range");
            const auto known = std::find_if(site_->zones.zones.begin(), site_->zones.zones.end(),
                                            [&](const NetworkZones::Zone& other) { return other.name == name; });
            if (known == site_->zones.zones.end()) {
                site_->zones.zones.push_back(std::move(zone));
            } else {
                known->ranges = std::move(zone.ranges);
            }
        }
        return {};
    }

    void readRules(const YamlNode& list) {
        if (!list.isList()) {
            errors_.add(list.error("`rules` must be a list"));
            return;
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            Rule rule = readRule(list.at(i), *site_, sources_, errors_);
            if (!ids_.insert(rule.id).second)
                errors_.add(list.at(i).error("a second rule with the id \"" + rule.id + "\""));
            site_->rules.push_back(std::move(rule));
        }
        if (site_->rules.size() > kMaxRules) errors_.add(list.error("more than 2000 rules (kMaxRules)"));
    }

    const RuleSources& sources_;
    std::vector<config::YamlDocument> files_;
    std::shared_ptr<RuleSet> site_ = std::make_shared<RuleSet>();
    YamlErrors errors_;
    std::set<std::string> ids_{std::string(Decision::kDefaultDeny)};
};

}  // namespace

core::Result<std::shared_ptr<const RuleSet>> loadRules(const std::string& folder, const RuleSources& sources) {
    std::vector<std::string> names;
    std::error_code failed;
    fs::directory_iterator entries(folder, failed);
    for (const fs::directory_iterator end; !failed && entries != end; entries.increment(failed)) {
        if (entries->path().extension() == ".yaml") names.push_back(entries->path().string());
    }
    if (failed) return makeError(ErrorCode::kNotFound, folder + ": cannot be read", failed.message());
    std::sort(names.begin(), names.end());
    FolderReader reader(sources);
    for (const std::string& name : names) YIMEN_TRY_STATUS(reader.addFile(name));
    return reader.read();
}

}  // namespace yimen::policy
