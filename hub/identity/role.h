#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::identity {

/// What a post allows in the hub itself. Policies also match on these words.
enum class Role : std::uint8_t {
    kClerk,
    kLeader,
    kGridWorker,
    kDataSteward,
    kSystemAdmin,    ///< 系统管理员
    kSecurityAdmin,  ///< 安全管理员
    kAuditor         ///< 安全审计员
};
inline constexpr std::size_t kRoleCount = 7;

/// "clerk", "leader", "grid_worker", "data_steward", "system_admin", "security_admin", "auditor".
std::string_view toString(Role role) noexcept;
std::optional<Role> roleFromText(std::string_view word) noexcept;

/// A set of roles. A value of one byte; any thread.
class RoleSet {
public:
    constexpr RoleSet() = default;

    /// Words separated by ';', white space around them allowed; empty is no role. The error names the unknown word.
    static core::Result<RoleSet> parse(std::string_view words);
    /// Words in the order of the enumeration, separated by ';'.
    std::string write() const;

    bool has(Role role) const noexcept { return (bits_ & bit(role)) != 0; }
    void add(Role role) noexcept { bits_ = static_cast<std::uint8_t>(bits_ | bit(role)); }
    void addAll(RoleSet other) noexcept { bits_ = static_cast<std::uint8_t>(bits_ | other.bits_); }
    bool empty() const noexcept { return bits_ == 0; }

    /// How many of the three administrators (三员) are in the set. More than one is never allowed for one person.
    int administratorCount() const noexcept;
    friend bool operator==(RoleSet, RoleSet) = default;

private:
    static std::uint8_t bit(Role role) noexcept { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }

    std::uint8_t bits_ = 0;
};

}  // namespace yimen::identity
