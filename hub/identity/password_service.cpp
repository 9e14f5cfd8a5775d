#include "identity/password_service.h"

#include <algorithm>

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Secret;
using core::Status;

namespace {

core::Error nobody() {
    return makeError(ErrorCode::kNotFound, "人员不存在 / there is no such person");
}

}  // namespace

Status PasswordService::change(PersonId person, const Secret& oldPassword, const Secret& newPassword) {
    const auto directory = deps_.directory.current();
    const store::PersonRecord* who = directory->person(person);
    if (who == nullptr) return nobody();
    YIMEN_TRY(const auto current, deps_.stores.credentials->get(person));
    if (!current || !deps_.hashing.verify(oldPassword, current->encodedHash)) {
        return makeError(ErrorCode::kUnauthenticated, "原口令不正确 / the old password is not right");
    }
    return set(*who, newPassword, false);
}

Status PasswordService::reset(PersonId person, const Secret& newPassword, bool mustChange) {
    const auto directory = deps_.directory.current();
    const store::PersonRecord* who = directory->person(person);
    if (who == nullptr) return nobody();
    return set(*who, newPassword, mustChange);
}

Status PasswordService::checkNew(const Secret& password, const store::PersonRecord& person) const {
    return deps_.policy.check(password, {person.username, person.name, person.phone});
}

Result<std::string> PasswordService::hashNew(const Secret& password, const store::PersonRecord& person) {
    YIMEN_TRY_STATUS(checkNew(password, person));
    return deps_.hashing.hash(password);
}

Status PasswordService::checkHistory(PersonId person, const Secret& password) {
    if (deps_.policy.rules().history <= 0) return {};
    YIMEN_TRY(std::vector<std::string> former, deps_.stores.credentials->history(person));
    YIMEN_TRY(const auto current, deps_.stores.credentials->get(person));
    if (current) former.insert(former.begin(), current->encodedHash);
    const auto count = std::min(former.size(), static_cast<std::size_t>(deps_.policy.rules().history));
    for (std::size_t i = 0; i < count; ++i) {
        if (deps_.hashing.verify(password, former[i])) {
            return makeError(ErrorCode::kInvalidInput,
                             "不能使用最近用过的口令 / the password was used before; choose another");
        }
    }
    return {};
}

Status PasswordService::set(const store::PersonRecord& person, const Secret& password, bool mustChange) {
    YIMEN_TRY_STATUS(checkNew(password, person));
    YIMEN_TRY_STATUS(checkHistory(person.id, password));
    YIMEN_TRY(std::string encoded, deps_.hashing.hash(password));
    return deps_.stores.credentials->set({person.id, std::move(encoded), deps_.clock.wall(), mustChange},
                                         std::max(0, deps_.policy.rules().history - 1));
}

}  // namespace yimen::identity
