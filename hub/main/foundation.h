#pragma once

#include <memory>
#include <string>

#include "audit/file_audit_log.h"
#include "config/snapshot.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/key_ring.h"
#include "crypto/password_hash.h"
#include "crypto/ticket.h"
#include "identity/authenticator.h"
#include "identity/import.h"
#include "identity/one_time_links.h"
#include "identity/people_service.h"
#include "main/bridges.h"
#include "vault/vault.h"

namespace yimen::main {

/// What the command line and the server stand on alike: configuration, keys, database, audit log, people, vault.
/// Made once per process; members are thread-safe by their own contracts and are destroyed in reverse order.
class Foundation {
public:
    /// Checks the cryptography, opens everything. The error says which file and what to do.
    static core::Result<std::unique_ptr<Foundation>> open(const std::string& configFile);
    /// Configuration, store and directory alone, for commands that change nothing: works beside a running hub, which
    /// is the one writer of the audit log. The other members stay null.
    static core::Result<std::unique_ptr<Foundation>> look(const std::string& configFile);

    config::SnapshotPtr config;
    core::SystemClock clock;
    core::SystemRandom random;
    std::shared_ptr<const crypto::KeyRing> keys;
    std::shared_ptr<const crypto::TicketSealer> tickets;
    store::Stores stores;
    std::unique_ptr<audit::FileAuditLog> audit;
    std::unique_ptr<AuditRecorder> recorder;
    std::unique_ptr<vault::Vault> vault;
    std::unique_ptr<identity::DirectoryHolder> directory;
    std::unique_ptr<crypto::PasswordHasher> hasher;
    std::unique_ptr<identity::PasswordHashing> hashing;
    std::unique_ptr<identity::PasswordPolicy> passwordPolicy;
    std::unique_ptr<identity::PasswordService> passwords;
    std::unique_ptr<identity::PeopleService> people;
    std::unique_ptr<identity::OneTimeLinks> oneTimeLinks;
    std::unique_ptr<identity::Importer> importer;

private:
    Foundation() = default;
    static core::Result<std::unique_ptr<Foundation>> begin(const std::string& configFile);
    core::Status openFiles();
    core::Status openAudit();
    void makeServices();
};

/// "<data_dir>/audit", where the chain stands.
std::string auditDirectory(const config::Snapshot& config);
/// The key ring the configuration names; `create` makes the file at the very first start.
core::Result<std::shared_ptr<const crypto::KeyRing>> loadKeys(const config::Snapshot& config, bool create,
                                                              core::Random& random, const core::Clock& clock);

}  // namespace yimen::main
