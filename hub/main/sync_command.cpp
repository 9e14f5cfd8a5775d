
#include <algorithm>
#include <cstdio>

#include "main/commands.h"
#include "main/data_side.h"
#include "main/foundation.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage =
    "sync run ITEM|SYSTEM|all [--full] [--confirm-removal RUN] | sync status [ITEM] | sync dead [ITEM]"
    "   [--config FILE]";
constexpr std::size_t kStatusRuns = 20;

/// Foundation and data side of one command. A hub that runs keeps the vault; everything else works beside it.
struct Opened {
    std::unique_ptr<Foundation> base;
    std::unique_ptr<DataSide> data;
};

core::Result<Opened> open(const Arguments& arguments) {
    const std::string file = arguments.option("config", kDefaultConfig);
    Opened out;
    auto whole = Foundation::open(file);
    vault::Vault* vault = nullptr;
    if (whole.ok()) {
        out.base = std::move(whole).value();
        vault = out.base->vault.get();
    } else {
        YIMEN_TRY(out.base, Foundation::look(file));
        YIMEN_TRY(out.base->keys, loadKeys(*out.base->config, false, out.base->random, out.base->clock));
    }
    YIMEN_TRY(out.data,
              DataSide::open({out.base->config, out.base->clock, out.base->random, out.base->keys, vault, {}}));
    return out;
}

std::vector<ItemPlace> chosen(const DataSide& data, const std::string& word) {
    std::vector<ItemPlace> out;
    for (const auto& system : data.systems()) {
        for (const auto& item : system.items) {
            if (word == "all" || word == system.system || word == item.table.code) out.push_back({&system, &item});
        }
    }
    return out;
}

void print(const sync::Run& run) {
    const sync::Counters& c = run.counters;
    std::printf(
        "%-12s run %-5lld %-10s read %llu = inserted %llu + updated %llu + unchanged %llu + rejected %llu + "
        "deduped %llu + deleted %llu; removed %llu%s\n",
        run.item.c_str(), static_cast<long long>(run.id), std::string(toString(run.state)).c_str(),
        static_cast<unsigned long long>(c.read), static_cast<unsigned long long>(c.inserted),
        static_cast<unsigned long long>(c.updated), static_cast<unsigned long long>(c.unchanged),
        static_cast<unsigned long long>(c.rejected), static_cast<unsigned long long>(c.deduped),
        static_cast<unsigned long long>(c.deleted), static_cast<unsigned long long>(c.removed),
        c.balanced() ? "" : "  NOT BALANCED");
    if (!run.error.empty()) std::printf("             %s\n", run.error.c_str());
    if (run.removal && run.removal->refused) {
        std::printf(
            "             %llu of %llu records are gone at the source: nothing was removed. Look, then confirm:\n"
            "             yimen sync run %s --full --confirm-removal %lld\n",
            static_cast<unsigned long long>(run.removal->unseen), static_cast<unsigned long long>(run.removal->before),
            run.item.c_str(), static_cast<long long>(run.id));
    }
}

int run(Opened& opened, const Arguments& arguments) {
    const std::string& word = arguments.rest()[1];
    const auto items = chosen(*opened.data, word);
    if (items.empty()) {
        const auto place = opened.data->find(word);
        return failed(place.ok() ? core::makeError(core::ErrorCode::kNotFound, "nothing to run") : place.error());
    }
    sync::RunOptions options;
    options.mode = arguments.flag("full") ? sync::ReadMode::kFull : sync::ReadMode::kIncremental;
    const std::string confirmed = arguments.option("confirm-removal");
    if (!confirmed.empty()) options.confirmedRemoval = std::atoll(confirmed.c_str());
    int worst = 0;
    for (const ItemPlace& place : items) {
        sync::Progress progress;
        const auto done = opened.data->runner().run(*place.system, *place.item, options, progress);
        if (!done.ok()) {
            worst = failed(done.error());
            continue;
        }
        print(*done);
        if (done->state == sync::RunState::kFailed || done->state == sync::RunState::kRetrying) worst = 1;
    }
    return worst;
}

int status(Opened& opened, const std::string& item) {
    const auto runs = opened.data->shared().runs->list(item, item.empty() ? 10'000 : kStatusRuns);
    if (!runs.ok()) return failed(runs.error());
    std::vector<std::string> shown;
    for (const sync::Run& one : *runs) {
        if (item.empty() && std::find(shown.begin(), shown.end(), one.item) != shown.end()) continue;
        shown.push_back(one.item);
        print(one);
    }
    if (runs->empty()) std::printf("no run yet\n");
    return 0;
}

int dead(Opened& opened, const std::string& item) {
    const auto groups = opened.data->shared().deadLetters->groups();
    if (!groups.ok()) return failed(groups.error());
    for (const auto& group : *groups) {
        if (!item.empty() && group.item != item) continue;
        std::printf("%-12s %-12s %-20s %llu open, for example %lld\n", group.item.c_str(), group.rule.c_str(),
                    group.field.c_str(), static_cast<unsigned long long>(group.open),
                    static_cast<long long>(group.sample));
    }
    return 0;
}

}  // namespace

int runSync(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config", "confirm-removal"}, {"full"});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    const auto& rest = arguments->rest();
    const std::string what = rest.empty() ? "" : rest[0];
    const bool fits = (what == "run" && rest.size() == 2) || ((what == "status" || what == "dead") && rest.size() <= 2);
    if (!fits) return misused(core::makeError(core::ErrorCode::kInvalidInput, "these words do not fit"), kUsage);
    auto opened = open(*arguments);
    if (!opened.ok()) return failed(opened.error());
    if (what == "run") return run(*opened, *arguments);
    const std::string item = rest.size() == 2 ? rest[1] : "";
    return what == "status" ? status(*opened, item) : dead(*opened, item);
}

}  // namespace yimen::main
