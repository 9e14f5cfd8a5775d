#include "identity/second_factors.h"

#include <array>
#include <cstring>

#include "core/ascii.h"
#include "core/unicode.h"
#include "crypto/digest.h"
#include "crypto/ticket.h"
#include "identity/totp.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Secret;
using core::Status;

namespace {

constexpr std::string_view kSetupPurpose = "second-factor-setup";
constexpr std::size_t kRecoveryBytes = 10;  ///< 80 random bits: a plain hash is enough, there is nothing to guess
constexpr std::size_t kRecoveryLength = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kLongestTyped = 64;

/// Payload of a set-up ticket: person, session, seed.
constexpr std::size_t kBoundBytes = 24;
using Payload = std::array<std::uint8_t, kBoundBytes + kTotpSeedBytes>;

void bind(Payload& payload, PersonId person, const SessionId& session) {
    std::memcpy(payload.data(), &person, 8);
    std::memcpy(payload.data() + 8, &session.high, 8);
    std::memcpy(payload.data() + 16, &session.low, 8);
}

/// A ":" cannot stand in an account name, so no account shares the counters of another's codes.
std::string throttleKey(const std::string& usernameKey) {
    return "code:" + usernameKey;
}

std::string hashOf(PersonId person, std::string_view code) {
    std::string text = "yimen.recovery";
    text.reserve(64);
    text += '\0';
    text += std::to_string(person);
    text += '\0';
    text += code;
    std::string hash = core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(text)));
    core::wipeText(text);
    return hash;
}

/// Letters and digits without the groups; "0" and "1" are not in the alphabet, so they were meant as letters.
std::optional<std::string> readRecoveryCode(std::string_view typed) {
    if (typed.size() > kLongestTyped) return std::nullopt;
    std::string code;
    for (const char c : typed) {
        if (c == ' ' || c == '-') continue;
        if (!core::isAlpha(c) && !core::isDigit(c)) return std::nullopt;
        if (c == '0') {
            code += 'O';
        } else if (c == '1') {
            code += 'I';
        } else {
            code += core::isAlpha(c) ? static_cast<char>(c & ~0x20) : c;
        }
    }
    if (code.size() != kRecoveryLength) return std::nullopt;
    return code;
}

Secret grouped(std::string_view code) {
    std::string text;
    text.reserve(code.size() + code.size() / kGroup);
    for (std::size_t at = 0; at < code.size(); at += kGroup) {
        if (at > 0) text += '-';
        text += code.substr(at, kGroup);
    }
    return Secret(std::move(text));
}

core::Error alreadyThere() {
    return makeError(ErrorCode::kConflict,
                     "已经设置过验证器，请先移除原来的 / there is an authenticator already; remove it");
}

}  // namespace

std::string_view wordOf(CodeResult result) noexcept {
    switch (result) {
        case CodeResult::kOk:
            return "ok";
        case CodeResult::kWrong:
            return "wrong";
        case CodeResult::kUsed:
            return "used";
        case CodeResult::kThrottled:
            return "throttled";
        case CodeResult::kLocked:
            return "locked";
        case CodeResult::kNotEnrolled:
            return "not_enrolled";
        case CodeResult::kUnavailable:
            break;
    }
    return "unavailable";
}

Result<std::optional<store::SecondFactorRecord>> SecondFactors::status(PersonId person) {
    return deps_.stores.secondFactors->get(person);
}

Result<SecondFactorSetup> SecondFactors::begin(const store::PersonRecord& person, const SessionId& session) {
    YIMEN_TRY(const auto present, status(person.id));
    if (present) return alreadyThere();
    Payload payload{};
    bind(payload, person.id, session);
    const std::span<std::uint8_t> seed = std::span(payload).subspan(kBoundBytes);
    deps_.random.fill(seed);
    SecondFactorSetup setup;
    setup.base32 = Secret(toBase32(seed));
    setup.uri = otpauthUri(rules_.issuer, person.username, seed);
    setup.expiresAt = deps_.clock.wall() + rules_.setupLifetime;
    auto ticket = deps_.sealer->seal(kSetupPurpose, payload, setup.expiresAt, deps_.random);
    crypto::wipe(payload);
    if (!ticket.ok()) return ticket.error();
    setup.ticket = Secret(std::move(*ticket));
    return setup;
}

SecondFactors::Issued SecondFactors::issueCodes(PersonId person) {
    Issued issued;
    for (int i = 0; i < rules_.recoveryCodes; ++i) {
        std::array<std::uint8_t, kRecoveryBytes> bytes{};
        deps_.random.fill(bytes);
        std::string code = toBase32(bytes);
        issued.hashes.push_back(hashOf(person, code));
        issued.plain.push_back(grouped(code));
        core::wipeText(code);
        crypto::wipe(bytes);
    }
    return issued;
}

