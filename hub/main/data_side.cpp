#include "main/data_side.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "config/loader.h"
#include "core/bytes.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "plugin/plugin_source.h"
#include "sync/quality/references.h"
#include "sync/sources/files_remote.h"
#include "sync/sources/files_source.h"
#include "sync/sources/http_source.h"
#include "sync/sources/postgres_source.h"
#include "sync/targets/postgres_database.h"
#include "sync/targets/sqlite_database.h"

namespace yimen::main {

namespace {

using core::ErrorCode;
using core::Result;

/// Dead letters hold rows as they came, personal data among them: sealed by a key of the ring, bound to their item.
class RingSealer final : public sync::Sealer {
public:
    RingSealer(std::shared_ptr<const crypto::KeyRing> keys, core::Random& random)
        : keys_(std::move(keys)), random_(random) {}

    Result<std::string> seal(std::string_view plain, std::string_view context) override {
        const std::uint32_t id = keys_->activeId();
        YIMEN_TRY(const crypto::Key key, keys_->derive(id, kPurpose));
        YIMEN_TRY(const core::Bytes sealed, crypto::seal(crypto::AeadAlgorithm::kAes256Gcm, key, core::asBytes(plain),
                                                         core::asBytes(context), random_));
        return std::to_string(id) + ":" + std::string(core::asText(sealed));
    }

    Result<std::string> unseal(std::string_view sealed, std::string_view context) override {
        const std::size_t colon = sealed.find(':');
        std::uint32_t id = 0;
        for (const char c : sealed.substr(0, colon)) id = id * 10 + static_cast<std::uint32_t>(c - '0');
        if (colon == std::string_view::npos || !keys_->has(id)) {
            return core::makeError(ErrorCode::kCorrupt, "死信无法解封 / a dead letter does not open");
        }
        YIMEN_TRY(const crypto::Key key, keys_->derive(id, kPurpose));
        YIMEN_TRY(const core::Secret plain,
                  crypto::open(key, core::asBytes(sealed.substr(colon + 1)), core::asBytes(context)));
        return std::string(plain.reveal());
    }

private:
    static constexpr std::string_view kPurpose = "dead_letters";
    std::shared_ptr<const crypto::KeyRing> keys_;
    core::Random& random_;
};

/// "key='value'" of a libpq connection string.
void add(std::string& conninfo, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    conninfo += key;
    conninfo += "='";
    for (const char c : value) {
        if (c == '\'' || c == '\\') conninfo += '\\';
        conninfo += c;
    }
    conninfo += "' ";
}

Result<core::Secret> connection(const config::Postgres& server) {
    std::string conninfo;
    add(conninfo, "host", server.host);
    add(conninfo, "port", std::to_string(server.port));
    add(conninfo, "dbname", server.database);
    add(conninfo, "user", server.user);
    add(conninfo, "sslmode", server.tls);
    add(conninfo, "sslrootcert", server.caFile);
    add(conninfo, "application_name", "yimen");
    if (!server.password.empty()) {
        YIMEN_TRY(const core::Secret password, config::resolveSecret(server.password));
        add(conninfo, "password", password.reveal());
    }
    return core::Secret(std::move(conninfo));
}

/// Where a system's data is to be had is known on the spot, not to the adapter's author.
core::Status useSource(const config::Snapshot& config, sync::SystemData& system) {
    const std::string file = config.sync.sources + "/" + system.system + ".yaml";
    std::error_code failure;
    if (config.sync.sources.empty() || !std::filesystem::exists(file, failure)) {
        system.sourceKind.clear();
        return {};
    }
    YIMEN_TRY(const auto document, config::YamlDocument::load(file));
    const auto kind = document.root().find("kind");
    if (!kind) return document.root().error("'kind' is missing: postgresql, http, files, ...");
    YIMEN_TRY(system.sourceKind, kind->text());
    system.source = document.root();
    return {};
}

}  // namespace

DataSide::DataSide(Key, Dependencies dependencies)
    : dependencies_(std::move(dependencies)), budget_(dependencies_.config->sync.memory) {}

core::Result<catalog::Catalog> DataSide::readCatalog(const config::Snapshot& config) {
    const std::string file = config.policiesDir + "/catalog/items.json";
    std::error_code failure;
    if (!std::filesystem::exists(file, failure)) return catalog::Catalog();  // a site without data items
    return catalog::Catalog::load(file);
}

core::Result<Systems> DataSide::readSystems(const config::Snapshot& config) {
    std::vector<std::string> folders;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(config.adaptersDir, failure), end; !failure && at != end;
         at.increment(failure)) {
        if (std::filesystem::exists(at->path() / "data.yaml", failure)) folders.push_back(at->path().string());
    }
    if (failure) {
        return core::makeError(ErrorCode::kUnavailable, "cannot read " + config.adaptersDir, failure.message());
    }
    std::sort(folders.begin(), folders.end());
    Systems out;
    std::string faults;
    for (const std::string& folder : folders) {
        auto read = sync::readSystemData(folder);
        const core::Status status = read.ok() ? useSource(config, *read) : core::Status(read.error());
        if (status.ok()) {
            out.push_back(std::move(read).value());
        } else {
            faults += (faults.empty() ? "" : "\n") + status.error().message;
        }
    }
    if (faults.empty()) faults = sync::quality::referenceFaults(out);
    if (!faults.empty()) return core::makeError(ErrorCode::kInvalidInput, std::move(faults));
    return out;
}

