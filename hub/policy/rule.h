#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ip_address.h"
#include "policy/condition.h"
#include "policy/decision.h"
#include "policy/types.h"

namespace yimen::policy {

/// Which systems a rule speaks of. Empty lists leave open; given lists must all agree.
struct SystemSelector {
    std::vector<std::string> ids;
    std::vector<std::string> categories;
    std::vector<std::string> levels;

    bool covers(const SystemInfo& system) const noexcept;
};

/// One rule of a file. Immutable once loaded.
struct Rule {
    std::string id;     ///< unique over all files
    std::string where;  ///< file:line:column
    Wording title;      ///< what it is for
    Effect effect = Effect::kDeny;
    SystemSelector systems;
    std::vector<ConditionPtr> when;  ///< all must hold; none: always
    Obligations obligations;
    int neededAssurance = 0;         ///< with kStepUp
    std::chrono::seconds maxAge{0};  ///< with kStepUp: how old the proof may be; 0: any that still counts
    std::string grantedBy;           ///< office that can put a person under this rule
};

/// A dated permission for one person and one system that goes before every rule.
struct Exception {
    std::string id;
    std::string where;
    std::string person;
    std::string system;
    core::WallTime until;  ///< first moment at which it no longer holds
    std::string reason;

    bool covers(const Query& query) const noexcept;
};

/// Named networks of the site, in order.
class NetworkZones {
public:
    struct Zone {
        std::string name;
        Wording title;
        std::vector<core::Cidr> ranges;
    };

    std::string_view zoneOf(const core::IpAddress& client) const noexcept;
    const Zone* find(std::string_view name) const noexcept;
    std::vector<Zone> zones;
};

/// A unit of the organisation by the short name that rules use for it.
struct Unit {
    std::string code;
    Wording title;
};

/// Everything the files of a folder say.
struct RuleSet {
    NetworkZones zones;
    std::map<std::string, Unit, std::less<>> units;     ///< short name -> unit
    int utcOffsetMinutes = 8 * 60;                      ///< in which days and hours of rules are meant
    std::map<std::string, Wording, std::less<>> roles;  ///< role word -> its name
    std::vector<std::string> administratorRoles;        ///< must never all be locked out of the hub itself
    std::string exceptionsGrantedBy;                    ///< office that writes exceptions
    std::vector<Exception> exceptions;
    std::vector<Rule> rules;
};

/// What loading needs from outside. All optional.
struct RuleSources {
    /// Compiles a Lua condition; rules with `lua` are refused when there is none. `where` is file:line:column.
    std::function<core::Result<ConditionPtr>(std::string_view script, std::string_view where)> compileLua;
    /// Ranges that replace those of the zones in the files, by name.
    std::map<std::string, std::vector<std::string>> zones;
};

/// Reads policies/*.yaml in order of their names. One Error lists every wrong line as file:line:column.
core::Result<std::shared_ptr<const RuleSet>> loadRules(const std::string& folder, const RuleSources& sources = {});

}  // namespace yimen::policy
