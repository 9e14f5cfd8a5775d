#include <Poco/Util/ServerApplication.h>

#include <array>
#include <cstdio>

#include "main/commands.h"

namespace yimen::main {
namespace {

constexpr std::array<Command, 11> kCommands{{
    {"serve", "serve [--config FILE]", "run the hub", runServe},
    {"check", "check [--config FILE]", "read configuration, adapters and policies and say what is wrong", runCheck},
    {"import", "import [--organisations CSV] [--people CSV] [--posts CSV] [--dry-run] [--keep-passwords]",
     "people and units from files", runImport},
    {"link", "link import CSV", "accounts of people in systems from a file", runLink},
    {"policy", "policy test | policy explain WHO SYSTEM", "run the decision tables; who may do what, and why",
     runPolicy},
    {"adapter", "adapter list", "the systems that are connected", runAdapter},
    {"item", "item list [WORDS] | item show CODE | item diff CODE", "the data items of the catalogue", runItem},
    {"sync", "sync run|status|dead|replay|backfill|pause|resume|cancel|retry|explain ITEM",
     "bring items up to date with their sources; what came of it", runSync},
    {"checks", "checks list | checks run NAME|all | checks alerts [NAME]", "rules over several data items", runChecks},
    {"plugin", "plugin list | plugin new NAME [--folder FOLDER]", "native plugins: which are in force; begin one",
     runPlugin},
    {"audit", "audit verify", "walk the chain of the audit log", runAudit},
}};

int usage() {
    std::fprintf(stderr, "usage: yimen COMMAND ...\n\n");
    for (const auto& command : kCommands) std::fprintf(stderr, "  %-90s %s\n", command.usage, command.what);
    std::fprintf(stderr, "\nEvery command takes --config FILE (default yimen.yaml).\n");
    return 2;
}

/// Poco's application gives the process its frame (working directory, --daemon, --pidfile); the words are ours.
class Application final : public Poco::Util::ServerApplication {
protected:
    void defineOptions(Poco::Util::OptionSet&) override { stopOptionsProcessing(); }

    int main(const ArgVec& words) override {
        if (words.empty()) return usage();
        for (const auto& command : kCommands) {
            if (words.front() == command.name) return command.run({words.begin() + 1, words.end()});
        }
        std::fprintf(stderr, "error: no command '%s'\n", words.front().c_str());
        return usage();
    }
};

}  // namespace
}  // namespace yimen::main

int main(int argc, char** argv) {
    try {
        yimen::main::Application application;
        return application.run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "yimen: %s\n", error.what());
        return 1;
    }
}