core::Result<std::unique_ptr<DataSide>> DataSide::open(Dependencies dependencies) {
    auto out = std::make_unique<DataSide>(Key{}, std::move(dependencies));
    YIMEN_TRY(out->catalog_, readCatalog(*out->dependencies_.config));
    YIMEN_TRY(auto systems, readSystems(*out->dependencies_.config));
    out->useSystems(std::make_shared<const Systems>(std::move(systems)));
    out->plugins_ = plugin::Registry::open(out->dependencies_.config->plugins);
    YIMEN_TRY_STATUS(out->openShared());
    DataSide* self = out.get();
    const sync::RunnerParts parts{
        out->shared_, out->budget_,
        [self](const sync::SystemData& system, const sync::ItemSpec& item) { return self->source(system, item); },
        [self](const sync::ItemSpec& item, const std::vector<sync::SourceField>& columns) {
            return self->mapper(item, columns);
        },
        out->dependencies_.failPoint};
    out->runner_ = std::make_unique<sync::ItemRunner>(parts);
    out->replayer_ = std::make_unique<sync::Replayer>(parts);
    YIMEN_TRY_STATUS(out->openSinks());
    return out;
}

core::Status DataSide::openSinks() {
    YIMEN_TRY(auto specs, PublishSide::read(*dependencies_.config, *systems()));
    const PublishSide::Parts parts{dependencies_.clock, *shared_.view,
                                   [this](const std::string& reference) { return secret(reference); }};
    YIMEN_TRY(publishing_, PublishSide::open(parts, std::move(specs), plugins_));
    return {};
}

core::Status DataSide::openShared() {
    const config::Sync& settings = dependencies_.config->sync;
    sync::TargetOptions options;
    options.clock = &dependencies_.clock;
    options.sealer = std::make_shared<RingSealer>(dependencies_.keys, dependencies_.random);
    options.failPoint = dependencies_.failPoint;
    if (settings.database == config::SharedBackend::kSqlite) {
        YIMEN_TRY(shared_, sync::sqlite::open(settings.file, std::move(options)));
        return {};
    }
    YIMEN_TRY(const core::Secret conninfo, connection(settings.postgresql));
    YIMEN_TRY(shared_, sync::postgres::open(conninfo, std::move(options)));
    return {};
}

