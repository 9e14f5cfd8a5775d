#pragma once

#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// How often and when a person last opened a system.
struct SystemUse {
    std::string system;
    std::int64_t count = 0;
    core::WallTime lastUsedAt{};
};

/// What a person arranged for himself. Thread-safe, blocking. Not durable at return: a power cut may lose the last
/// second.
class PreferenceStore {
public:
    virtual ~PreferenceStore() = default;
    /// System ids in the person's own order.
    virtual core::Result<std::vector<std::string>> favourites(PersonId person) = 0;
    virtual core::Status setFavourites(PersonId person, const std::vector<std::string>& systems) = 0;
    /// Most recent first.
    virtual core::Result<std::vector<SystemUse>> uses(PersonId person) = 0;
    virtual core::Status noteUse(PersonId person, const std::string& system, core::WallTime at) = 0;
    /// A JSON object as text ("{}" when nothing was set). The caller checks its size and shape.
    virtual core::Result<std::string> preferences(PersonId person) = 0;
    virtual core::Status setPreferences(PersonId person, const std::string& json) = 0;
};

}  // namespace yimen::store
