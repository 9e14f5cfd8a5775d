#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/published.h"
#include "core/random.h"
#include "core/secret.h"
#include "store/secret_store.h"
#include "store/transactor.h"

namespace yimen::crypto {
class KeyRing;
}

namespace yimen::vault {

using store::LinkState;
using store::PersonId;

/// Whose account signs on to a system; said by the system's manifest.
enum class AccountMode {
    kOwn,     ///< each person's own
    kShared,  ///< one for the whole site, or for everybody who has no own one
    kNone     ///< the system needs no stored secret
};

/// "username", "password", ... -> value. The names are the manifest's.
using Fields = std::map<std::string, core::Secret>;

/// One opening of a sealed account, as the audit log wants to know it.
struct SecretAccess {
    PersonId person = 0;  ///< who it was opened for
    std::string system;
    bool shared = false;
    std::int64_t version = 0;
    std::string reason;  ///< "sign_on", "renew", "rotate", ...
};

/// Takes note of every opening. Implemented by who owns the audit log. Thread-safe, may block.
class AccessRecorder {
public:
    virtual ~AccessRecorder() = default;
    /// Must be safe on disk when it returns success; on an error the secret stays closed.
    virtual core::Status record(const SecretAccess& access) = 0;
};

struct OpenedAccount {
    Fields fields;
    std::int64_t version = 0;  ///< hand it to markVerified or markBroken
    bool shared = false;
};

/// One line of the linking page. Holds no secret.
struct LinkStatus {
    PersonId person = 0;  ///< 0: shared
    std::string system;
    LinkState state = LinkState::kUnverified;
    core::WallTime updatedAt{};
    core::WallTime verifiedAt{};
    std::string reason;
    std::int64_t version = 0;
};

/// Accounts of people in systems, sealed at rest: a random record key seals the fields (AES-256-GCM), a key-encryption
/// key of the ring wraps the record key; both bind person, system and version, so that a row copied to another place
/// or parts of two versions put together do not open. Thread-safe, blocking: worker pools only.
/// Errors: kNotFound, kConflict (changed meanwhile), kDenied (link is broken), kCorrupt (seal does not fit),
/// kUnavailable (store or audit does not answer). No error text holds a value.
class Vault {
public:
    struct Dependencies {
        store::SecretStore& store;
        const core::Clock& clock;
        core::Random& random;
        AccessRecorder& recorder;
        store::Transactor* transactor = nullptr;  ///< makes rewrapAll one transaction per batch, many times faster
    };
    static constexpr std::size_t kMaxFields = 32;
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    Vault(Dependencies dependencies, std::shared_ptr<const crypto::KeyRing> keys);

    /// Stores or replaces. Person 0 is the shared account. kLinked: it just worked; kUnverified: nobody tried.
    core::Status put(const store::SecretOwner& owner, const Fields& fields, LinkState state);
    /// Opens for one sign-on. kOwn: the person's; kShared: the shared one. A broken link is not opened: one failed
    /// attempt stops and asks the person.
    core::Result<OpenedAccount> open(PersonId person, const std::string& system, AccountMode mode,
                                     const std::string& reason);
    core::Status remove(const store::SecretOwner& owner);

    /// The system took it. Nothing happens when it was replaced meanwhile.
    core::Status markVerified(const store::SecretOwner& owner, std::int64_t version);
    /// The system refused it; `reason` is the outcome in one word.
    core::Status markBroken(const store::SecretOwner& owner, std::int64_t version, const std::string& reason);
    /// Without opening anything: one person's own links and the shared ones.
    core::Result<std::vector<LinkStatus>> status(PersonId person);

    /// From now on the new ring wraps; old records still open as long as the ring holds their key.
    void setKeys(std::shared_ptr<const crypto::KeyRing> keys);
    /// Wraps every record key that another than the active key wraps again, without opening a record. Returns how
    /// many; may be stopped and called again. A damaged record does not stop the others; its error comes at the end.
    core::Result<std::size_t> rewrapAll();

private:
    core::Status mark(const store::SecretOwner& owner, std::int64_t version, LinkState state,
                      const std::string& reason);

    struct Batch {
        std::size_t found = 0;
        std::size_t wrapped = 0;
        std::size_t passedOver = 0;  ///< somebody replaced it meanwhile
        core::Error lastProblem;
    };
    core::Status rewrapBatch(const crypto::KeyRing& keys, Batch& batch);

    Dependencies deps_;
    core::Published<crypto::KeyRing> keys_;
};

}  // namespace yimen::vault
