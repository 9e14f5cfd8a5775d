#pragma once

#include <chrono>
#include <functional>

#include "identity/directory.h"

namespace yimen::identity {

/// Changes to people, units and posts, with the rules that hold for all of them: user names are one per person after
/// normalisation, a person holds at most one of the three administrator roles over all posts whose times overlap,
/// the tree has no cycle and no unit stands under a kind it cannot belong to.
/// Each change is durable and in the Directory when it returns. Thread-safe, blocking: call it in the io pool.
/// Errors: kInvalidInput (says which field and what to do), kConflict, kNotFound, kUnavailable.
class PeopleService {
public:
    struct Dependencies {
        store::Stores& stores;
        DirectoryHolder& directory;
        const core::Clock& clock;
    };
    explicit PeopleService(Dependencies dependencies) : deps_(dependencies) {}

    /// `usernameKey`, `id`, `version` and `createdAt` are filled in here.
    core::Result<store::PersonRecord> createPerson(store::PersonRecord person);
    /// Name, phone, state, expiry and user name; `person.version` must be the one that was read. When the state is no
    /// longer active the listener of onClosed is called.
    core::Result<store::PersonRecord> updatePerson(store::PersonRecord person);
    core::Result<store::OrganisationRecord> createOrganisation(const store::OrganisationRecord& org, OrgId parent);
    core::Status moveOrganisation(OrgId org, OrgId parent, Day from);
    core::Result<store::PostRecord> grantPost(const store::PostRecord& post);
    core::Status changePost(const store::PostRecord& post);

    /// Called with a person who may no longer be signed in. Set before use; typically ends all sessions.
    void onClosed(std::function<void(PersonId)> listener) { closed_ = std::move(listener); }

private:
    core::Status checkPlace(store::OrgKind kind, OrgId parent) const;
    core::Status checkPost(const store::PostRecord& post) const;

    Dependencies deps_;
    std::function<void(PersonId)> closed_;
};

/// Roles and when they are held.
struct HeldRoles {
    RoleSet roles;
    store::Validity validity;
};
/// True when somebody with these posts would hold two of the three administrator roles (三员) on some day.
bool administratorsClash(const std::vector<HeldRoles>& held);

/// True when a unit of kind `child` may stand under one of kind `parent`.
bool mayStandUnder(store::OrgKind child, store::OrgKind parent) noexcept;
/// "district", "department", "street", "community", "grid".
std::string_view toString(store::OrgKind kind) noexcept;
std::optional<store::OrgKind> orgKindFromText(std::string_view word) noexcept;

}  // namespace yimen::identity
