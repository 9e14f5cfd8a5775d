#include "main/publish_side.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "core/log.h"
#include "sync/mapping/field_spec.h"

namespace yimen::main {

namespace {

using core::ErrorCode;
using core::Result;

constexpr std::chrono::milliseconds kLook{200};

Result<SinkSpec> readSink(const std::string& file, const std::set<std::string>& known) {
    YIMEN_TRY(const auto document, config::YamlDocument::load(file));
    config::YamlErrors errors;
    config::MapReader reader(document.root(), errors);
    SinkSpec out{.name = std::filesystem::path(file).stem().string(),
                 .kind = reader.requireText("kind"),
                 .items = reader.texts("items"),
                 .personal = reader.boolean("personal", false),
                 .sink = reader.require("sink").value_or(document.root())};
    if (out.items.empty()) reader.complain("items", "name the items that go there: [ZS-SQ-013, ...]");
    for (const std::string& item : out.items) {
        if (!known.contains(item)) reader.complain("items", "no data.yaml supplies '" + item + "': yimen item list");
    }
    reader.finish();
    YIMEN_TRY_STATUS(errors.status());
    return out;
}

/// The fields that may go: all, or those that are not marked personal.
Result<plugin::PublishedItem> allowedFields(const sync::ItemSpec& item, const SinkSpec& sink) {
    plugin::PublishedItem out{item.table, {}};
    config::YamlErrors errors;
    const auto fields = sync::mapping::readFields(item.fields, !item.scriptName.empty(), errors);
    YIMEN_TRY_STATUS(errors.status());
    for (std::size_t i = 0; i < item.table.schema.fields.size(); ++i) {
        const bool personal = i < fields.size() && fields[i].personal != sync::mapping::Personal::kNone &&
                              fields[i].mask == sync::mapping::MaskKind::kNone;
        if (!personal || sink.personal) {
            out.fields.push_back(i);
        } else if (item.table.schema.fields[i].key) {
            return core::makeError(ErrorCode::kDenied, "主键含个人信息 / the key of " + item.table.code +
                                                           " is personal (" + item.table.schema.fields[i].name +
                                                           "): mask it by keyed_hash, or write personal: "
                                                           "true in " +
                                                           sink.name + ".yaml when that is allowed");
        }
    }
    return out;
}

}  // namespace

Result<std::vector<SinkSpec>> PublishSide::read(const config::Snapshot& config,
                                                const std::vector<sync::SystemData>& systems) {
    std::vector<SinkSpec> out;
    if (config.sync.sinks.empty()) return out;
    std::set<std::string> known;
    for (const auto& system : systems) {
        for (const auto& item : system.items) known.insert(item.table.code);
    }
    std::vector<std::string> files;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(config.sync.sinks, failure), end; !failure && at != end;
         at.increment(failure)) {
        if (at->path().extension() == ".yaml") files.push_back(at->path().string());
    }
    if (failure) {
        return core::makeError(ErrorCode::kUnavailable, "cannot read " + config.sync.sinks + " (sync.sinks)",
                               failure.message());
    }
    std::sort(files.begin(), files.end());
    std::string faults;
    for (const std::string& file : files) {
        auto spec = readSink(file, known);
        if (spec.ok()) {
            out.push_back(std::move(spec).value());
        } else {
            faults += (faults.empty() ? "" : "\n") + spec.error().message;
        }
    }
    if (!faults.empty()) return core::makeError(ErrorCode::kInvalidInput, std::move(faults));
    return out;
}

Result<std::unique_ptr<PublishSide>> PublishSide::open(Parts parts, std::vector<SinkSpec> specs,
                                                       const plugin::Registry& plugins) {
    auto out = std::make_unique<PublishSide>(Key{}, std::move(parts));
    for (SinkSpec& spec : specs) {
        YIMEN_TRY(auto library, plugins.find(spec.kind, "sink"));
        YIMEN_TRY(auto sink, plugin::PluginSink::make(std::move(library),
                                                      {{{"sink", spec.sink}}, out->parts_.secrets, out->stopping_}));
        out->outlets_.push_back(std::make_unique<Outlet>(Outlet{std::move(spec), std::move(sink), 0, {}}));
    }
    return out;
}

bool PublishSide::wants(const std::string& item) const {
    return std::any_of(outlets_.begin(), outlets_.end(), [&](const auto& one) {
        return std::find(one->spec.items.begin(), one->spec.items.end(), item) != one->spec.items.end();
    });
}

Result<plugin::Published> PublishSide::give(Outlet& outlet, const sync::ItemSpec& item, sync::RunId run) {
    YIMEN_TRY(const auto what, allowedFields(item, outlet.spec));
    return plugin::Publisher(parts_.view).publish(*outlet.sink, what, run, [this] { return stopping_->load(); });
}

bool PublishSide::isDue(const Outlet& outlet) {
    const std::lock_guard lock(mutex_);
    return parts_.clock.mono() >= outlet.nextTry;
}

void PublishSide::note(Outlet& outlet, bool failed) {
    const std::lock_guard lock(mutex_);
    outlet.failures = failed ? std::min<std::int64_t>(outlet.failures + 1, 10) : 0;
    outlet.nextTry = failed ? parts_.clock.mono() + std::min<std::chrono::seconds>(
                                                        kFirstWait * (std::int64_t{1} << outlet.failures), kLongestWait)
                            : core::MonoTime{};
}

Result<plugin::Published> PublishSide::publish(const sync::ItemSpec& item, sync::RunId run) {
    plugin::Published all;
    std::optional<core::Error> failed;
    for (const auto& outlet : outlets_) {
        const auto& items = outlet->spec.items;
        if (std::find(items.begin(), items.end(), item.table.code) == items.end() || !isDue(*outlet)) continue;
        const auto done = give(*outlet, item, run);
        // Another hub that has taken the item over is no fault of the sink.
        note(*outlet, !done.ok() && done.error().code != ErrorCode::kConflict);
        if (!done.ok()) {
            core::logError("sync.publish.failed",
                           {{"item", item.table.code}, {"sink", outlet->spec.name}, {"what", done.error().message}});
            failed = failed.value_or(done.error());
            continue;
        }
        all.written += done->written;
        all.deleted += done->deleted;
        all.commits += done->commits;
    }
    if (failed) return *failed;
    return all;
}

void PublishSide::waitUntilSettled(std::int64_t moment) {
    const auto until = parts_.clock.mono() + kSettle;
    std::unique_lock lock(mutex_);
    while (!stopping_->load() && parts_.clock.mono() < until) {
        lock.unlock();
        const auto settled = parts_.view.settled();
        lock.lock();
        if (!settled.ok() || *settled >= moment) return;
        wake_.wait_for(lock, kLook, [this] { return stopping_->load(); });
    }
}

void PublishSide::afterRun(const sync::ItemSpec& item, const sync::Run& run) {
    if (!wants(item.table.code)) return;
    const sync::Counters& c = run.counters;
    if (c.inserted + c.updated + c.deleted + c.removed > 0) waitUntilSettled(run.endedAt);
    if (stopping_->load()) return;
    const auto done = publish(item, run.id);
    if (done.ok() && done->written + done->deleted > 0) {
        core::logInfo("sync.published", {{"item", item.table.code},
                                         {"run", run.id},
                                         {"written", static_cast<std::int64_t>(done->written)},
                                         {"deleted", static_cast<std::int64_t>(done->deleted)}});
    }
}

void PublishSide::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_->store(true);
    }
    wake_.notify_all();
}

}  // namespace yimen::main
