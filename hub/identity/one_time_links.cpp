#include "identity/one_time_links.h"

#include "crypto/digest.h"

namespace yimen::identity {

using core::Result;

namespace {

constexpr std::size_t kTokenBytes = 32;

std::string hashOf(const core::Secret& token) {
    // Only the hash is kept, so that a copy of the database opens no link.
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(token.reveal())));
}

}  // namespace

Result<core::Secret> OneTimeLinks::issue(std::string_view purpose, store::PersonId person,
                                         std::chrono::seconds lifetime) {
    core::Secret token(random_.base64Url(kTokenBytes));
    const std::string name(purpose);
    YIMEN_TRY_STATUS(store_.revoke(name, person));
    YIMEN_TRY_STATUS(store_.put({hashOf(token), name, person, clock_.wall() + lifetime}));
    return token;
}

Result<store::PersonId> OneTimeLinks::redeem(std::string_view purpose, const core::Secret& token) {
    YIMEN_TRY(const auto found, store_.consume(hashOf(token), std::string(purpose), clock_.wall()));
    if (!found) {
        return core::makeError(core::ErrorCode::kUnauthenticated,
                               "链接无效、已用过或已过期 / the link is not valid, was used or is too old");
    }
    return found->person;
}

}  // namespace yimen::identity
