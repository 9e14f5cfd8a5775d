#pragma once

#include "crypto/key_ring.h"
#include "unit/store/backend.h"
#include "vault/vault.h"

namespace yimen::vault {

using core::ErrorCode;
using core::Secret;

class Recorder final : public AccessRecorder {
public:
    core::Status record(const SecretAccess& access) override {
        const std::lock_guard lock(mutex);
        if (failing) return core::makeError(ErrorCode::kUnavailable, "disk full");
        seen.push_back(access);
        return {};
    }
    std::mutex mutex;
    bool failing = false;
    std::vector<SecretAccess> seen;
};

class VaultTest : public ::testing::Test {
protected:
    static Fields fields(const std::string& password) {
        Fields made;
        made.emplace("username", Secret("wl_wangmin"));
        made.emplace("password", Secret(password));
        return made;
    }
    std::string password(PersonId person, const std::string& system, AccountMode mode = AccountMode::kOwn) {
        auto opened = vault.open(person, system, mode, "sign_on");
        if (!opened.ok()) return "error: " + std::string(core::toString(opened.error().code));
        return std::string(opened->fields.at("password").reveal());
    }
    std::shared_ptr<const crypto::KeyRing> ringFile() {
        auto ring = crypto::KeyRing::loadOrCreate(folder.file("keys"), random, clock);
        EXPECT_TRUE(ring.ok());
        return std::make_shared<const crypto::KeyRing>(std::move(ring).value());
    }
    std::shared_ptr<const crypto::KeyRing> rotated() {
        auto ring = crypto::KeyRing::rotateFile(folder.file("keys"), random, clock);
        EXPECT_TRUE(ring.ok());
        return std::make_shared<const crypto::KeyRing>(std::move(ring).value());
    }

    store::test::TempFolder folder;
    store::test::SqliteBackend backend;
    store::Stores stores = backend.open();
    core::ManualClock clock;
    core::SystemRandom random;
    Recorder recorder;
    Vault vault{{*stores.secrets, clock, random, recorder, stores.transactor.get()}, ringFile()};
};

}  // namespace yimen::vault
