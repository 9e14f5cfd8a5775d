#include "adapter/catalog.h"

#include <algorithm>
#include <filesystem>

#include "adapter/engine_base.h"
#include "core/bytes.h"
#include "core/file.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using core::makeError;

constexpr std::size_t kMaxAdapterFile = std::size_t{1} << 20U;

std::shared_ptr<http::HttpClient> defaultClient(const Manifest& manifest, const SystemSettings& settings,
                                                const core::Clock& clock) {
    http::ClientConfig config;
    config.origins = manifest.origin.servers;
    config.caFile = settings.caFile;
    config.pinnedKey = settings.pinnedKey;
    return std::make_shared<http::CurlClient>(std::move(config), clock);
}

core::Result<std::shared_ptr<const SystemAdapter>> loadAdapter(const std::string& folder,
                                                               const CatalogOptions& options) {
    YIMEN_TRY(auto read, Manifest::load(folder));
    const auto found = options.systems.find(read.id);
    const SystemSettings settings = found == options.systems.end() ? SystemSettings() : found->second;
    if (!settings.origins.empty()) read.origin.servers = settings.origins;
    if (read.origin.servers.empty()) {
        return makeError(ErrorCode::kInvalidInput,
                         folder + "/adapter.yaml: no server: set origin.servers there or systems." + read.id +
                             ".origins in the configuration");
    }
    const auto manifest = std::make_shared<const Manifest>(std::move(read));
    YIMEN_TRY(auto engine, makeEngine(manifest));
    std::shared_ptr<const TrafficHook> hook;
    if (!manifest->traffic.script.empty()) {
        YIMEN_TRY(hook, TrafficHook::load(folder, manifest->traffic));
    }
    auto client =
        options.clients ? options.clients(*manifest, settings) : defaultClient(*manifest, settings, *options.clock);
    return std::make_shared<const SystemAdapter>(manifest, std::move(engine), std::move(client), *options.clock,
                                                 std::move(hook));
}

/// Everything an adapter is made of: its manifest, its scripts and what the configuration says about it.
std::string fingerprintOf(const fs::path& folder, const CatalogOptions& options) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        if (at->path().filename() == "adapter.yaml" || at->path().extension() == ".lua") files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    std::string all;
    const auto add = [&](std::string_view part) { all.append(std::to_string(part.size())).append(":").append(part); };
    for (const auto& file : files) {
        const auto text = core::readFile(file.string(), kMaxAdapterFile);
        if (!text.ok()) return {};
        add(file.filename().string());
        add(*text);
    }
    if (const auto found = options.systems.find(folder.filename().string()); found != options.systems.end()) {
        for (const auto& origin : found->second.origins) add(origin.origin());
        add(found->second.caFile);
        add(found->second.pinnedKey);
    }
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(all)));
}

core::Result<std::vector<fs::path>> listFolders(const std::string& folder) {
    std::error_code failure;
    std::vector<fs::path> out;
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code ignored;
        if (fs::is_regular_file(at->path() / "adapter.yaml", ignored)) out.push_back(at->path());
    }
    if (failure) {
        return makeError(ErrorCode::kUnavailable,
                         "adapters cannot be read from '" + folder + "': " + failure.message());
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool isEnabled(const CatalogOptions& options, const std::string& id) {
    const auto found = options.systems.find(id);
    return found == options.systems.end() || found->second.enabled;
}

}  // namespace

core::Result<std::shared_ptr<const Catalog>> Catalog::load(const CatalogOptions& options) {
    return reload(Catalog(), options);
}

core::Result<std::shared_ptr<const Catalog>> Catalog::reload(const Catalog& before, const CatalogOptions& options) {
    YIMEN_CHECK(options.clock != nullptr);
    YIMEN_TRY(const auto folders, listFolders(options.folder));
    auto catalog = std::make_shared<Catalog>();
    for (const auto& folder : folders) {
        const std::string id = folder.filename().string();
        if (!isEnabled(options, id)) continue;
        const std::string fingerprint = fingerprintOf(folder, options);
        auto old = before.find(id);
        if (const auto known = before.fingerprints_.find(id);
            old && !fingerprint.empty() && known != before.fingerprints_.end() && known->second == fingerprint) {
            // Unchanged: the people who are signed on there stay signed on.
            catalog->systems_.emplace(id, std::move(old));
            catalog->fingerprints_.emplace(id, fingerprint);
            continue;
        }
        auto loaded = loadAdapter(folder.string(), options);
        if (loaded.ok()) {
            catalog->systems_.emplace(id, std::move(loaded).value());
            catalog->fingerprints_.emplace(id, fingerprint);
            continue;
        }
        catalog->refused_.push_back({id, folder.string(), loaded.error()});
        if (old) catalog->systems_.emplace(id, std::move(old));
    }
    return std::shared_ptr<const Catalog>(std::move(catalog));
}

core::Result<std::shared_ptr<const Catalog>> Catalog::reloadOne(const Catalog& before, const CatalogOptions& options,
                                                                const std::string& id) {
    YIMEN_CHECK(options.clock != nullptr);
    const bool plain = !id.empty() && id.find('/') == std::string::npos && id.front() != '.';
    if (!plain) return makeError(ErrorCode::kInvalidInput, "not the id of a system");
    const fs::path folder = fs::path(options.folder) / id;
    YIMEN_TRY(auto loaded, loadAdapter(folder.string(), options));
    auto catalog = std::make_shared<Catalog>(before);
    catalog->fingerprints_[id] = fingerprintOf(folder, options);
    catalog->systems_.insert_or_assign(id, std::move(loaded));
    std::erase_if(catalog->refused_, [&](const RefusedAdapter& refused) { return refused.id == id; });
    return std::shared_ptr<const Catalog>(std::move(catalog));
}

std::shared_ptr<const SystemAdapter> Catalog::find(std::string_view id) const {
    const auto found = systems_.find(id);
    return found == systems_.end() ? nullptr : found->second;
}

}  // namespace yimen::adapter
