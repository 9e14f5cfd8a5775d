#include <cstdio>

#include "audit/verify.h"
#include "config/loader.h"
#include "gateway/subject.h"
#include "main/commands.h"
#include "main/foundation.h"
#include "main/generation.h"
#include "policy/tables.h"

namespace yimen::main {

namespace {

constexpr const char* kPolicyUsage = "policy test | policy explain WHO SYSTEM   [--config FILE]";
constexpr const char* kAdapterUsage = "adapter list [--config FILE]";
constexpr const char* kAuditUsage = "audit verify [--config FILE]";

core::Error wrongWords() {
    return core::makeError(core::ErrorCode::kInvalidInput, "these words do not fit");
}

struct Loaded {
    config::SnapshotPtr config;
    std::shared_ptr<const adapter::Catalog> catalog;
    std::shared_ptr<const policy::PolicyEngine> policy;
};

core::Result<Loaded> load(const std::string& file, const core::Clock& clock) {
    Loaded loaded;
    YIMEN_TRY(loaded.config, config::loadConfig(file));
    YIMEN_TRY(loaded.catalog, loadCatalog(*loaded.config, clock, nullptr));
    YIMEN_TRY(loaded.policy, loadPolicy(*loaded.config, *loaded.catalog, clock));
    return loaded;
}

int testTables(const Loaded& loaded) {
    const auto report = policy::runTables(loaded.config->policiesDir, *loaded.policy);
    if (!report.ok()) return failed(report.error());
    for (const auto& failure : report->failures) {
        std::fprintf(stderr, "%s: expected %s, got %s: %s\n", failure.where.c_str(), failure.expected.c_str(),
                     failure.got.c_str(), failure.why.c_str());
    }
    for (const auto& rule : report->untestedRules) std::fprintf(stderr, "note: no row ends in rule %s\n", rule.c_str());
    std::printf("%zu passed, %zu failed\n", report->rows - report->failures.size(), report->failures.size());
    return report->failures.empty() ? 0 : 1;
}

int explain(const std::string& configFile, const std::string& who, const std::string& system) {
    auto base = Foundation::look(configFile);
    if (!base.ok()) return failed(base.error());
    const auto loaded = load(configFile, (*base)->clock);
    if (!loaded.ok()) return failed(loaded.error());
    const auto directory = (*base)->directory->current();
    const auto* person = directory->personByKey(who);
    if (person == nullptr) return failed(core::makeError(core::ErrorCode::kNotFound, "no person '" + who + "'"));
    const auto adapter = loaded->catalog->find(system);
    const std::string path = adapter ? adapter->manifest().paths.home : "/";
    const auto now = (*base)->clock.wall();
    const auto subject = gateway::subjectOf(person->id, *directory, identity::dayAt(now, std::chrono::minutes(480)));
    const auto why = loaded->policy->explain(subject, {system, "GET", path}, {now, loaded->policy->usualClient()});
    std::printf("%s (%s)\n%s\n%s\n", std::string(policy::effectName(why.effect)).c_str(), why.rule.c_str(),
                why.summary.zh.c_str(), why.summary.en.c_str());
    for (const auto& unmet : why.unmet) {
        std::printf("  %s：现为 %s，需要 %s\n  %s: have %s, need %s\n", unmet.condition.zh.c_str(),
                    unmet.have.zh.c_str(), unmet.need.zh.c_str(), unmet.condition.en.c_str(), unmet.have.en.c_str(),
                    unmet.need.en.c_str());
    }
    if (!why.change.words.zh.empty()) {
        std::printf("  -> %s\n  -> %s\n", why.change.words.zh.c_str(), why.change.words.en.c_str());
    }
    return why.effect == policy::Effect::kAllow ? 0 : 1;
}

}  // namespace

int runPolicy(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kPolicyUsage);
    const auto& rest = arguments->rest();
    const auto file = arguments->option("config", kDefaultConfig);
    if (rest.size() == 1 && rest[0] == "test") {
        const core::SystemClock clock;
        const auto loaded = load(file, clock);
        return loaded.ok() ? testTables(*loaded) : failed(loaded.error());
    }
    if (rest.size() == 3 && rest[0] == "explain") return explain(file, rest[1], rest[2]);
    return misused(wrongWords(), kPolicyUsage);
}

int runAdapter(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok() || arguments->rest() != std::vector<std::string>{"list"}) {
        return misused(arguments.ok() ? wrongWords() : arguments.error(), kAdapterUsage);
    }
    const core::SystemClock clock;
    const auto loaded = load(arguments->option("config", kDefaultConfig), clock);
    if (!loaded.ok()) return failed(loaded.error());
    for (const auto& [id, system] : loaded->catalog->systems()) {
        const auto& manifest = system->manifest();
        std::printf("%-16s %-8s %-16s %s\n", id.c_str(), manifest.version.c_str(),
                    std::string(adapter::toString(manifest.login.kind)).c_str(), manifest.name.zh.c_str());
    }
    for (const auto& refused : loaded->catalog->refused()) {
        std::printf("%-16s refused: %s\n", refused.id.c_str(), refused.error.message.c_str());
    }
    return loaded->catalog->refused().empty() ? 0 : 1;
}

int runAudit(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok() || arguments->rest() != std::vector<std::string>{"verify"}) {
        return misused(arguments.ok() ? wrongWords() : arguments.error(), kAuditUsage);
    }
    const auto config = config::loadConfig(arguments->option("config", kDefaultConfig));
    if (!config.ok()) return failed(config.error());
    core::SystemRandom random;
    const core::SystemClock clock;
    const auto keys = loadKeys(**config, false, random, clock);
    if (!keys.ok()) return failed(keys.error());
    const auto report = audit::verify({auditDirectory(**config), (*config)->audit.keyed}, keys->get());
    if (!report.ok()) return failed(report.error());
    for (const auto& broken : report->breaks) {
        std::fprintf(stderr, "%s:%llu: record %llu: %s\n", broken.file.c_str(),
                     static_cast<unsigned long long>(broken.line), static_cast<unsigned long long>(broken.seq),
                     broken.reason.c_str());
    }
    std::printf("%s: %llu records in %llu files, head %s\n", report->ok ? "ok" : "BROKEN",
                static_cast<unsigned long long>(report->records), static_cast<unsigned long long>(report->segments),
                report->head.c_str());
    return report->ok ? 0 : 1;
}

}  // namespace yimen::main
