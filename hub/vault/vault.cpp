#include "vault/vault.h"

#include <algorithm>

#include "core/ascii.h"
#include "crypto/key_ring.h"
#include "vault/envelope.h"

namespace yimen::vault {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;

namespace {

constexpr std::size_t kMaxName = 64;
constexpr int kBatch = 200;

/// Systems and fields are named by manifests; a zero byte in a name would blur what a seal binds.
bool isName(std::string_view text) {
    const auto allowed = [](char c) {
        return core::isAlpha(c) || core::isDigit(c) || c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= kMaxName && std::all_of(text.begin(), text.end(), allowed);
}

Status checkFields(const Fields& fields) {
    if (fields.empty()) return makeError(ErrorCode::kInvalidInput, "没有填写任何字段 / there is no field to store");
    if (fields.size() > Vault::kMaxFields) {
        return makeError(ErrorCode::kTooLarge,
                         "字段过多 / there are more than " + std::to_string(Vault::kMaxFields) + " fields");
    }
    std::size_t bytes = 0;
    for (const auto& [name, value] : fields) {
        if (!isName(name)) return makeError(ErrorCode::kInvalidInput, "字段名无效 / a field has no valid name");
        bytes += name.size() + value.size();
    }
    if (bytes > Vault::kMaxBytes) {
        return makeError(ErrorCode::kTooLarge,
                         "内容过长 / the fields hold more than " + std::to_string(Vault::kMaxBytes) + " bytes");
    }
    return {};
}

LinkStatus statusOf(const store::SecretRecord& record) {
    return {record.owner.person, record.owner.system, record.state,  record.updatedAt,
            record.verifiedAt,   record.reason,       record.version};
}

}  // namespace

Vault::Vault(Dependencies dependencies, std::shared_ptr<const crypto::KeyRing> keys)
    : deps_(dependencies), keys_(std::move(keys)) {}

Status Vault::put(const store::SecretOwner& owner, const Fields& fields, LinkState state) {
    if (!isName(owner.system)) return makeError(ErrorCode::kInvalidInput, "系统标识无效 / the system has no valid id");
    if (state == LinkState::kBroken) return makeError(ErrorCode::kInternal, "a new account cannot be broken");
    YIMEN_TRY_STATUS(checkFields(fields));
    YIMEN_TRY(const auto former, deps_.store.get(owner));
    store::SecretRecord record;
    record.owner = owner;
    record.version = former ? former->version + 1 : 1;
    record.state = state;
    record.updatedAt = deps_.clock.wall();
    if (state == LinkState::kLinked) record.verifiedAt = record.updatedAt;
    YIMEN_TRY_STATUS(sealInto(record, fields, *keys_.load(), deps_.random));
    return deps_.store.put(record);
}

Result<OpenedAccount> Vault::open(PersonId person, const std::string& system, AccountMode mode,
                                  const std::string& reason) {
    if (mode == AccountMode::kNone || (mode == AccountMode::kOwn && person == 0)) {
        return makeError(ErrorCode::kInternal, "no account is to be opened for this");
    }
    const bool shared = mode == AccountMode::kShared;
    YIMEN_TRY(const auto record, deps_.store.get({shared ? 0 : person, system}));
    if (!record) {
        return makeError(ErrorCode::kNotFound,
                         "尚未关联系统 " + system + " 的账号 / no account is linked for this system");
    }
    if (record->state == LinkState::kBroken) {
        return makeError(
            ErrorCode::kDenied,
            "系统 " + system + " 拒绝了保存的账号，请重新关联 / the system refused the stored account; link it again",
            record->reason);
    }
    const Status recorded = deps_.recorder.record({person, system, shared, record->version, reason});
    if (!recorded.ok()) {
        return makeError(ErrorCode::kUnavailable,
                         "审计暂不可用，账号保持封存 / the audit log does not answer; nothing is opened",
                         recorded.error().describe());
    }
    YIMEN_TRY(Fields fields, unseal(*record, *keys_.load()));
    return OpenedAccount{std::move(fields), record->version, shared};
}

Status Vault::remove(const store::SecretOwner& owner) {
    return deps_.store.remove(owner);
}

Status Vault::mark(const store::SecretOwner& owner, std::int64_t version, LinkState state, const std::string& reason) {
    YIMEN_TRY(auto record, deps_.store.get(owner));
    if (!record || record->version != version) return {};
    record->state = state;
    record->reason = reason;
    if (state == LinkState::kLinked) record->verifiedAt = deps_.clock.wall();
    Status done = deps_.store.setState(*record);
    if (!done.ok() && done.error().code == ErrorCode::kConflict) return {};  // replaced between the two steps
    return done;
}

Status Vault::markVerified(const store::SecretOwner& owner, std::int64_t version) {
    return mark(owner, version, LinkState::kLinked, "");
}

Status Vault::markBroken(const store::SecretOwner& owner, std::int64_t version, const std::string& reason) {
    return mark(owner, version, LinkState::kBroken, reason);
}

Result<std::vector<LinkStatus>> Vault::status(PersonId person) {
    std::vector<LinkStatus> found;
    for (const PersonId owner : {person, PersonId{0}}) {
        YIMEN_TRY(const auto records, deps_.store.list({owner, {}, {}}));
        for (const store::SecretRecord& record : records) found.push_back(statusOf(record));
        if (person == 0) break;
    }
    return found;
}

void Vault::setKeys(std::shared_ptr<const crypto::KeyRing> keys) {
    keys_.store(std::move(keys));
}

Status Vault::rewrapBatch(const crypto::KeyRing& keys, Batch& batch) {
    YIMEN_TRY(std::vector<store::SecretRecord> records,
              deps_.store.list({{}, {}, std::to_string(keys.activeId()), kBatch}));
    batch.found = records.size();
    for (store::SecretRecord& record : records) {
        Status step = rewrap(record, keys, deps_.random);
        if (step.ok()) step = deps_.store.rewrap(record);
        if (step.ok()) {
            ++batch.wrapped;
        } else if (step.error().code == ErrorCode::kConflict) {
            ++batch.passedOver;
        } else {
            batch.lastProblem = step.error();
        }
    }
    return {};
}

Result<std::size_t> Vault::rewrapAll() {
    const auto keys = keys_.load();
    std::size_t done = 0;
    for (;;) {
        Batch batch;
        const auto work = [&] { return rewrapBatch(*keys, batch); };
        YIMEN_TRY_STATUS(deps_.transactor == nullptr ? work() : deps_.transactor->transaction(work));
        done += batch.wrapped;
        if (batch.found == 0) return done;
        if (batch.wrapped + batch.passedOver == 0) return batch.lastProblem;
    }
}

}  // namespace yimen::vault
