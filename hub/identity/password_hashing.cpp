#include "crypto/password_hash.h"
#include "identity/password_service.h"

namespace yimen::identity {

namespace {

class Argon2Hashing final : public PasswordHashing {
public:
    Argon2Hashing(const crypto::PasswordHasher& hasher, core::Random& random) : hasher_(hasher), random_(random) {}

    core::Result<std::string> hash(const core::Secret& password) override { return hasher_.hash(password, random_); }
    bool verify(const core::Secret& password, std::string_view encoded) override {
        return hasher_.verify(password, encoded);
    }
    bool needsRehash(std::string_view encoded) override { return hasher_.needsRehash(encoded); }
    std::string dummyHash() override { return hasher_.dummyHash(); }

private:
    const crypto::PasswordHasher& hasher_;
    core::Random& random_;
};

}  // namespace

std::unique_ptr<PasswordHashing> makeArgon2Hashing(const crypto::PasswordHasher& hasher, core::Random& random) {
    return std::make_unique<Argon2Hashing>(hasher, random);
}

}  // namespace yimen::identity
