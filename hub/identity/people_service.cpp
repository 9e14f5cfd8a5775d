#include "identity/people_service.h"

#include <algorithm>
#include <array>

#include "core/unicode.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;
using store::OrgKind;

namespace {

constexpr std::array<std::string_view, 5> kKinds{"district", "department", "street", "community", "grid"};

core::Error invalid(std::string message) {
    return makeError(ErrorCode::kInvalidInput, std::move(message));
}

}  // namespace

std::string_view toString(OrgKind kind) noexcept {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<OrgKind> orgKindFromText(std::string_view word) noexcept {
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (kKinds[i] == word) return static_cast<OrgKind>(i);
    }
    return std::nullopt;
}

bool mayStandUnder(OrgKind child, OrgKind parent) noexcept {
    switch (child) {
        case OrgKind::kDistrict:
            return false;
        case OrgKind::kDepartment:
            return parent == OrgKind::kDistrict || parent == OrgKind::kDepartment || parent == OrgKind::kStreet;
        case OrgKind::kStreet:
            return parent == OrgKind::kDistrict;
        case OrgKind::kCommunity:
            return parent == OrgKind::kStreet;
        case OrgKind::kGrid:
            return parent == OrgKind::kCommunity;
    }
    return false;
}

bool administratorsClash(const std::vector<HeldRoles>& held) {
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (held[i].roles.administratorCount() > 1) return true;
        for (std::size_t j = i + 1; j < held.size(); ++j) {
            RoleSet both = held[i].roles;
            both.addAll(held[j].roles);
            if (both.administratorCount() > 1 && held[i].validity.overlaps(held[j].validity)) return true;
        }
    }
    return false;
}

Result<store::PersonRecord> PeopleService::createPerson(store::PersonRecord person) {
    YIMEN_TRY(person.usernameKey, core::normalizeUsername(person.username));
    if (person.name.empty()) return invalid("name: 姓名不能为空 / the name must not be empty");
    person.createdAt = deps_.clock.wall();
    const std::lock_guard lock(deps_.directory.changing());
    YIMEN_TRY(store::PersonRecord made, deps_.stores.people->create(person));
    YIMEN_TRY_STATUS(deps_.directory.reload());
    return made;
}

Result<store::PersonRecord> PeopleService::updatePerson(store::PersonRecord person) {
    YIMEN_TRY(person.usernameKey, core::normalizeUsername(person.username));
    if (person.name.empty()) return invalid("name: 姓名不能为空 / the name must not be empty");
    Result<store::PersonRecord> made = makeError(ErrorCode::kInternal, "");
    {
        const std::lock_guard lock(deps_.directory.changing());
        made = deps_.stores.people->update(person);
        if (!made.ok()) return made;
        YIMEN_TRY_STATUS(deps_.directory.reload());
    }
    if (made->state != store::PersonState::kActive && closed_) closed_(made->id);
    return made;
}

Status PeopleService::checkPlace(OrgKind kind, OrgId parent) const {
    if (parent == 0) return {};
    const auto directory = deps_.directory.current();
    const store::OrganisationRecord* above = directory->organisation(parent);
    if (above == nullptr) return makeError(ErrorCode::kNotFound, "parent: 上级机构不存在 / there is no such unit");
    if (!mayStandUnder(kind, above->kind)) {
        return invalid("parent: a " + std::string(toString(kind)) + " cannot stand under a " +
                       std::string(toString(above->kind)));
    }
    return {};
}

Result<store::OrganisationRecord> PeopleService::createOrganisation(const store::OrganisationRecord& org,
                                                                    OrgId parent) {
    if (org.code.empty()) return invalid("code: 机构代码不能为空 / the code must not be empty");
    if (org.name.empty()) return invalid("name: 机构名称不能为空 / the name must not be empty");
    if (org.validity.from > org.validity.to) return invalid("valid_to: lies before valid_from");
    const std::lock_guard lock(deps_.directory.changing());
    if (deps_.directory.current()->organisationByCode(org.code) != nullptr) {
        return makeError(ErrorCode::kConflict, "code: 机构代码已被使用 / the code is, or was, another unit's");
    }
    YIMEN_TRY_STATUS(checkPlace(org.kind, parent));
    YIMEN_TRY(store::OrganisationRecord made, deps_.stores.organisations->create(org, parent));
    YIMEN_TRY_STATUS(deps_.directory.reload());
    return made;
}

Status PeopleService::moveOrganisation(OrgId org, OrgId parent, Day from) {
    const std::lock_guard lock(deps_.directory.changing());
    const auto directory = deps_.directory.current();
    const store::OrganisationRecord* moved = directory->organisation(org);
    if (moved == nullptr) return makeError(ErrorCode::kNotFound, "org: 机构不存在 / there is no such unit");
    YIMEN_TRY_STATUS(checkPlace(moved->kind, parent));
    // NOLINTNEXTLINE(readability-suspicious-call-argument): whether the new parent stands below the unit
    if (parent != 0 && directory->isWithin(parent, org, from)) {
        return invalid("parent: 上级机构在本机构之下 / the new parent stands below the unit itself");
    }
    // The whole directory of the new state must build, or a circle on some later day would slip in.
    const Status done = deps_.stores.transactor->transaction([&]() -> Status {
        YIMEN_TRY_STATUS(deps_.stores.organisations->move(org, parent, from));
        return deps_.directory.reload();
    });
    const Status shown = deps_.directory.reload();  // what was committed, not what was tried
    return done.ok() ? shown : done;
}

Status PeopleService::checkPost(const store::PostRecord& post) const {
    if (post.validity.from > post.validity.to) return invalid("valid_to: lies before valid_from");
    const auto roles = RoleSet::parse(post.roles);
    if (!roles.ok()) return invalid("roles: " + roles.error().message);
    const auto directory = deps_.directory.current();
    if (directory->person(post.person) == nullptr) {
        return makeError(ErrorCode::kNotFound, "person: 人员不存在 / there is no such person");
    }
    if (directory->organisation(post.org) == nullptr) {
        return makeError(ErrorCode::kNotFound, "org: 机构不存在 / there is no such unit");
    }
    std::vector<HeldRoles> held{{*roles, post.validity}};
    for (const Post* other : directory->allPostsOf(post.person)) {
        if (other->id != post.id) held.push_back({other->roles, other->validity});
    }
    if (administratorsClash(held)) {
        return invalid(
            "roles: 三员不得兼任，请先撤销另一管理员角色 / one person may hold only one of system_admin, "
            "security_admin and "
            "auditor; end the other one first");
    }
    return {};
}

Result<store::PostRecord> PeopleService::grantPost(const store::PostRecord& post) {
    const std::lock_guard lock(deps_.directory.changing());
    store::PostRecord wanted = post;
    wanted.id = 0;
    YIMEN_TRY_STATUS(checkPost(wanted));
    YIMEN_TRY(store::PostRecord made, deps_.stores.posts->create(wanted));
    YIMEN_TRY_STATUS(deps_.directory.reload());
    return made;
}

Status PeopleService::changePost(const store::PostRecord& post) {
    const std::lock_guard lock(deps_.directory.changing());
    const auto directory = deps_.directory.current();
    const Post* former = directory->post(post.id);
    if (former == nullptr) return makeError(ErrorCode::kNotFound, "post: 岗位不存在 / there is no such post");
    store::PostRecord wanted = post;
    wanted.person = former->person;
    wanted.org = former->org;
    YIMEN_TRY_STATUS(checkPost(wanted));
    YIMEN_TRY_STATUS(deps_.stores.posts->update(wanted));
    return deps_.directory.reload();
}

}  // namespace yimen::identity
