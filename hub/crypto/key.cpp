#include "crypto/key.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace yimen::crypto {

void wipe(std::span<std::uint8_t> bytes) noexcept {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

core::Result<Key> Key::fromBytes(core::ByteView bytes) {
    if (bytes.size() != kSize) {
        return core::makeError(core::ErrorCode::kInvalidInput, "a key must have exactly 32 bytes");
    }
    Key key;
    std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
    return key;
}

Key Key::generate(core::Random& random) {
    Key key;
    random.fill(key.bytes_);
    return key;
}

Key::~Key() {
    wipe(bytes_);
}

}  // namespace yimen::crypto
