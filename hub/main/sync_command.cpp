
#include <algorithm>
#include <array>
#include <cstdio>

#include "main/sync_commands.h"
#include "sync/runner/range_reader.h"
#include "sync/targets/cells.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage =
    "sync run ITEM|SYSTEM|all [--full] [--confirm-removal RUN] | sync status [ITEM] | sync dead [ITEM] | "
    "sync publish ITEM|SYSTEM|all | sync backfill ITEM --from A --to B [--by COLUMN] | sync replay ITEM [--dry-run] "
    "[--cause RULE[:FIELD]] | "
    "sync pause|resume|cancel|retry|explain ITEM   [--config FILE]";
constexpr std::size_t kStatusRuns = 20;

std::vector<ItemPlace> chosen(const DataSide& data, const std::string& word) {
    std::vector<ItemPlace> out;
    const auto systems = data.systems();
    for (const auto& system : *systems) {
        for (const auto& item : system.items) {
            if (word == "all" || word == system.system || word == item.table.code)
                out.push_back({systems, &system, &item});
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

/// Nothing is removed against a guard that nobody answers for.
core::Status accountForRemoval(const SyncOpened& opened, const ItemPlace& place, sync::RunId confirmed) {
    audit::AuditEvent event;
    event.type = "sync.removal.confirm";
    event.subject = "item:" + place.item->table.code;
    event.fields = {{"item", place.item->table.code}, {"run", std::to_string(confirmed)}};
    return account(opened, std::move(event), "confirm on the page of the run (POST /api/v1/sync/runs/RUN/removal)");
}

int run(SyncOpened& opened, const Arguments& arguments) {
    const std::string& word = arguments.rest()[1];
    const auto items = chosen(*opened.data, word);
    if (items.empty()) {
        const auto place = opened.data->find(word);
        return failed(place.ok() ? core::makeError(core::ErrorCode::kNotFound, "nothing to run") : place.error());
    }
    sync::RunOptions options;
    options.mode = arguments.flag("full") ? sync::ReadMode::kFull : sync::ReadMode::kIncremental;
    if (const std::string confirmed = arguments.option("confirm-removal"); !confirmed.empty()) {
        options.confirmedRemoval = sync::integerOf(confirmed);
        if (!options.confirmedRemoval) {
            return misused(core::makeError(core::ErrorCode::kInvalidInput,
                                           "--confirm-removal needs the number of the run that was held back, not '" +
                                               confirmed + "'"),
                           kUsage);
        }
    }
    int worst = 0;
    for (const ItemPlace& place : items) {
        sync::Progress progress;
        if (options.confirmedRemoval) {
            const auto noted = accountForRemoval(opened, place, *options.confirmedRemoval);
            if (!noted.ok()) return failed(noted.error());
        }
        const auto done = opened.data->runner().run(*place.system, *place.item, options, progress);
        if (!done.ok()) {
            worst = failed(done.error());
            continue;
        }
        print(*done);
        opened.data->publishing().afterRun(*place.item, *done);
        if (done->state == sync::RunState::kFailed || done->state == sync::RunState::kRetrying) worst = 1;
    }
    return worst;
}

/// What the sinks do not have yet, without a run: after one was away, or when an item was added to one.
int publish(SyncOpened& opened, const Arguments& arguments) {
    const std::string& word = arguments.rest()[1];
    int worst = 0;
    std::size_t found = 0;
    for (const ItemPlace& place : chosen(*opened.data, word)) {
        const std::string& code = place.item->table.code;
        if (!opened.data->publishing().wants(code)) continue;
        ++found;
        const auto done = opened.data->publishing().publish(*place.item, 0);
        if (!done.ok()) {
            worst = failed(done.error());
            continue;
        }
        std::printf("%-12s written %llu, deleted %llu\n", code.c_str(), static_cast<unsigned long long>(done->written),
                    static_cast<unsigned long long>(done->deleted));
    }
    if (found > 0) return worst;
    return failed(core::makeError(core::ErrorCode::kNotFound, "no sink gets " + word +
                                                                  ": write a NAME.yaml in the folder sync.sinks "
                                                                  "(adapters/DATA.md, Publishing)"));
}

int backfill(SyncOpened& opened, const Arguments& arguments) {
    const auto place = opened.data->find(arguments.rest()[1]);
    if (!place.ok()) return failed(place.error());
    sync::Range range{arguments.option("by", sync::rangeColumn(*place->item)), arguments.option("from"),
                      arguments.option("to")};
    if (range.column.empty() || (range.from.empty() && range.to.empty())) {
        return misused(core::makeError(core::ErrorCode::kInvalidInput,
                                       "a backfill needs --from or --to, and --by COLUMN where the item has neither a "
                                       "watermark nor a key of one column"),
                       kUsage);
    }
    sync::RunOptions options;
    options.backfill = std::move(range);
    sync::Progress progress;
    const auto done = opened.data->runner().run(*place->system, *place->item, options, progress);
    if (!done.ok()) return failed(done.error());
    print(*done);
    return done->state == sync::RunState::kFailed || done->state == sync::RunState::kRetrying ? 1 : 0;
}

int status(SyncOpened& opened, const Arguments& arguments) {
    const std::string item = arguments.rest().size() == 2 ? arguments.rest()[1] : "";
    const auto runs = opened.data->shared().runs->list(item, item.empty() ? 10'000 : kStatusRuns);
    if (!runs.ok()) return failed(runs.error());
    if (runs->empty() && !item.empty()) {
        if (const auto place = opened.data->find(item); !place.ok()) return failed(place.error());
    }
    std::vector<std::string> shown;
    for (const sync::Run& one : *runs) {
        if (item.empty() && std::find(shown.begin(), shown.end(), one.item) != shown.end()) continue;
        shown.push_back(one.item);
        print(one);
    }
    if (runs->empty()) std::printf("no run yet\n");
    return 0;
}

}  // namespace

int runSync(const std::vector<std::string>& words) {
    const auto arguments =
        Arguments::parse(words, {"config", "confirm-removal", "cause", "from", "to", "by"}, {"full", "dry-run"});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    struct Word {
        std::string_view name;
        bool needsItem;
        int (*carryOut)(SyncOpened&, const Arguments&);
    };
    static constexpr std::array<Word, 11> kWords{{{"run", true, run},
                                                  {"backfill", true, backfill},
                                                  {"publish", true, publish},
                                                  {"status", false, status},
                                                  {"dead", false, syncDead},
                                                  {"replay", true, syncReplay},
                                                  {"pause", true, syncPause},
                                                  {"resume", true, syncResume},
                                                  {"cancel", true, syncCancel},
                                                  {"retry", true, syncRetry},
                                                  {"explain", true, syncExplain}}};
    const auto& rest = arguments->rest();
    const auto* const word = std::find_if(kWords.begin(), kWords.end(),
                                          [&](const Word& one) { return !rest.empty() && one.name == rest[0]; });
    if (word == kWords.end() || rest.size() > 2 || (word->needsItem && rest.size() != 2)) {
        return misused(core::makeError(core::ErrorCode::kInvalidInput, "these words do not fit"), kUsage);
    }
    auto opened = openSync(*arguments);
    return opened.ok() ? word->carryOut(*opened, *arguments) : failed(opened.error());
}

}  // namespace yimen::main
