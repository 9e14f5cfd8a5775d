#pragma once

#include "core/random.h"
#include "store/secret_store.h"
#include "vault/vault.h"

namespace yimen::crypto {
class KeyRing;
}

namespace yimen::vault {

/// Fills keyId, wrappedKey and sealed of a record whose owner and version are set. Any thread, no I/O.
core::Status sealInto(store::SecretRecord& record, const Fields& fields, const crypto::KeyRing& keys,
                      core::Random& random);
/// kCorrupt when the seal does not fit the record's owner, system and version, or the ring lacks the key.
core::Result<Fields> unseal(const store::SecretRecord& record, const crypto::KeyRing& keys);
/// Wraps the record key again with the active key; the sealed fields stay closed.
core::Status rewrap(store::SecretRecord& record, const crypto::KeyRing& keys, core::Random& random);

}  // namespace yimen::vault
