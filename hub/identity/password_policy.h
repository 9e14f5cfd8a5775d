#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"

namespace yimen::identity {

/// What a password must be. Every limit is in the configuration under `identity.password`.
struct PasswordRules {
    int minLength = 10;  ///< characters, not bytes
    int maxLength = 128;
    int minClasses = 3;          ///< of lower case, upper case, digits, other signs (other scripts count as other)
    int history = 5;             ///< former passwords that may not come again
    int maxAgeDays = 90;         ///< 0: passwords do not expire
    bool refuseCommon = true;    ///< a dictionary of the most used passwords and keyboard walks
    bool refusePersonal = true;  ///< user name, name, its pinyin and initials, phone
};

/// About whom the password is; so that it is not made of what everybody knows.
struct PasswordSubject {
    std::string username;
    std::string name;
    std::string phone;
};

/// Checks a wish against the rules. Immutable, thread-safe, no I/O; the history is PasswordService's.
class PasswordPolicy {
public:
    explicit PasswordPolicy(PasswordRules rules = {}) : rules_(rules) {}

    /// kInvalidInput; the message names every rule that is broken (zh-CN, then English), never the password.
    core::Status check(const core::Secret& password, const PasswordSubject& subject) const;
    const PasswordRules& rules() const noexcept { return rules_; }
    /// True when a password set at `changedAt` has to be replaced at `now`.
    bool expired(core::WallTime changedAt, core::WallTime now) const noexcept;

private:
    static bool isCommon(std::string plain);
    static bool isPersonal(const std::string& plain, const PasswordSubject& subject);

    PasswordRules rules_;
};

}  // namespace yimen::identity
