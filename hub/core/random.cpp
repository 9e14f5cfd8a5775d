#include "core/random.h"

#include <sys/random.h>

#include <cerrno>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"

namespace yimen::core {

std::string Random::hex(std::size_t bytes) {
    std::vector<std::uint8_t> raw(bytes);
    fill(raw);
    return toHex(raw);
}

std::string Random::base64Url(std::size_t bytes) {
    std::vector<std::uint8_t> raw(bytes);
    fill(raw);
    return toBase64Url(raw);
}

std::uint64_t Random::uint64() {
    std::array<std::uint8_t, 8> raw{};
    fill(raw);
    std::uint64_t value = 0;
    for (auto byte : raw) value = (value << 8U) | byte;
    return value;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        YIMEN_CHECK(got > 0);
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace yimen::core
