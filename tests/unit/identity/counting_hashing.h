#pragma once

#include <atomic>
#include <string>

#include "identity/password_service.h"

namespace yimen::identity {

using core::Secret;

/// "Hashes" in no time and counts. "old:" stands for a weaker cost.
class CountingHashing final : public PasswordHashing {
public:
    core::Result<std::string> hash(const Secret& password) override {
        ++hashes;
        return "new:" + std::string(password.reveal());
    }
    bool verify(const Secret& password, std::string_view encoded) override {
        ++verifies;
        return encoded.substr(4) == password.reveal();
    }
    bool needsRehash(std::string_view encoded) override { return encoded.starts_with("old:"); }
    std::string dummyHash() override { return "new:\x01"; }

    std::atomic<int> hashes{0};
    std::atomic<int> verifies{0};
};

}  // namespace yimen::identity
