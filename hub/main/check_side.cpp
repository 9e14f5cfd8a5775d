#include "main/check_side.h"

#include <map>
#include <utility>

#include "core/log.h"

namespace yimen::main {

namespace {

constexpr std::chrono::seconds kStep{20};

}  // namespace

CheckSide::CheckSide(Key, Foundation& base, SyncService& sync, std::vector<catalog::CheckSpec> checks)
    : base_(base),
      checks_(std::move(checks)),
      runner_({*sync.shared().inquirer, *base.stores.alerts,
               [&sync](const std::string& code) { return sync.spec(code); }, base.clock,
               catalog::ShareMasks(base.keys->deriveActive("share_masks"))}),
      desk_{checks_, runner_},
      lineage_{sync, checks_},
      watcher_([this] { watch(); }) {}

core::Result<std::unique_ptr<CheckSide>> CheckSide::open(Foundation& base, SyncService& sync) {
    YIMEN_TRY(auto checks, catalog::readChecks(base.config->policiesDir + "/checks"));
    return std::make_unique<CheckSide>(Key{}, base, sync, std::move(checks));
}

CheckSide::~CheckSide() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    watcher_.join();
}

void CheckSide::watch() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kStep, [this] { return stopping_; })) {
        lock.unlock();
        runDue();
        lock.lock();
    }
}

void CheckSide::runDue() {
    const auto runs = base_.stores.alerts->runs();
    if (!runs.ok()) return core::logError("check.failed", {{"what", runs.error().message}});
    std::map<std::string, std::int64_t> last;
    for (const auto& run : *runs) last[run.check] = core::toUnixMicros(run.at) / 1000;
    const std::int64_t now = core::toUnixMicros(base_.clock.wall()) / 1000;
    for (const catalog::CheckSpec& check : checks_) {
        const auto next = sync::nextRun(check.schedule, {}, last[check.name], 0);
        if (!next || now < *next || !runner_.missing(check).empty()) continue;
        const auto done = runner_.run(check);
        if (done.ok()) {
            core::logInfo("check.ended", {{"check", check.name}, {"found", done->found}, {"opened", done->opened}});
        } else {
            core::logWarn("check.failed", {{"check", check.name}, {"what", done.error().message}});
        }
    }
}

}  // namespace yimen::main
