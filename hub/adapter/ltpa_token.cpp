#include "adapter/ltpa_token.h"

#include <cstdio>

#include "crypto/digest.h"

namespace yimen::adapter {

std::string makeLtpaToken(std::string_view userBytes, core::ByteView secret, core::WallTime created,
                          core::WallTime expires) {
    char times[17];
    std::snprintf(times, sizeof times, "%08X%08X", static_cast<unsigned>(core::toUnixSeconds(created)),
                  static_cast<unsigned>(core::toUnixSeconds(expires)));
    core::Bytes token{0, 1, 2, 3};
    const auto append = [](core::Bytes& to, core::ByteView part) { to.insert(to.end(), part.begin(), part.end()); };
    append(token, core::asBytes(std::string_view(times, 16)));
    append(token, core::asBytes(userBytes));
    core::Bytes keyed = token;
    append(keyed, secret);
    append(token, crypto::digest(crypto::DigestAlgorithm::kSha1, keyed));
    return core::toBase64(token);
}

}  // namespace yimen::adapter
