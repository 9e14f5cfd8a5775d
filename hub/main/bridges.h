#pragma once

#include "audit/audit_sink.h"
#include "gateway/gateway.h"
#include "gateway/system_sessions.h"
#include "identity/directory.h"
#include "identity/second_factors.h"
#include "vault/vault.h"

namespace yimen::main {

/// Turns what vault and gateway report into audit events. Knows no secret. Thread-safe.
class AuditRecorder final : public vault::AccessRecorder,
                            public gateway::SystemSessionEvents,
                            public gateway::GatewayEvents {
public:
    AuditRecorder(audit::AuditSink& sink, const identity::DirectoryHolder& directory)
        : sink_(sink), directory_(directory) {}

    core::Status record(const vault::SecretAccess& access) override;
    void signedOn(store::PersonId person, const std::string& system, const gateway::SignOnReport& report) override;
    void signedOff(store::PersonId person, const std::string& system, const adapter::SignOnOutcome& outcome) override;
    void forgedFields(store::PersonId person, const std::string& system, std::string_view client,
                      std::size_t count) override;
    void denied(store::PersonId person, const std::string& system, std::string_view client, std::string_view path,
                std::string_view rule) override;

private:
    std::string nameOf(store::PersonId person) const;
    /// For loop threads: queued, and logged when it could not be kept.
    void later(audit::AuditEvent event);

    audit::AuditSink& sink_;
    const identity::DirectoryHolder& directory_;
};

/// Seeds of one-time codes, kept in the vault as if they were an account in a system of their own: sealed under a key
/// of their own that the ring wraps, bound to the person, rotated with the rest. No adapter's id holds a ".".
class VaultSeeds final : public identity::SeedKeeper {
public:
    explicit VaultSeeds(vault::Vault& vault) : vault_(vault) {}

    core::Status put(store::PersonId person, const core::Secret& seed) override;
    core::Result<core::Secret> open(store::PersonId person, const std::string& why) override;
    core::Status remove(store::PersonId person) override;

private:
    vault::Vault& vault_;
};

/// Opens a person's account in a system, with the system-wide secrets, for one sign-on.
class VaultAccounts final : public gateway::AccountSource {
public:
    explicit VaultAccounts(vault::Vault& vault) : vault_(vault) {}

    core::Result<Account> open(store::PersonId person, const adapter::Manifest& manifest,
                               const std::string& why) override;
    void worked(store::PersonId person, const std::string& system, const Account& account) override;
    void refused(store::PersonId person, const std::string& system, const Account& account,
                 adapter::Outcome outcome) override;

private:
    vault::Vault& vault_;
};

}  // namespace yimen::main
