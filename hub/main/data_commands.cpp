#include <cstdio>

#include "catalog/check_spec.h"
#include "catalog/owners.h"
#include "config/loader.h"
#include "core/file.h"
#include "main/commands.h"
#include "main/data_side.h"
#include "main/foundation.h"
#include "main/generation.h"
#include "vault/links_import.h"

namespace yimen::main {

namespace {

constexpr const char* kCheckUsage = "check [--config FILE]";
constexpr const char* kImportUsage =
    "import [--config FILE] [--organisations CSV] [--people CSV] [--posts CSV] [--dry-run] [--keep-passwords]";
constexpr const char* kLinkUsage = "link import CSV [--config FILE] [--dry-run]";

core::Status readInto(const Arguments& arguments, const char* option, std::string& text) {
    const auto path = arguments.option(option);
    if (path.empty()) return {};
    YIMEN_TRY(text, core::readFile(path, identity::Importer::kMaxFileBytes));
    return {};
}

int show(const identity::ImportReport& report, bool dryRun) {
    for (const auto& problem : report.problems) std::fprintf(stderr, "%s\n", problem.describe().c_str());
    if (!report.problems.empty()) {
        std::fprintf(stderr, "%zu problems; nothing was written\n", report.problems.size());
        return 1;
    }
    std::printf(
        "%sorganisations %zu new, %zu changed; people %zu new, %zu changed; posts %zu new, %zu changed; "
        "passwords %zu\n",
        dryRun ? "would write: " : "", report.organisationsAdded, report.organisationsChanged, report.peopleAdded,
        report.peopleChanged, report.postsAdded, report.postsChanged, report.passwordsSet);
    return 0;
}

/// Opens the data for a command that writes. Beside a running hub that is refused: the command says what to do instead.
core::Result<std::unique_ptr<Foundation>> openToWrite(const Arguments& arguments, const char* instead) {
    auto base = Foundation::open(arguments.option("config", kDefaultConfig));
    if (base.ok() || base.error().code != core::ErrorCode::kConflict) return base;
    auto error = base.error();
    error.message += std::string("\nA hub is running on this data. Stop it first, or ") + instead;
    return error;
}

core::Status noteImport(Foundation& base, const char* type, std::size_t count) {
    audit::AuditEvent event;
    event.type = type;
    event.actor = "command-line";
    event.fields.emplace_back("count", std::to_string(count));
    return base.audit->appendAndWait(std::move(event));
}

}  // namespace

int runCheck(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kCheckUsage);
    const auto config = config::loadConfig(arguments->option("config", kDefaultConfig));
    if (!config.ok()) return failed(config.error());
    const core::SystemClock clock;
    const auto catalog = loadCatalog(**config, clock, nullptr);
    if (!catalog.ok()) return failed(catalog.error());
    for (const auto& refused : (*catalog)->refused()) std::fprintf(stderr, "%s\n", refused.error.message.c_str());
    const auto policy = loadPolicy(**config, **catalog, clock);
    if (!policy.ok()) return failed(policy.error());
    const auto items = DataSide::readCatalog(**config);
    if (!items.ok()) return failed(items.error());
    const auto sources = DataSide::readSystems(**config);
    if (!sources.ok()) return failed(sources.error());
    if (const auto sinks = PublishSide::read(**config, *sources); !sinks.ok()) return failed(sinks.error());
    const auto owners = catalog::Owners::load((*config)->policiesDir + "/catalog/owners.yaml");
    if (!owners.ok()) return failed(owners.error());
    const auto checks = catalog::readChecks((*config)->policiesDir + "/checks");
    if (!checks.ok()) return failed(checks.error());
    if (!(*catalog)->refused().empty()) return 1;
    std::size_t supplied = 0;
    for (const auto& system : *sources) supplied += system.items.size();
    std::printf("ok: %zu adapters, %zu rules, %zu data items, %zu of them supplied, %zu checks\n",
                (*catalog)->systems().size(), (*policy)->rules().rules.size(), items->items().size(), supplied,
                checks->size());
    return 0;
}

int runImport(const std::vector<std::string>& words) {
    const auto arguments =
        Arguments::parse(words, {"config", "organisations", "people", "posts"}, {"dry-run", "keep-passwords"});
    if (!arguments.ok()) return misused(arguments.error(), kImportUsage);
    identity::ImportFiles files;
    for (const auto& [option, text] : {std::pair<const char*, std::string*>{"organisations", &files.organisations},
                                       {"people", &files.people},
                                       {"posts", &files.posts}}) {
        if (const auto read = readInto(*arguments, option, *text); !read.ok()) return failed(read.error());
    }
    auto base = openToWrite(*arguments,
                            "import through it: POST /api/v1/admin/people/import (text/csv, one file a call; "
                            "?dry_run=1 to check), or the page Administration > People > Import");
    if (!base.ok()) return failed(base.error());
    // Imported passwords are replaced at the first sign-in, unless whoever imports says that they are the people's own.
    identity::ImportOptions options;
    options.passwordsMustChange = !arguments->flag("keep-passwords");
    if (arguments->flag("dry-run")) return show((*base)->importer->check(files), true);
    const auto report = (*base)->importer->apply(files, options);
    if (!report.ok()) return failed(report.error());
    const auto count = report->organisationsAdded + report->peopleAdded + report->postsAdded;
    if (report->problems.empty()) {
        if (const auto noted = noteImport(**base, "people.imported", count); !noted.ok()) return failed(noted.error());
    }
    return show(*report, false);
}

int runLink(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {"dry-run"});
    if (!arguments.ok()) return misused(arguments.error(), kLinkUsage);
    if (arguments->rest().size() != 2 || arguments->rest().front() != "import") {
        return misused(core::makeError(core::ErrorCode::kInvalidInput, "link import needs one file"), kLinkUsage);
    }
    const auto csv = core::readFile(arguments->rest().back(), identity::Importer::kMaxFileBytes);
    if (!csv.ok()) return failed(csv.error());
    auto base = openToWrite(*arguments,
                            "let people link their own accounts: page Links, POST /api/v1/me/links/SYSTEM; accounts "
                            "that the administrator keeps are written by this command only");
    if (!base.ok()) return failed(base.error());
    const auto catalog = loadCatalog(*(*base)->config, (*base)->clock, nullptr);
    if (!catalog.ok()) return failed(catalog.error());
    const auto directory = (*base)->directory->current();
    vault::LinksImporter importer(
        *(*base)->vault,
        [&](std::string_view username) -> std::optional<store::PersonId> {
            const auto* person = directory->personByKey(username);
            return person == nullptr ? std::nullopt : std::optional(person->id);
        },
        [&](std::string_view system) { return (*catalog)->find(system) != nullptr; }, (*base)->stores.transactor.get());
    const auto report =
        arguments->flag("dry-run") ? core::Result<vault::LinksReport>(importer.check(*csv)) : importer.apply(*csv);
    if (!report.ok()) return failed(report.error());
    for (const auto& problem : report->problems) {
        std::fprintf(stderr, "%s:%zu: %s: %s; %s\n", arguments->rest().back().c_str(), problem.line,
                     problem.column.c_str(), problem.what.c_str(), problem.todo.c_str());
    }
    if (!report->problems.empty()) return 1;
    if (!arguments->flag("dry-run")) {
        if (const auto noted = noteImport(**base, "link.imported", report->accounts); !noted.ok()) {
            return failed(noted.error());
        }
    }
    std::printf("%zu accounts, %zu values\n", report->accounts, report->fields);
    return 0;
}

}  // namespace yimen::main