core::Result<ItemPlace> DataSide::find(const std::string& code) const {
    const auto all = systems();
    for (const sync::SystemData& system : *all) {
        for (const sync::ItemSpec& item : system.items) {
            if (item.table.code == code) return ItemPlace{all, &system, &item};
        }
    }
    const catalog::DataItem* known = catalog_.find(code);
    if (known == nullptr) {
        return core::makeError(ErrorCode::kNotFound,
                               "目录中没有 / no item '" + code + "' in the catalogue: yimen item list");
    }
    return core::makeError(ErrorCode::kNotFound, "尚未接入 / no data.yaml supplies " + code +
                                                     " yet: add it to adapters/" + known->source +
                                                     "/data.yaml (adapters/DATA.md)");
}

core::Result<core::Secret> DataSide::secret(const std::string& reference) {
    if (!reference.starts_with("vault:")) return config::resolveSecret(reference);
    const std::string place = reference.substr(6);
    const std::size_t slash = place.find('/');
    if (slash == std::string::npos) {
        return core::makeError(ErrorCode::kInvalidInput,
                               "a vault reference is vault:SYSTEM/FIELD of its shared account");
    }
    if (dependencies_.vault == nullptr) {
        return core::makeError(ErrorCode::kUnavailable,
                               "保险库由运行中的门户打开 / the running hub alone opens the vault: run the item there "
                               "(POST /api/v1/sync/items/CODE/run) or stop the hub first");
    }
    YIMEN_TRY(auto account, dependencies_.vault->open(0, place.substr(0, slash), vault::AccountMode::kShared, "sync"));
    const auto field = account.fields.find(place.substr(slash + 1));
    if (field == account.fields.end()) {
        return core::makeError(ErrorCode::kNotFound, "the shared account of " + place.substr(0, slash) +
                                                         " has no field '" + place.substr(slash + 1) + "'");
    }
    return field->second;
}

core::Result<std::unique_ptr<sync::Source>> DataSide::source(const sync::SystemData& system,
                                                             const sync::ItemSpec& item) {
    const sync::SecretLookup secrets = [this](const std::string& reference) { return secret(reference); };
    if (system.sourceKind.empty()) {
        return core::makeError(ErrorCode::kNotFound, "未接入 / this site does not say where the data of " +
                                                         system.system + " is: write " + system.system +
                                                         ".yaml in the folder sync.sources (adapters/DATA.md)");
    }
    if (system.sourceKind == "postgresql")
        return sync::readPostgresSource(system.source, item.read, secrets, dependencies_.clock);
    if (system.sourceKind == "http") {
        const sync::HttpParts parts{nullptr, &dependencies_.clock, &dependencies_.random, nullptr};
        return sync::readHttpSource(system.source, item.read, secrets, parts);
    }
    if (system.sourceKind == "files") {
        return sync::readFilesSource(system.source, item.read, secrets, sync::readRemoteFolder, dependencies_.clock);
    }
    // Every other kind is a plugin's name.
    YIMEN_TRY(auto library, plugins_.find(system.sourceKind, "source"));
    return plugin::PluginSource::make(std::move(library),
                                      {{{"source", system.source}, {"read", item.read}}, secrets, nullptr});
}

std::string DataSide::folderOf(const std::string& system) const {
    return dependencies_.config->adaptersDir + "/" + system;
}

sync::MapperServices DataSide::mapperServices() {
    sync::MapperServices services;
    services.clock = &dependencies_.clock;
    services.keyedHash = [key = dependencies_.keys->deriveActive("keyed_hash")](std::string_view text) {
        return core::toHex(crypto::hmac(crypto::DigestAlgorithm::kSm3, key.bytes(), core::asBytes(text)));
    };
    services.lookup = shared_.lookup.get();
    return services;
}

core::Result<std::unique_ptr<sync::Mapper>> DataSide::mapper(const sync::ItemSpec& item,
                                                             const std::vector<sync::SourceField>& columns) {
    return sync::compileMapper(item, columns, mapperServices());
}

}  // namespace yimen::main
