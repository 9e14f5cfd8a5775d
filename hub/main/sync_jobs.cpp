#include <algorithm>
#include <cstdio>
#include <optional>

#include "core/time_format.h"
#include "main/sync_commands.h"

namespace yimen::main {

core::Result<SyncOpened> openSync(const Arguments& arguments) {
    const std::string file = arguments.option("config", kDefaultConfig);
    SyncOpened out;
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

core::Status account(const SyncOpened& opened, audit::AuditEvent event, const char* instead) {
    if (!opened.base->audit) {
        return core::makeError(core::ErrorCode::kConflict,
                               std::string("a hub is running on this data and writes its audit log: ") + instead +
                                   ", or stop the hub first");
    }
    event.actor = "command-line";
    return opened.base->audit->appendAndWait(std::move(event));
}

namespace {

constexpr std::size_t kRunsLookedAt = 50;

std::string moment(std::int64_t ms) {
    return ms == 0 ? "-" : core::formatUtc(core::fromUnixMicros(ms * 1000));
}

/// Does something with the job of an item and says what came of it.
int withJob(SyncOpened& opened, const Arguments& arguments, const char* done,
            core::Status (*carryOut)(sync::JobBoard&, const std::string&)) {
    const std::string& code = arguments.rest()[1];
    if (const auto place = opened.data->find(code); !place.ok()) return failed(place.error());
    const core::Status status = carryOut(*opened.data->shared().board, code);
    if (!status.ok() && status.error().code == core::ErrorCode::kNotFound) {
        return failed(core::makeError(core::ErrorCode::kNotFound,
                                      "there is no job for " + code +
                                          " yet: start the hub once (yimen serve), it declares the jobs; or run the "
                                          "item here (yimen sync run " +
                                          code + ")"));
    }
    if (!status.ok()) return failed(status.error());
    std::printf("%s %s\n", code.c_str(), done);
    return 0;
}

std::string scheduleOf(const sync::Schedule& schedule) {
    std::string out = "by hand only";
    if (!schedule.cron.empty()) out = "cron " + schedule.cron;
    if (schedule.cron.empty() && schedule.every.count() > 0) {
        out = "every " + std::to_string(schedule.every.count() / 1000) + " s after a run";
    }
    return out + (schedule.workingDays ? ", on working days" : "");
}

/// Why the job will run next, or will not.
std::string verdict(const sync::Job& job, std::int64_t now) {
    if (job.leaseUntil > now) return "runs now on " + job.owner + ", whose lease ends " + moment(job.leaseUntil);
    if (!job.owner.empty()) {
        return job.owner + " held it and is gone since " + moment(job.leaseUntil) + ": the next node takes it over";
    }
    if (job.paused) return "paused: yimen sync resume " + job.item;
    if (job.nextRun == 0) return "nothing is due: yimen sync retry " + job.item;
    if (job.nextRun > now) return "waits for its time, " + moment(job.nextRun);
    return "is due since " + moment(job.nextRun) + ": a hub with a free worker takes it";
}

void printRun(const sync::Run& run) {
    std::printf("  %-12s run %lld (%s, %s) began %s, ended %s%s\n", std::string(toString(run.state)).c_str(),
                static_cast<long long>(run.id), std::string(toString(run.kind)).c_str(),
                run.mode == sync::ReadMode::kFull ? "complete" : "changes", moment(run.startedAt).c_str(),
                moment(run.endedAt).c_str(),
                run.state == sync::RunState::kRetrying ? ": goes on from its checkpoint" : "");
    if (!run.error.empty()) std::printf("               %s\n", run.error.c_str());
    if (run.removal && run.removal->refused) {
        std::printf(
            "  guard        held back the removal of %llu of %llu records: look at the source, then\n"
            "               yimen sync run %s --full --confirm-removal %lld\n",
            static_cast<unsigned long long>(run.removal->unseen), static_cast<unsigned long long>(run.removal->before),
            run.item.c_str(), static_cast<long long>(run.id));
    }
}

}  // namespace

int syncPause(SyncOpened& opened, const Arguments& arguments) {
    return withJob(opened, arguments, "is paused; what runs goes on to its end",
                   [](sync::JobBoard& board, const std::string& item) { return board.pause(item, true); });
}

int syncResume(SyncOpened& opened, const Arguments& arguments) {
    return withJob(opened, arguments, "runs by its schedule again",
                   [](sync::JobBoard& board, const std::string& item) { return board.pause(item, false); });
}

int syncCancel(SyncOpened& opened, const Arguments& arguments) {
    return withJob(opened, arguments, "is told to stop; what is committed stays",
                   [](sync::JobBoard& board, const std::string& item) { return board.cancel(item); });
}

int syncRetry(SyncOpened& opened, const Arguments& arguments) {
    const bool full = arguments.flag("full");
    return withJob(
        opened, arguments, full ? "is due now, completely" : "is due now",
        full ? [](sync::JobBoard& board, const std::string& item) { return board.runNow(item, true); }
             : [](sync::JobBoard& board, const std::string& item) { return board.runNow(item, false); });
}

int syncExplain(SyncOpened& opened, const Arguments& arguments) {
    const std::string& code = arguments.rest()[1];
    const auto place = opened.data->find(code);
    if (!place.ok()) return failed(place.error());
    const auto jobs = opened.data->shared().board->list();
    if (!jobs.ok()) return failed(jobs.error());
    const auto runs = opened.data->shared().runs->list(code, kRunsLookedAt);
    if (!runs.ok()) return failed(runs.error());
    const auto groups = opened.data->shared().deadLetters->groups();
    if (!groups.ok()) return failed(groups.error());
    std::printf("%s  %s\n  source       %s\n  schedule     %s\n", code.c_str(), place->item->table.title.c_str(),
                place->system->sourceKind.empty()
                    ? ("none: this site has no " + place->system->system + ".yaml in sync.sources").c_str()
                    : (place->system->system + " by " + place->system->sourceKind).c_str(),
                scheduleOf(place->item->schedule).c_str());
    const auto job = std::find_if(jobs->begin(), jobs->end(),
                                  [&](const sync::Job& one) { return one.item == code && !one.backfill; });
    if (job == jobs->end()) {
        std::printf("  job          none: a hub declares it when it starts and reaches the source\n");
    } else {
        std::printf("  job          %s\n", verdict(*job, core::toUnixMicros(opened.base->clock.wall()) / 1000).c_str());
        if (job->paused && job->leaseUntil > 0) std::printf("               paused after this run\n");
        if (job->failures > 0) {
            std::printf("               %lld runs in a row failed: each waits longer, an hour at most\n",
                        static_cast<long long>(job->failures));
        }
    }
    std::uint64_t open = 0;
    for (const auto& group : *groups) open += group.item == code ? group.open : 0;
    if (open > 0) {
        std::printf("  dead letters %llu open: yimen sync dead %s\n", static_cast<unsigned long long>(open),
                    code.c_str());
    }
    if (runs->empty()) std::printf("  runs         none yet\n");
    std::vector<sync::RunKind> shown;
    for (const sync::Run& run : *runs) {  // the newest of each kind
        if (std::find(shown.begin(), shown.end(), run.kind) != shown.end()) continue;
        shown.push_back(run.kind);
        printRun(run);
    }
    return 0;
}

}  // namespace yimen::main
