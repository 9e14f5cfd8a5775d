#include "main/share_side.h"

#include <utility>

#include "core/log.h"

namespace yimen::main {

namespace {

constexpr std::chrono::seconds kSendStep{1};

std::vector<core::Url> originsOf(const config::Snapshot& config) {
    std::vector<core::Url> out;
    for (const std::string& text : config.sync.pushTo) {
        if (auto url = core::Url::parse(text); url.ok()) out.push_back(std::move(*url));
    }
    return out;
}

std::function<std::shared_ptr<http::HttpClient>(const core::Url&)> clientOf(const core::Clock& clock) {
    return [&clock](const core::Url& url) {
        http::ClientConfig config;
        config.origins = {url};
        return std::make_shared<http::CurlClient>(std::move(config), clock);
    };
}

std::function<core::Status(const catalog::Contract&, std::int64_t, std::size_t)> auditOf(audit::AuditSink& sink) {
    return [&sink](const catalog::Contract& contract, std::int64_t number, std::size_t rows) {
        audit::AuditEvent event;
        event.type = "share.pushed";
        event.actor = "hub";
        event.subject = "share:" + std::to_string(contract.record.id);
        event.fields = {{"item", contract.record.item},
                        {"unit", contract.record.unit},
                        {"purpose", contract.record.purpose},
                        {"batch", std::to_string(number)},
                        {"rows", std::to_string(rows)}};
        return sink.appendAndWait(std::move(event));
    };
}

}  // namespace

ShareSide::ShareSide(Key, Foundation& base, SyncService& sync, catalog::Owners owners, std::chrono::minutes utcOffset)
    : owners_(std::move(owners)),
      units_(*base.directory, base.clock, utcOffset),
      service_({*base.stores.shares, sync.catalog(), [&sync](const std::string& code) { return sync.spec(code); },
                owners_, units_, base.clock}),
      reader_({*base.stores.shares, *base.stores.shareAccess,
               [&sync](const std::string& code) { return sync.spec(code); }, *sync.shared().view, units_, base.clock,
               base.random, *base.tickets, catalog::ShareMasks(base.keys->deriveActive("share_masks")), utcOffset}),
      tokens_(*base.stores.shareAccess, base.clock, base.random),
      pushes_({*base.stores.sharePushes, reader_, base.keys, base.clock, originsOf(*base.config), clientOf(base.clock),
               auditOf(*base.audit)}),
      desk_{sync.catalog(), service_, reader_, tokens_, &pushes_},
      sender_([this] { send(); }) {}

ShareSide::~ShareSide() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    sender_.join();
}

void ShareSide::send() {
    std::unique_lock lock(mutex_);
    bool more = false;
    while (!stopping_) {
        if (!more) wake_.wait_for(lock, kSendStep, [this] { return stopping_; });
        if (stopping_) return;
        lock.unlock();
        const auto done = pushes_.turn();
        if (!done.ok()) core::logWarn("share.push.failed", {{"what", done.error().message}});
        more = done.ok() && *done;
        lock.lock();
    }
}

core::Result<std::unique_ptr<ShareSide>> ShareSide::open(Foundation& base, SyncService& sync,
                                                         std::chrono::minutes utcOffset) {
    YIMEN_TRY(auto owners, catalog::Owners::load(base.config->policiesDir + "/catalog/owners.yaml"));
    return std::make_unique<ShareSide>(Key{}, base, sync, std::move(owners), utcOffset);
}

}  // namespace yimen::main
