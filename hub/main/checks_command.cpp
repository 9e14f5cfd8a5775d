#include <algorithm>
#include <cstdio>

#include "catalog/check_runner.h"
#include "main/commands.h"
#include "main/data_side.h"
#include "main/foundation.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage = "checks list | checks run NAME|all | checks alerts [NAME]   [--config FILE]";

void print(const store::CheckRunRecord& run) {
    std::printf("%-20s found %lld, opened %lld, closed %lld, %lld ms%s%s\n", run.check.c_str(),
                static_cast<long long>(run.found), static_cast<long long>(run.opened),
                static_cast<long long>(run.closed), static_cast<long long>(run.millis), run.error.empty() ? "" : ": ",
                run.error.c_str());
}

int list(const std::vector<catalog::CheckSpec>& checks, const catalog::CheckRunner& runner) {
    for (const catalog::CheckSpec& check : checks) {
        std::string missing;
        for (const std::string& item : runner.missing(check)) missing += " " + item;
        std::printf("%-20s %-5s %-7s %s / %s%s%s\n", check.name.c_str(), check.code.c_str(), check.severity.c_str(),
                    check.titleZh.c_str(), check.titleEn.c_str(), missing.empty() ? "" : "; waits for",
                    missing.c_str());
    }
    return 0;
}

core::Error unknown(const std::string& name) {
    return core::makeError(core::ErrorCode::kNotFound, "no check '" + name + "': yimen checks list");
}

int run(const std::vector<catalog::CheckSpec>& checks, catalog::CheckRunner& runner, const std::string& name) {
    int worst = 0;
    bool known = false;
    for (const catalog::CheckSpec& check : checks) {
        if (name != "all" && name != check.name) continue;
        known = true;
        if (name == "all" && !runner.missing(check).empty()) continue;
        const auto done = runner.run(check);
        if (done.ok()) {
            print(*done);
        } else {
            worst = failed(done.error());
        }
    }
    return known || name == "all" ? worst : failed(unknown(name));
}

int alerts(const std::vector<catalog::CheckSpec>& checks, store::AlertStore& store, const std::string& name) {
    const auto found = store.list(name, true);
    if (!found.ok()) return failed(found.error());
    const auto same = [&](const catalog::CheckSpec& check) { return check.name == name; };
    if (found->empty() && !name.empty() && std::none_of(checks.begin(), checks.end(), same))
        return failed(unknown(name));
    for (const store::AlertRecord& alert : *found) {
        std::printf("%-6lld %-20s %-7s %s\n", static_cast<long long>(alert.id), alert.check.c_str(),
                    alert.severity.c_str(), alert.message.c_str());
    }
    return 0;
}

}  // namespace

int runChecks(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    const auto& rest = arguments->rest();
    const std::string what = rest.empty() ? "" : rest[0];
    const bool fits = (what == "list" && rest.size() == 1) || (what == "run" && rest.size() == 2) ||
                      (what == "alerts" && rest.size() <= 2);
    if (!fits) return misused(core::makeError(core::ErrorCode::kInvalidInput, "these words do not fit"), kUsage);
    auto base = Foundation::look(arguments->option("config", kDefaultConfig));
    if (!base.ok()) return failed(base.error());
    const auto checks = catalog::readChecks((*base)->config->policiesDir + "/checks");
    if (!checks.ok()) return failed(checks.error());
    if (what == "alerts") return alerts(*checks, *(*base)->stores.alerts, rest.size() == 2 ? rest[1] : "");
    auto data = DataSide::open({(*base)->config, (*base)->clock, (*base)->random, (*base)->keys, nullptr, {}});
    if (!data.ok()) return failed(data.error());
    catalog::CheckRunner runner({*(*data)->shared().inquirer, *(*base)->stores.alerts,
                                 [&](const std::string& code) {
                                     const auto place = (*data)->find(code);
                                     return place.ok() ? sync::ItemSpecPtr(place->all, place->item) : nullptr;
                                 },
                                 (*base)->clock, catalog::ShareMasks((*base)->keys->deriveActive("share_masks"))});
    return what == "list" ? list(*checks, runner) : run(*checks, runner, rest[1]);
}

}  // namespace yimen::main
