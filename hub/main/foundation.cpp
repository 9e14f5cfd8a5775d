#include "main/foundation.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "config/loader.h"
#include "crypto/digest.h"
#include "store/sqlite/sqlite_stores.h"

namespace yimen::main {

using core::ErrorCode;
using core::makeError;

namespace {

core::Status makeFolder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
    const int error = errno;
    return makeError(ErrorCode::kUnavailable,
                     "data_dir '" + path + "' cannot be made: " + std::system_category().message(error));
}

}  // namespace

std::string auditDirectory(const config::Snapshot& config) {
    return config.dataDir + "/audit";
}

core::Result<std::shared_ptr<const crypto::KeyRing>> loadKeys(const config::Snapshot& config, bool create,
                                                              core::Random& random, const core::Clock& clock) {
    constexpr std::string_view kFile = "file:";
    const bool isFile = config.keys.starts_with(kFile);
    auto ring = isFile && create ? crypto::KeyRing::loadOrCreate(config.keys.substr(kFile.size()), random, clock)
                                 : crypto::KeyRing::loadReference(config.keys);
    if (!ring.ok()) return ring.error();
    return std::make_shared<const crypto::KeyRing>(std::move(*ring));
}

core::Result<std::unique_ptr<Foundation>> Foundation::begin(const std::string& configFile) {
    std::unique_ptr<Foundation> made(new Foundation());
    YIMEN_TRY(made->config, config::loadConfig(configFile));
    YIMEN_TRY_STATUS(made->openFiles());
    return made;
}

core::Result<std::unique_ptr<Foundation>> Foundation::open(const std::string& configFile) {
    YIMEN_TRY_STATUS(crypto::selfTest());
    YIMEN_TRY(auto made, begin(configFile));
    YIMEN_TRY_STATUS(made->openAudit());
    made->makeServices();
    YIMEN_TRY_STATUS(made->directory->reload());
    return made;
}

core::Result<std::unique_ptr<Foundation>> Foundation::look(const std::string& configFile) {
    YIMEN_TRY(auto made, begin(configFile));
    made->directory = std::make_unique<identity::DirectoryHolder>(made->stores);
    YIMEN_TRY_STATUS(made->directory->reload());
    return made;
}

core::Status Foundation::openFiles() {
    YIMEN_TRY_STATUS(makeFolder(config->dataDir));
    YIMEN_TRY(keys, loadKeys(*config, true, random, clock));
    tickets = std::make_shared<const crypto::TicketSealer>(*keys);
    store::sqlite::Options options;
    options.path = config->dataDir + "/yimen.db";
    YIMEN_TRY(stores, store::sqlite::open(options));
    return {};
}

core::Status Foundation::openAudit() {
    audit::FileAuditLog::Options options;
    options.directory = auditDirectory(*config);
    options.algorithm = config->audit.algorithm == config::AuditAlgorithm::kSm3 ? crypto::DigestAlgorithm::kSm3
                                                                                : crypto::DigestAlgorithm::kSha256;
    options.keyed = config->audit.keyed;
    options.segmentSize = config->audit.segmentSize;
    options.queue = config->audit.queue;
    options.minFree = config->audit.minFree;
    YIMEN_TRY(audit, audit::FileAuditLog::open(std::move(options), keys, clock));
    return {};
}

void Foundation::makeServices() {
    directory = std::make_unique<identity::DirectoryHolder>(stores);
    recorder = std::make_unique<AuditRecorder>(*audit, *directory);
    vault = std::make_unique<vault::Vault>(
        vault::Vault::Dependencies{*stores.secrets, clock, random, *recorder, stores.transactor.get()}, keys);

    crypto::PasswordCost cost;
    cost.memoryKib = static_cast<std::uint32_t>(config->passwords.memory / 1024);
    cost.iterations = config->passwords.iterations;
    cost.lanes = config->passwords.lanes;
    hasher = std::make_unique<crypto::PasswordHasher>(cost);
    hashing = identity::makeArgon2Hashing(*hasher, random);

    identity::PasswordRules rules;
    rules.minLength = static_cast<int>(config->passwords.minLength);
    rules.maxLength = static_cast<int>(config->passwords.maxLength);
    rules.minClasses = static_cast<int>(config->passwords.minClasses);
    rules.history = static_cast<int>(config->passwords.history);
    rules.maxAgeDays =
        static_cast<int>(std::chrono::duration_cast<std::chrono::days>(config->passwords.maxAge).count());
    rules.refuseCommon = config->passwords.refuseCommon;
    rules.refusePersonal = config->passwords.refusePersonal;
    passwordPolicy = std::make_unique<identity::PasswordPolicy>(rules);

    passwords = std::make_unique<identity::PasswordService>(
        identity::PasswordService::Dependencies{stores, *directory, *hashing, *passwordPolicy, clock});
    people =
        std::make_unique<identity::PeopleService>(identity::PeopleService::Dependencies{stores, *directory, clock});
    oneTimeLinks = std::make_unique<identity::OneTimeLinks>(*stores.oneTimeTokens, clock, random);
    importer = std::make_unique<identity::Importer>(
        identity::Importer::Dependencies{stores, *directory, clock,
                                         [this](const core::Secret& password, const store::PersonRecord& person) {
                                             return passwords->hashNew(password, person);
                                         },
                                         [this](const core::Secret& password, const store::PersonRecord& person) {
                                             return passwords->checkNew(password, person);
                                         }});
}

}  // namespace yimen::main
