#include "main/second_factor_parts.h"

#include "main/settings.h"

namespace yimen::main {

namespace {

/// Six digits are worth less than a password, and who is asked for them has shown the password already: unknown places
/// together get fewer tries and then one in five minutes, under a thousandth of a hit a day.
constexpr int kCodeAccountFailures = 20;
constexpr std::chrono::minutes kCodeStrangerDelay{5};

identity::ThrottleLimits codeLimitsOf(const config::Throttle& from) {
    identity::ThrottleLimits limits = throttleOf(from);
    limits.accountFailures = std::min(limits.accountFailures, kCodeAccountFailures);
    limits.strangerDelay = std::max<std::chrono::seconds>(limits.strangerDelay, kCodeStrangerDelay);
    return limits;
}

identity::SecondFactorRules rulesOf(const config::Snapshot& config) {
    const config::SecondFactor& from = config.secondFactor;
    return {static_cast<int>(from.window), seconds(from.setupLifetime), static_cast<int>(from.recoveryCodes),
            from.issuer.empty() ? config.district.nameZh : from.issuer};
}

}  // namespace

SecondFactorParts::SecondFactorParts(Foundation& base)
    : seeds(*base.vault),
      throttle(codeLimitsOf(base.config->throttle), base.clock, *base.stores.locks),
      devices(base.tickets, base.clock, base.random, identity::DeviceCookies::kCodePurpose),
      service(rulesOf(*base.config), {base.stores, seeds, throttle, devices, base.tickets, base.clock, base.random}) {}

}  // namespace yimen::main
