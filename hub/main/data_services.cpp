#include "main/data_services.h"

#include <utility>

#include "admin/api.h"
#include "core/log.h"

namespace yimen::main {

namespace {

/// What was opened; null and a line in the log when it could not be.
template <typename T>
std::unique_ptr<T> orWithout(core::Result<std::unique_ptr<T>> opened, const char* event) {
    if (opened.ok()) return std::move(opened).value();
    core::logError(event, {{"what", opened.error().message}});
    return nullptr;
}

}  // namespace

DataServices::DataServices(Foundation& base, std::chrono::minutes utcOffset)
    : sync_(orWithout(SyncService::start({base.config, base.clock, base.random, base.keys, base.vault.get(), {}}),
                      "sync.unavailable")) {
    if (!sync_) return;
    shares_ = orWithout(ShareSide::open(base, *sync_, utcOffset), "share.unavailable");
    checks_ = orWithout(CheckSide::open(base, *sync_), "check.unavailable");
    mappingTrial_ = std::make_unique<MappingTrial>(sync_->data());
    events_ = std::make_unique<admin::SyncEvents>([this] { return sync_->running(); });
}

core::Status DataServices::mount(http::Router& router, const web::WebContext& context) {
    if (!sync_) return {};
    YIMEN_TRY_STATUS(admin::mountData(router, context, *sync_));
    YIMEN_TRY_STATUS(admin::mountMapping(router, context, *mappingTrial_));
    YIMEN_TRY_STATUS(admin::mountSyncEvents(router, context, *events_));
    if (shares_) {
        YIMEN_TRY_STATUS(admin::mountShareOffers(router, context, shares_->desk()));
        YIMEN_TRY_STATUS(admin::mountShares(router, context, shares_->desk()));
        YIMEN_TRY_STATUS(admin::mountShareRows(router, context, shares_->desk()));
        YIMEN_TRY_STATUS(admin::mountSharePush(router, context, shares_->desk()));
    }
    if (checks_) {
        YIMEN_TRY_STATUS(admin::mountChecks(router, context, checks_->desk()));
        YIMEN_TRY_STATUS(admin::mountLineage(router, context, checks_->lineage()));
    }
    return {};
}

core::Result<Systems> DataServices::read(const config::Snapshot& config) const {
    if (!sync_) return Systems();
    return DataSide::readSystems(config);
}

core::Status DataServices::use(Systems systems) {
    return sync_ ? sync_->use(std::move(systems)) : core::Status();
}

void DataServices::stopEvents() {
    if (events_) events_->stop();
}

}  // namespace yimen::main
