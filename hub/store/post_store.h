#pragma once

#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// A person works for a unit for a time, with a title and roles. A person may hold several at once.
struct PostRecord {
    PostId id = 0;
    PersonId person = 0;
    OrgId org = 0;
    std::string title;
    std::string roles;  ///< role words separated by ';', as identity::RoleSet::write() gives them
    Validity validity;
};

/// Posts and which of them a person acts in. Thread-safe, blocking. Errors as PersonStore.
class PostStore {
public:
    virtual ~PostStore() = default;
    virtual core::Result<PostRecord> create(const PostRecord& post) = 0;
    /// Replaces title, roles and validity; person and unit never change. Durable.
    virtual core::Status update(const PostRecord& post) = 0;
    virtual core::Result<std::vector<PostRecord>> all() = 0;
    /// The post the person chose to act in at the last sign-in; 0 when none was chosen or it is gone.
    virtual core::Result<PostId> preferredPost(PersonId person) = 0;
    virtual core::Status setPreferredPost(PersonId person, PostId post) = 0;
};

}  // namespace yimen::store