Result<SecondFactors::RecoveryCodes> SecondFactors::confirm(const Confirmation& wanted) {
    Payload payload{};
    Payload expected{};
    bind(expected, wanted.person, wanted.session);
    const auto now = deps_.clock.wall();
    const auto size = deps_.sealer->openInto(kSetupPurpose, wanted.ticket.reveal(), now, payload);
    if (size != payload.size() || std::memcmp(payload.data(), expected.data(), kBoundBytes) != 0) {
        return makeError(ErrorCode::kDenied, "设置已过期，请重新开始 / the set-up is out of date; begin again");
    }
    const Secret seed{std::string(core::asText(std::span(payload).subspan(kBoundBytes)))};
    crypto::wipe(payload);
    const auto code = readTotpCode(wanted.typed.reveal());
    const auto step = code ? matchTotp(core::asBytes(seed.reveal()), *code, now, rules_.window) : std::nullopt;
    if (!step) return makeError(ErrorCode::kUnauthenticated, "验证码不对 / the code is not right");
    if (wanted.name.empty() || wanted.name.size() > kMaxName || core::characterCount(wanted.name) == 0) {
        return makeError(ErrorCode::kInvalidInput,
                         "请给设备起一个名称，最多 60 字节 / name the device in at most 60 bytes");
    }
    Issued issued = issueCodes(wanted.person);
    const store::SecondFactorRecord record{wanted.person, wanted.name, now, now, *step, 0};
    const Status stored = deps_.stores.transactor->transaction([&]() -> Status {
        YIMEN_TRY_STATUS(deps_.stores.secondFactors->create(record, issued.hashes));
        return deps_.seeds.put(wanted.person, seed);
    });
    if (!stored.ok()) return stored.error().code == ErrorCode::kConflict ? alreadyThere() : stored.error();
    return std::move(issued.plain);
}

CodeVerdict SecondFactors::verify(const CodeAttempt& attempt) {
    CodeVerdict verdict;
    const auto present = status(attempt.person);
    if (!present.ok()) return verdict;
    verdict.result = CodeResult::kNotEnrolled;
    if (!*present) return verdict;
    LoginSource source = attempt.source;
    source.deviceId = deps_.devices.read(attempt.usernameKey, attempt.deviceCookie);
    const std::string key = throttleKey(attempt.usernameKey);
    const LoginThrottle::Decision decision = deps_.throttle.admit(key, source);
    if (!decision.admitted) {
        verdict.result = decision.locked ? CodeResult::kLocked : CodeResult::kThrottled;
        verdict.retryAfter = decision.retryAfter;
        return verdict;
    }
    verdict.result = check(attempt, verdict.recovery);
    if (verdict.result == CodeResult::kUnavailable) {
        deps_.throttle.abandoned(key, source);
    } else if (verdict.result != CodeResult::kOk) {
        deps_.throttle.failed(key, source);
    } else {
        deps_.throttle.succeeded(key, source);
        if (source.deviceId.empty()) verdict.deviceCookie = deps_.devices.issue(attempt.usernameKey).valueOr("");
    }
    return verdict;
}

CodeResult SecondFactors::check(const CodeAttempt& attempt, bool& recovery) {
    const auto code = readTotpCode(attempt.typed.reveal());
    recovery = !code;
    if (recovery) return checkRecovery(attempt);
    const auto seed = deps_.seeds.open(attempt.person, "step_up");
    if (!seed.ok()) return CodeResult::kUnavailable;
    const auto now = deps_.clock.wall();
    const auto step = matchTotp(core::asBytes(seed->reveal()), *code, now, rules_.window);
    if (!step) return CodeResult::kWrong;
    const auto accepted = deps_.stores.secondFactors->acceptStep(attempt.person, *step, now);
    if (!accepted.ok()) return CodeResult::kUnavailable;
    return *accepted ? CodeResult::kOk : CodeResult::kUsed;
}

CodeResult SecondFactors::checkRecovery(const CodeAttempt& attempt) {
    auto code = readRecoveryCode(attempt.typed.reveal());
    if (!code) return CodeResult::kWrong;
    const std::string hash = hashOf(attempt.person, *code);
    core::wipeText(*code);
    const auto used = deps_.stores.secondFactors->useRecoveryCode(attempt.person, hash, deps_.clock.wall());
    if (!used.ok()) return CodeResult::kUnavailable;
    return *used ? CodeResult::kOk : CodeResult::kWrong;
}

Result<SecondFactors::RecoveryCodes> SecondFactors::renewRecoveryCodes(PersonId person) {
    Issued issued = issueCodes(person);
    YIMEN_TRY_STATUS(deps_.stores.secondFactors->replaceRecoveryCodes(person, issued.hashes));
    return std::move(issued.plain);
}

Status SecondFactors::remove(PersonId person) {
    return deps_.stores.transactor->transaction([&]() -> Status {
        YIMEN_TRY_STATUS(deps_.stores.secondFactors->remove(person));
        const Status gone = deps_.seeds.remove(person);
        return gone.ok() || gone.error().code == ErrorCode::kNotFound ? Status{} : gone;
    });
}

}  // namespace yimen::identity
