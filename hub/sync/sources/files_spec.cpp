#include "sync/sources/files_source.h"

namespace yimen::sync {

namespace {

FilesSpec readSpec(const config::YamlNode& read, config::YamlErrors& errors) {
    FilesSpec spec;
    config::MapReader map(read, errors);
    spec.pattern = map.requireText("pattern");
    if (spec.pattern.find('/') != std::string::npos) map.complain("pattern", "a name without / is expected");
    spec.complete = map.choice<bool>("holds", false, {{"changes", false}, {"everything", true}});
    spec.maxFile = map.byteSize("max_file", spec.maxFile, {1024, std::uint64_t{64} << 30U});
    if (const auto ready = map.child("ready")) {
        config::MapReader inner(*ready, errors);
        spec.marker = inner.text("marker", "");
        spec.markerCounts = inner.boolean("counts", false);
        spec.stable = inner.duration("stable", spec.stable, {0, 86'400'000});
        if (!spec.marker.empty() && spec.marker.find("{name}") == std::string::npos) {
            inner.complain("marker", "a name with {name} in it is expected, as \"{name}.ok\"");
        }
        if (spec.markerCounts && spec.marker.empty()) inner.complain("counts", "counts needs a marker");
        inner.finish();
    }
    spec.format = readFormatSpec(map);
    map.finish();
    return spec;
}

}  // namespace

core::Result<std::unique_ptr<Source>> readFilesSource(const config::YamlNode& source, const config::YamlNode& read,
                                                      const SecretLookup& secrets, const RemoteStores& remote,
                                                      const core::Clock& clock) {
    config::YamlErrors errors;
    config::MapReader map(source, errors);
    map.child("kind");
    const std::string folder = map.text("folder", "");
    const auto server = map.child("server");
    if (folder.empty() == !server.has_value()) map.complain("folder", "either folder or server is expected");
    if (!folder.empty() && !folder.starts_with('/')) map.complain("folder", "an absolute path is expected");
    map.finish();
    FilesSpec spec = readSpec(read, errors);
    std::shared_ptr<FileStore> store;
    if (server && remote) {
        auto made = remote(*server, secrets);
        if (made.ok()) {
            store = std::move(made).value();
        } else {
            errors.add(made.error());
        }
    } else if (server) {
        errors.add(server->error("this hub reads no remote folders"));
    } else {
        store = std::make_shared<LocalFolder>(folder);
    }
    YIMEN_TRY_STATUS(errors.status());
    return makeFilesSource(std::move(spec), std::move(store), clock);
}

}  // namespace yimen::sync
