#include "main/bridges.h"

#include "core/log.h"

namespace yimen::main {

using adapter::AccountMode;
using audit::AuditEvent;
using audit::AuditResult;

namespace {

constexpr const char* kSeedSystem = "yimen.totp";
constexpr const char* kSeedField = "seed";

}  // namespace

std::string AuditRecorder::nameOf(store::PersonId person) const {
    const auto directory = directory_.current();
    const auto* record = directory->person(person);
    return record == nullptr ? std::string() : record->usernameKey;
}

void AuditRecorder::later(AuditEvent event) {
    sink_.append(std::move(event), [](const core::Status& durable) {
        if (!durable.ok()) core::logError("audit.not_kept", {{"error", durable.error().describe()}});
    });
}

core::Status AuditRecorder::record(const vault::SecretAccess& access) {
    AuditEvent event;
    event.type = "vault.open";
    event.actor = nameOf(access.person);
    event.subject = access.shared ? "shared" : event.actor;
    event.system = access.system;
    event.fields.emplace_back("reason", access.reason);
    event.fields.emplace_back("version", std::to_string(access.version));
    return sink_.appendAndWait(std::move(event));
}

void AuditRecorder::signedOn(store::PersonId person, const std::string& system, const gateway::SignOnReport& report) {
    AuditEvent event;
    event.type = "system.sign_on";
    event.actor = nameOf(person);
    event.system = system;
    event.result = report.ready() ? AuditResult::kOk : AuditResult::kFailed;
    switch (report.kind) {
        case gateway::SignOnReport::Kind::kNotLinked:
            event.fields.emplace_back("outcome", "not_linked");
            break;
        case gateway::SignOnReport::Kind::kLinkBroken:
            event.fields.emplace_back("outcome", "link_broken");
            break;
        default:
            event.fields.emplace_back("outcome", adapter::toString(report.outcome.outcome));
            break;
    }
    event.fields.emplace_back("step", report.outcome.step);
    for (const auto& hop : report.outcome.trace) {
        core::logInfo("system.sign_on.step", {{"system", system},
                                              {"step", hop.step},
                                              {"method", hop.method},
                                              {"path", hop.path},
                                              {"status", hop.status},
                                              {"note", hop.note}});
    }
    later(std::move(event));
}

void AuditRecorder::signedOff(store::PersonId person, const std::string& system,
                              const adapter::SignOnOutcome& outcome) {
    AuditEvent event;
    event.type = "system.sign_off";
    event.actor = nameOf(person);
    event.system = system;
    event.result = outcome.ok() ? AuditResult::kOk : AuditResult::kFailed;
    event.fields.emplace_back("outcome", adapter::toString(outcome.outcome));
    later(std::move(event));
}

void AuditRecorder::forgedFields(store::PersonId person, const std::string& system, std::string_view client,
                                 std::size_t count) {
    AuditEvent event;
    event.type = "gateway.forged_identity";
    event.actor = nameOf(person);
    event.system = system;
    event.result = AuditResult::kDenied;
    event.sourceIp = client;
    event.fields.emplace_back("fields", std::to_string(count));
    later(std::move(event));
}

void AuditRecorder::denied(store::PersonId person, const std::string& system, std::string_view client,
                           std::string_view path, std::string_view rule) {
    AuditEvent event;
    event.type = "gateway.denied";
    event.actor = nameOf(person);
    event.system = system;
    event.result = AuditResult::kDenied;
    event.sourceIp = client;
    event.fields.emplace_back("path", path);
    event.fields.emplace_back("rule", rule);
    later(std::move(event));
}

core::Status VaultSeeds::put(store::PersonId person, const core::Secret& seed) {
    return vault_.put({person, kSeedSystem}, {{kSeedField, seed}}, store::LinkState::kLinked);
}

core::Result<core::Secret> VaultSeeds::open(store::PersonId person, const std::string& why) {
    YIMEN_TRY(auto opened, vault_.open(person, kSeedSystem, vault::AccountMode::kOwn, why));
    const auto seed = opened.fields.find(kSeedField);
    if (seed == opened.fields.end())
        return core::makeError(core::ErrorCode::kCorrupt, "the sealed record holds no seed");
    return std::move(seed->second);
}

core::Status VaultSeeds::remove(store::PersonId person) {
    return vault_.remove({person, kSeedSystem});
}

core::Result<gateway::AccountSource::Account> VaultAccounts::open(store::PersonId person,
                                                                  const adapter::Manifest& manifest,
                                                                  const std::string& why) {
    Account account;
    const auto mode = manifest.login.account;
    account.assigned = mode == AccountMode::kAssigned;
    if (mode == AccountMode::kOwn || mode == AccountMode::kAssigned) {
        YIMEN_TRY(auto own, vault_.open(person, manifest.id, vault::AccountMode::kOwn, why));
        account.version = own.version;
        for (auto& [name, value] : own.fields) account.secrets.emplace(name, std::move(value));
    }
    if (mode == AccountMode::kShared || !manifest.login.systemSecrets.empty()) {
        YIMEN_TRY(auto shared, vault_.open(person, manifest.id, vault::AccountMode::kShared, why));
        if (mode == AccountMode::kShared) {
            account.version = shared.version;
            account.shared = true;
        }
        // The person's own value wins where both hold a field of one name.
        for (auto& [name, value] : shared.fields) account.secrets.try_emplace(name, std::move(value));
    }
    return account;
}

void VaultAccounts::worked(store::PersonId person, const std::string& system, const Account& account) {
    if (account.version == 0) return;
    const auto marked = vault_.markVerified({account.shared ? 0 : person, system}, account.version);
    if (!marked.ok()) core::logWarn("vault.mark_failed", {{"system", system}, {"error", marked.error().describe()}});
}

void VaultAccounts::refused(store::PersonId person, const std::string& system, const Account& account,
                            adapter::Outcome outcome) {
    if (account.version == 0) return;
    if (account.assigned) {
        // Nothing here can lock somebody out, and a wrong clock or a changed key of the system must not close the
        // account of everybody until an administrator enters them all again.
        core::logWarn("vault.assigned_refused",
                      {{"system", system}, {"person", person}, {"outcome", adapter::toString(outcome)}});
        return;
    }
    const auto marked = vault_.markBroken({account.shared ? 0 : person, system}, account.version,
                                          std::string(adapter::toString(outcome)));
    if (!marked.ok()) core::logError("vault.mark_failed", {{"system", system}, {"error", marked.error().describe()}});
}

}  // namespace yimen::main
