#include "crypto/password_hash.h"

#include <argon2.h>

#include <array>
#include <charconv>
#include <optional>

namespace yimen::crypto {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kTagBytes = 32;
constexpr std::size_t kMaxEncoded = 256;
constexpr std::string_view kPrefix = "$argon2id$v=19$m=";

/// Takes a decimal number and the character after it off the front.
std::optional<std::uint32_t> takeNumber(std::string_view& text, char end) {
    std::uint32_t value = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || rest == text.data() + text.size() || *rest != end) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + 1);
    return value;
}

bool takePrefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The cost of a PHC text of ours; nothing for another algorithm, version or shape.
std::optional<PasswordCost> readCost(std::string_view text) {
    if (text.size() > kMaxEncoded || !takePrefix(text, kPrefix)) return std::nullopt;
    const auto memory = takeNumber(text, ',');
    if (!memory || !takePrefix(text, "t=")) return std::nullopt;
    const auto iterations = takeNumber(text, ',');
    if (!iterations || !takePrefix(text, "p=")) return std::nullopt;
    const auto lanes = takeNumber(text, '$');
    if (!lanes) return std::nullopt;
    return PasswordCost{*memory, *iterations, *lanes};
}

bool withinLimits(const PasswordCost& cost) {
    return cost.memoryKib <= PasswordHasher::kMaxMemoryKib && cost.iterations <= PasswordHasher::kMaxIterations &&
           cost.lanes <= PasswordHasher::kMaxLanes;
}

std::string costText(const PasswordCost& cost) {
    return std::string(kPrefix) + std::to_string(cost.memoryKib) + ",t=" + std::to_string(cost.iterations) +
           ",p=" + std::to_string(cost.lanes) + "$";
}

}  // namespace

core::Result<std::string> PasswordHasher::hash(const core::Secret& password, core::Random& random) const {
    if (password.size() > kMaxPasswordBytes) {
        return core::makeError(core::ErrorCode::kTooLarge, "a password may have at most 1024 bytes");
    }
    if (!withinLimits(cost_)) {
        return core::makeError(core::ErrorCode::kInvalidInput, "the cost of password hashes is above its limits");
    }
    std::array<std::uint8_t, kSaltBytes> salt{};
    random.fill(salt);
    std::array<char, kMaxEncoded> encoded{};
    const auto text = password.reveal();
    const int status = argon2id_hash_encoded(cost_.iterations, cost_.memoryKib, cost_.lanes, text.data(), text.size(),
                                             salt.data(), salt.size(), kTagBytes, encoded.data(), encoded.size());
    if (status == ARGON2_MEMORY_ALLOCATION_ERROR) {
        return core::makeError(core::ErrorCode::kUnavailable, "not enough memory to check a password now");
    }
    if (status != ARGON2_OK) {
        return core::makeError(core::ErrorCode::kInvalidInput, "the cost of password hashes is not usable",
                               argon2_error_message(status));
    }
    return std::string(encoded.data());
}

bool PasswordHasher::verify(const core::Secret& password, std::string_view encoded) const {
    const auto cost = readCost(encoded);
    if (!cost || !withinLimits(*cost) || password.size() > kMaxPasswordBytes) return false;
    const auto text = password.reveal();
    return argon2id_verify(std::string(encoded).c_str(), text.data(), text.size()) == ARGON2_OK;
}

bool PasswordHasher::needsRehash(std::string_view encoded) const {
    const auto cost = readCost(encoded);
    return !cost || *cost != cost_;
}

std::string PasswordHasher::dummyHash() const {
    // 16 and 32 bytes of digits of pi: nobody chose them, nobody knows a password for them.
    return costText(cost_) + "JD9qiIWjCNMTGYouA3BzRA$pAk4IimfMdAILvqY7E5siUUoIeY40BN3vlRmzzTpDGw";
}

}  // namespace yimen::crypto
