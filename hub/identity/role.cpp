#include "identity/role.h"

#include "core/ascii.h"

namespace yimen::identity {

namespace {

constexpr std::array<std::string_view, kRoleCount> kWords{
    "clerk", "leader", "grid_worker", "data_steward", "system_admin", "security_admin", "auditor"};

}  // namespace

std::string_view toString(Role role) noexcept {
    return kWords[static_cast<std::size_t>(role)];
}

std::optional<Role> roleFromText(std::string_view word) noexcept {
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (kWords[i] == word) return static_cast<Role>(i);
    }
    return std::nullopt;
}

core::Result<RoleSet> RoleSet::parse(std::string_view words) {
    RoleSet set;
    while (!words.empty()) {
        const std::size_t end = words.find(';');
        const std::string_view word = core::trim(words.substr(0, end));
        words = end == std::string_view::npos ? std::string_view{} : words.substr(end + 1);
        if (word.empty()) continue;
        const auto role = roleFromText(word);
        if (!role) {
            return core::makeError(core::ErrorCode::kInvalidInput,
                                   "unknown role '" + std::string(word.substr(0, 40)) + "'");
        }
        set.add(*role);
    }
    return set;
}

std::string RoleSet::write() const {
    std::string words;
    for (std::size_t i = 0; i < kRoleCount; ++i) {
        if (!has(static_cast<Role>(i))) continue;
        if (!words.empty()) words.push_back(';');
        words += kWords[i];
    }
    return words;
}

int RoleSet::administratorCount() const noexcept {
    int count = 0;
    for (const Role role : {Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}) count += has(role) ? 1 : 0;
    return count;
}

}  // namespace yimen::identity
