#include "main/sync_service.h"

#include <unistd.h>

#include <array>

#include "core/log.h"

namespace yimen::main {

namespace {

std::int64_t nowMs(const core::Clock& clock) {
    return core::toUnixMicros(clock.wall()) / 1000;
}

/// This node and process, as other nodes see it beside a lease.
std::string nodeName() {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) return "hub/" + std::to_string(::getpid());
    return std::string(host.data()) + "/" + std::to_string(::getpid());
}

}  // namespace

core::Result<std::unique_ptr<SyncService>> SyncService::start(DataSide::Dependencies dependencies) {
    const auto config = dependencies.config;
    const core::Clock& clock = dependencies.clock;
    sync::WorkingCalendar calendar;
    if (!config->sync.calendar.empty()) {
        YIMEN_TRY(calendar, sync::WorkingCalendar::load(config->sync.calendar));
    }
    YIMEN_TRY(auto data, DataSide::open(std::move(dependencies)));
    auto service = std::make_unique<SyncService>(Key{}, std::move(data), std::move(calendar), clock);
    YIMEN_TRY_STATUS(service->declareJobs());
    sync::Scheduler::Settings settings;
    settings.owner = nodeName();
    settings.workers = config->sync.workers;
    SyncService* self = service.get();
    service->scheduler_ = std::make_unique<sync::Scheduler>(
        settings, sync::Scheduler::Dependencies{*service->shared().jobs, clock,
                                                [self](const sync::JobLease& lease, sync::Progress& progress) {
                                                    return self->run(lease, progress);
                                                }});
    return service;
}

core::Status SyncService::declareJobs() {
    std::vector<std::pair<std::string, std::int64_t>> jobs;
    const auto systems = data_->systems();
    for (const auto& system : *systems) {
        if (system.sourceKind.empty()) continue;
        for (const auto& item : system.items) {
            jobs.emplace_back(item.table.code, sync::nextRun(item.schedule, calendar_, nowMs(clock_), 0).value_or(0));
        }
    }
    return shared().board->declare(jobs);
}

sync::ItemSpecPtr SyncService::spec(const std::string& code) const {
    const auto place = data_->find(code);
    return place.ok() ? sync::ItemSpecPtr(place->all, place->item) : nullptr;
}

core::Status SyncService::use(Systems systems) {
    const auto before = data_->systems();
    data_->useSystems(std::make_shared<const Systems>(std::move(systems)));
    core::Status declared = declareJobs();
    if (!declared.ok()) data_->useSystems(before);
    return declared;
}

std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> SyncService::running() const {
    return scheduler_->running();
}

bool SyncService::act(const std::string& item, bool cancel) {
    if (cancel) return scheduler_->cancel(item);
    scheduler_->wake();
    return true;
}

core::Result<sync::ReplayReport> SyncService::replay(const std::string& item, const sync::ReplayWish& wish) {
    YIMEN_TRY(const ItemPlace place, data_->find(item));
    return data_->replayer().replay(*place.system, *place.item, wish);
}

core::Result<sync::BackfillPlan> SyncService::planBackfill(const std::string& item, const sync::Range& range) {
    YIMEN_TRY(const ItemPlace place, data_->find(item));
    YIMEN_TRY(const auto source, data_->source(*place.system, *place.item));
    return sync::planBackfill(*source, *place.item, range);
}

std::pair<sync::JobEnd, std::int64_t> SyncService::run(const sync::JobLease& lease, sync::Progress& progress) {
    const auto place = data_->find(lease.item);
    if (!place.ok()) return {sync::JobEnd::kFailed, 0};
    sync::RunOptions options;
    options.mode = lease.full ? sync::ReadMode::kFull : sync::ReadMode::kIncremental;
    options.confirmedRemoval = lease.confirmedRun;
    options.backfill = lease.backfill;
    const auto done = data_->runner().run(*place->system, *place->item, options, progress);
    const bool failed =
        !done.ok() || done->state == sync::RunState::kFailed || done->state == sync::RunState::kRetrying;
    if (!done.ok()) {
        core::logError("sync.run.failed", {{"item", lease.item}, {"what", done.error().message}});
    } else {
        core::logInfo("sync.run.ended", {{"item", lease.item},
                                         {"run", done->id},
                                         {"state", toString(done->state)},
                                         {"read", static_cast<std::int64_t>(done->counters.read)},
                                         {"rejected", static_cast<std::int64_t>(done->counters.rejected)}});
    }
    if (done.ok()) data_->publishing().afterRun(*place->item, *done);
    if (lease.backfill) return {failed ? sync::JobEnd::kFailed : sync::JobEnd::kDone, 0};
    const auto next = sync::nextRun(place->item->schedule, calendar_, nowMs(clock_), failed ? lease.failures + 1 : 0);
    return {failed ? sync::JobEnd::kFailed : sync::JobEnd::kDone, next.value_or(0)};
}

}  // namespace yimen::main
