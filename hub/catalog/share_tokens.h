#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/random.h"
#include "core/secret.h"
#include "store/share_store.h"

namespace yimen::catalog {

/// Tokens of consuming systems: "yms_<number>_<256 random bits>". Shown once when issued; the store has an SM3 hash,
/// which needs no salt for random bits. Thread-safe, blocking.
class ShareTokens {
public:
    static constexpr std::size_t kMaxPerShare = 20;

    ShareTokens(store::ShareAccessStore& access, const core::Clock& clock, core::Random& random)
        : access_(access), clock_(clock), random_(random) {}

    core::Result<std::pair<store::ShareTokenRecord, core::Secret>> issue(store::ShareId share, const std::string& name,
                                                                         store::PersonId by);
    /// kUnauthenticated, in one form, for anything that is not a good token of this share.
    core::Result<store::ShareTokenRecord> check(store::ShareId share, std::string_view text);

private:
    store::ShareAccessStore& access_;
    const core::Clock& clock_;
    core::Random& random_;
};

}  // namespace yimen::catalog
