#include "policy/tables.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "config/yaml.h"
#include "core/time_format.h"

namespace yimen::policy {
namespace {

namespace fs = std::filesystem;
using config::MapReader;
using config::YamlErrors;
using config::YamlNode;

/// The members a row may leave out.
struct Defaults {
    std::string method = "GET";
    std::string path = "/";
    std::string zone;
    std::string time;
    int assurance = 1;
    std::chrono::milliseconds proved{0};  ///< how long ago
};

/// "2026-11-23 10:00" in the time of the site.
core::Result<core::WallTime> readTime(std::string_view text, int utcOffsetMinutes) {
    const auto bad = core::makeError(core::ErrorCode::kInvalidInput, "must be a time such as \"2026-11-23 10:00\"");
    if (text.size() != 16 || text[10] != ' ' || text[13] != ':') return bad;
    const auto day = core::parseDate(text.substr(0, 10));
    if (!day.ok()) return day.error();
    int clock[2] = {0, 0};
    for (const std::size_t i : {0U, 1U}) {
        const char tens = text[11 + 3 * i];
        const char ones = text[12 + 3 * i];
        if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return bad;
        clock[i] = (tens - '0') * 10 + (ones - '0');
    }
    if (clock[0] > 23 || clock[1] > 59) return bad;
    return *day + std::chrono::minutes(clock[0] * 60 + clock[1] - utcOffsetMinutes);
}

class TableFile {
public:
    TableFile(const PolicyEngine& engine, TableReport& report, std::set<std::string>& hit, YamlErrors& errors)
        : engine_(engine), report_(report), hit_(hit), errors_(errors) {}

    void run(const YamlNode& root) {
        MapReader file(root, errors_);
        if (const auto people = file.require("people")) {
            for (const auto& [name, node] : people->entries()) people_[name] = readPerson(name, node);
        }
        if (const auto defaults = file.child("defaults")) {
            MapReader map(*defaults, errors_);
            readDefaults(map, defaults_);
            map.finish();
        }
        if (const auto cases = file.require("cases"); cases && cases->isList()) {
            for (std::size_t i = 0; i < cases->size(); ++i) runCase(cases->at(i));
        }
        file.finish();
    }

private:
    Post readPost(const YamlNode& node) {
        Post post;
        MapReader map(node, errors_);
        const std::string unit = map.requireText("org");
        const auto known = engine_.rules().units.find(unit);
        if (known == engine_.rules().units.end()) {
            post.orgPath = {unit};
            post.orgName = unit;
        } else {
            post.orgPath = {known->second.code};
            post.orgName = known->second.title.zh;
        }
        for (const std::string& above : map.texts("below")) {
            const auto parent = engine_.rules().units.find(above);
            post.orgPath.push_back(parent == engine_.rules().units.end() ? above : parent->second.code);
        }
        post.title = map.text("title", "");
        post.roles = map.texts("roles");
        map.finish();
        return post;
    }

    Subject readPerson(const std::string& name, const YamlNode& node) {
        Subject person;
        person.username = name;
        MapReader map(node, errors_);
        person.roles = map.texts("roles");
        if (const auto posts = map.child("posts"); posts && posts->isList()) {
            for (std::size_t i = 0; i < posts->size(); ++i) person.posts.push_back(readPost(posts->at(i)));
        }
        if (!person.posts.empty()) person.actingPost = 0;
        map.finish();
        return person;
    }

    static void readDefaults(MapReader& map, Defaults& values) {
        values.method = map.text("method", values.method);
        values.path = map.text("path", values.path);
        values.zone = map.text("zone", values.zone);
        values.time = map.text("time", values.time);
        values.assurance = static_cast<int>(map.integer("assurance", values.assurance, {1, 3}));
        values.proved = map.duration("proved", values.proved);
    }

    /// A zone stands for its first address; an address may be given instead.
    core::IpAddress clientOf(MapReader& map, const std::string& zone) {
        if (const auto* known = engine_.rules().zones.find(zone)) return known->ranges.front().first();
        const auto address = core::IpAddress::parse(zone);
        if (!address.ok()) map.complain("zone", "must be a zone or an IP address");
        return address.ok() ? *address : core::IpAddress();
    }

    void runCase(const YamlNode& node) {
        MapReader map(node, errors_);
        Defaults row = defaults_;
        const std::string who = map.requireText("who");
        const std::string system = map.requireText("system");
        readDefaults(map, row);
        const std::string effect = map.requireText("expect");
        const std::string rule = map.text("rule", "");
        const auto person = people_.find(who);
        if (person == people_.end()) map.complain("who", "\"" + who + "\" is not among `people`");
        Environment environment{{}, clientOf(map, row.zone)};
        const auto time = readTime(row.time, engine_.rules().utcOffsetMinutes);
        if (time.ok()) {
            environment.time = *time;
        } else {
            map.complain("time", time.error().message);
        }
        map.finish();
        if (person == people_.end()) return;
        Subject subject = person->second;
        subject.assurance = row.assurance;
        subject.provedAt = environment.time - row.proved;
        ++report_.rows;
        compare(node, subject, {system, row.method, row.path}, environment, {effect, rule});
    }

    struct Expected {
        std::string effect;
        std::string rule;
    };
    void compare(const YamlNode& node, const Subject& subject, const Resource& resource, const Environment& environment,
                 const Expected& expected) {
        const Decision decision = engine_.decide(subject, resource, environment);
        hit_.insert(std::string(decision.rule));
        const bool rule = expected.rule.empty() || expected.rule == decision.rule;
        if (rule && expected.effect == effectName(decision.effect)) return;
        TableFailure failure;
        failure.where = node.where();
        failure.expected = expected.effect + (expected.rule.empty() ? "" : " by " + expected.rule);
        failure.got = std::string(effectName(decision.effect)) + " by " + std::string(decision.rule);
        failure.why = engine_.explain(subject, resource, environment).summary.en;
        report_.failures.push_back(std::move(failure));
    }

    const PolicyEngine& engine_;
    TableReport& report_;
    std::set<std::string>& hit_;
    YamlErrors& errors_;
    Defaults defaults_;
    std::map<std::string, Subject, std::less<>> people_;
};

}  // namespace

core::Result<TableReport> runTables(const std::string& folder, const PolicyEngine& engine) {
    std::vector<std::string> names;
    std::error_code failed;
    fs::directory_iterator entries(fs::path(folder) / "tests", failed);
    for (const fs::directory_iterator end; !failed && entries != end; entries.increment(failed)) {
        if (entries->path().extension() == ".yaml") names.push_back(entries->path().string());
    }
    if (failed) return core::makeError(core::ErrorCode::kNotFound, folder + "/tests: cannot be read", failed.message());
    std::sort(names.begin(), names.end());

    TableReport report;
    std::set<std::string> hit;
    YamlErrors errors;
    for (const std::string& name : names) {
        YIMEN_TRY(const auto document, config::YamlDocument::load(name));
        TableFile(engine, report, hit, errors).run(document.root());
    }
    YIMEN_TRY_STATUS(errors.status());
    for (const Rule& rule : engine.rules().rules) {
        if (!hit.contains(rule.id)) report.untestedRules.push_back(rule.id);
    }
    return report;
}

}  // namespace yimen::policy
