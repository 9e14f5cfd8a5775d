#include "identity/authenticator.h"

#include "core/log.h"
#include "core/unicode.h"
#include "crypto/ticket.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;

namespace {

constexpr std::size_t kDeviceBytes = 16;
constexpr std::size_t kMaxUserAgent = 160;

core::Error refused(const char* cause) {
    return makeError(ErrorCode::kUnauthenticated, "用户名或口令不正确 / wrong user name or password", cause);
}

}  // namespace

/// Payload: the device's id in hexadecimal, then the account.
Result<std::string> DeviceCookies::issue(std::string_view usernameKey) const {
    const std::string payload = random_.hex(kDeviceBytes) + std::string(usernameKey);
    return sealer_->seal(purpose_, core::asBytes(payload), clock_.wall() + kLifetime, random_);
}

std::string DeviceCookies::read(std::string_view usernameKey, std::string_view cookie) const {
    if (cookie.empty()) return {};
    const auto payload = sealer_->open(purpose_, cookie, clock_.wall());
    if (!payload.ok()) return {};
    const std::string_view text = core::asText(*payload);
    if (text.size() <= 2 * kDeviceBytes || text.substr(2 * kDeviceBytes) != usernameKey) return {};
    return std::string(text.substr(0, 2 * kDeviceBytes));
}

PasswordAuthenticator::PasswordAuthenticator(Dependencies dependencies)
    : deps_(dependencies), dummyHash_(deps_.hashing.dummyHash()) {}

LoginAdmission PasswordAuthenticator::begin(std::string_view username, LoginSource source,
                                            std::string_view deviceCookie) {
    LoginAdmission admission;
    LoginAttempt& attempt = admission.attempt;
    // A name that cannot exist goes all the way too; such names share one empty key per source.
    attempt.usernameKey = core::normalizeUsername(username).valueOr("");
    const auto directory = deps_.directory.current();
    if (const store::PersonRecord* person = directory->personByKey(attempt.usernameKey)) attempt.person = person->id;
    attempt.source = std::move(source);
    attempt.source.userAgent.resize(std::min(attempt.source.userAgent.size(), kMaxUserAgent));
    attempt.source.deviceId = deps_.devices.read(attempt.usernameKey, deviceCookie);
    const LoginThrottle::Decision decision = deps_.throttle.admit(attempt.usernameKey, attempt.source);
    admission.admitted = decision.admitted;
    admission.retryAfter = decision.retryAfter;
    admission.locked = decision.locked;
    return admission;
}

LoginVerdict PasswordAuthenticator::verify(const LoginAttempt& attempt, const core::Secret& password) {
    LoginVerdict verdict;
    const auto stored = deps_.stores.credentials->get(attempt.person);
    verdict.storeFailed = !stored.ok();
    const bool known = stored.ok() && stored->has_value();
    const std::string& encoded = known ? (*stored)->encodedHash : dummyHash_;
    const bool matched = deps_.hashing.verify(password, encoded);
    verdict.matched = matched && known;
    if (!verdict.matched) return verdict;
    verdict.mustChange = (*stored)->mustChange;
    verdict.changedAt = (*stored)->changedAt;
    if (deps_.hashing.needsRehash(encoded)) strengthen(attempt.person, encoded, password);
    return verdict;
}

/// Costs one more hash, once per change of cost, and only whoever knows the password can see the time.
void PasswordAuthenticator::strengthen(PersonId person, const std::string& encoded, const core::Secret& password) {
    const auto stronger = deps_.hashing.hash(password);
    core::Status done = stronger.ok() ? deps_.stores.credentials->rehash(person, encoded, *stronger) : stronger.error();
    if (!done.ok()) core::logWarn("identity.password.rehash_failed", {{"reason", done.error().detail}});
}

const char* PasswordAuthenticator::whyRefused(const LoginAttempt& attempt, const LoginVerdict& verdict) const {
    if (attempt.person == 0) return "unknown_user";
    if (!verdict.matched) return "wrong_password";
    const auto directory = deps_.directory.current();
    const store::PersonRecord* person = directory->person(attempt.person);
    if (person == nullptr || person->state != store::PersonState::kActive) return "disabled";
    const bool limited = person->expiresAt != core::WallTime{};
    if (limited && deps_.clock.wall() >= person->expiresAt) return "expired";
    return nullptr;
}

Result<LoginResult> PasswordAuthenticator::finish(const LoginAttempt& attempt, const LoginVerdict& verdict) {
    if (verdict.storeFailed) {
        deps_.throttle.abandoned(attempt.usernameKey, attempt.source);
        return makeError(ErrorCode::kUnavailable,
                         "暂时无法登录，请稍后再试 / sign-in is not possible now; try again later", "credential store");
    }
    if (const char* cause = whyRefused(attempt, verdict)) {
        deps_.throttle.failed(attempt.usernameKey, attempt.source);
        return refused(cause);
    }
    deps_.throttle.succeeded(attempt.usernameKey, attempt.source);
    LoginResult result;
    result.person = attempt.person;
    if (verdict.mustChange) {
        result.mustChange = MustChange::kSetByOther;
    } else if (deps_.policy.expired(verdict.changedAt, deps_.clock.wall())) {
        result.mustChange = MustChange::kExpired;
    }
    if (attempt.source.deviceId.empty()) {
        YIMEN_TRY(result.deviceCookie, deps_.devices.issue(attempt.usernameKey));
    }
    return result;
}

void PasswordAuthenticator::abandon(const LoginAttempt& attempt) {
    deps_.throttle.abandoned(attempt.usernameKey, attempt.source);
}

}  // namespace yimen::identity
