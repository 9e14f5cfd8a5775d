#include "config/loader.h"

#include <cstdlib>
#include <filesystem>

#include "config/fields.h"
#include "config/sections.h"
#include "core/file.h"

namespace yimen::config {

namespace {

constexpr std::size_t kMaxSecretBytes = 65536;

void readFolders(MapReader& map, Snapshot& out, const std::string& base) {
    out.dataDir = map.requireText("data_dir");
    fields::path(map, "data_dir", out.dataDir, base);
    out.adaptersDir = fields::absolutePath("adapters", base);
    out.policiesDir = fields::absolutePath("policies", base);
    fields::path(map, "adapters_dir", out.adaptersDir, base);
    fields::path(map, "policies_dir", out.policiesDir, base);
    fields::path(map, "portal_dir", out.portalDir, base);
    out.keys = fields::secretReference(map, "keys", "file:" + out.dataDir + "/hub.keys", base);
}

void readSections(MapReader& map, Snapshot& out, const std::string& base) {
    sections::readServer(map, out.server, base);
    sections::read(map, "limits", out.limits);
    sections::read(map, "pools", out.pools);
    sections::read(map, "sessions", out.sessions);
    sections::read(map, "passwords", out.passwords);
    sections::read(map, "second_factor", out.secondFactor);
    sections::read(map, "throttle", out.throttle);
    sections::read(map, "audit", out.audit);
    sections::readLog(map, out.log, base);
    sections::read(map, "district", out.district);
    sections::readSystems(map, out.systems, base);
    sections::readZones(map, out.zones);
    sections::read(map, "metrics", out.metrics);
    sections::readSync(map, out.sync, base);
    sections::readPlugins(map, out.plugins, base);
}

}  // namespace

core::Result<SnapshotPtr> parseConfig(std::string_view text, const std::string& fileName, YamlErrors& errors) {
    YIMEN_TRY(const auto document, YamlDocument::parse(text, fileName));
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(core::parentDirectory(fileName), ignored).string();
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->file = fileName;
    MapReader map(document.root(), errors);
    readFolders(map, *snapshot, folder);
    readSections(map, *snapshot, folder);
    map.finish();
    YIMEN_TRY_STATUS(errors.status());
    if (snapshot->log.accessFile.empty()) snapshot->log.accessFile = snapshot->dataDir + "/access.log";
    if (snapshot->sync.file.empty()) snapshot->sync.file = snapshot->dataDir + "/shared.db";
    return SnapshotPtr(std::move(snapshot));
}

core::Result<SnapshotPtr> loadConfig(const std::string& path) {
    YIMEN_TRY(const std::string text, core::readFile(path, YamlLimits{}.maxBytes));
    YamlErrors errors;
    return parseConfig(text, path, errors);
}

core::Result<core::Secret> resolveSecret(const std::string& reference) {
    if (reference.starts_with("env:")) {
        const std::string name = reference.substr(4);
        const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody changes it while we run
        if (value != nullptr) return core::Secret(value);
        return core::makeError(core::ErrorCode::kNotFound, "the environment variable " + name + " is not set");
    }
    if (!reference.starts_with("file:")) {
        return core::makeError(core::ErrorCode::kInvalidInput, "a secret is given as file:PATH or env:NAME");
    }
    YIMEN_TRY(std::string text, core::readFile(reference.substr(5), kMaxSecretBytes));
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return core::Secret(std::move(text));
}

}  // namespace yimen::config
