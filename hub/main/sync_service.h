#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "admin/data_desk.h"
#include "main/data_side.h"
#include "sync/runner/scheduler.h"

namespace yimen::main {

/// The data side of a running hub: its items run by their schedules. Thread-safe once started; ending it ends the runs
/// under way after their commit.
class SyncService final : public admin::DataDesk {
    /// Only start() makes one.
    struct Key {};

public:
    SyncService(Key, std::unique_ptr<DataSide> data, sync::WorkingCalendar calendar, const core::Clock& clock)
        : data_(std::move(data)), calendar_(std::move(calendar)), clock_(clock) {}
    SyncService(const SyncService&) = delete;
    SyncService& operator=(const SyncService&) = delete;
    ~SyncService() override { data_->publishing().stop(); }

    /// kUnavailable when the shared database does not answer, kInvalidInput with every fault of the files.
    static core::Result<std::unique_ptr<SyncService>> start(DataSide::Dependencies dependencies);

    DataSide& data() noexcept { return *data_; }
    const catalog::Catalog& catalog() const override { return data_->catalog(); }
    sync::ItemSpecPtr spec(const std::string& code) const override;
    /// Other definitions in force: their jobs are made, those of items that are gone end. What runs goes on with the
    /// old.
    core::Status use(Systems systems);
    sync::SharedDatabase& shared() override { return data_->shared(); }
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> running() const override;
    bool act(const std::string& item, bool cancel) override;
    core::Result<sync::BackfillPlan> planBackfill(const std::string& item, const sync::Range& range) override;
    core::Result<sync::ReplayReport> replay(const std::string& item, const sync::ReplayWish& wish) override;

private:
    core::Status declareJobs();
    std::pair<sync::JobEnd, std::int64_t> run(const sync::JobLease& lease, sync::Progress& progress);

    std::unique_ptr<DataSide> data_;
    const sync::WorkingCalendar calendar_;
    const core::Clock& clock_;
    std::unique_ptr<sync::Scheduler> scheduler_;  ///< last: its threads use the rest
};

}  // namespace yimen::main
