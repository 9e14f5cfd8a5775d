#include "catalog/share_masks.h"

#include <algorithm>
#include <array>

#include "crypto/digest.h"
#include "sync/mapping/masks.h"

namespace yimen::catalog {

namespace {

std::size_t charactersOf(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// 大连市甘井子区机场街道****: everything behind the first word for a street or town is hidden; without one, all is.
std::string maskedAddress(std::string_view text) {
    std::size_t kept = 0;
    for (const std::string_view mark : {std::string_view("街道"), std::string_view("镇"), std::string_view("乡"),
                                        std::string_view("区"), std::string_view("县")}) {
        const std::size_t at = text.find(mark);
        if (at == std::string_view::npos) continue;
        kept = at + mark.size();
        break;
    }
    return std::string(text.substr(0, kept)) +
           std::string(std::max<std::size_t>(charactersOf(text.substr(kept)), 1), '*');
}

/// "2:ab3:cde": no two lists of texts give the same.
void append(std::string& out, std::string_view text) {
    out += std::to_string(text.size());
    out += ':';
    out += text;
}

}  // namespace

std::string ShareMasks::keyedHash(std::string_view text, std::string_view scope) const {
    std::string all;
    append(all, scope);
    all += text;
    return core::toHex(crypto::hmac(crypto::DigestAlgorithm::kSm3, key_.bytes(), core::asBytes(all)));
}

std::string ShareMasks::masked(Mask mask, std::string_view value, std::string_view scope) const {
    thread_local sync::mapping::TextArena arena;
    arena.reset();
    switch (mask) {
        case Mask::kPlain:
            return std::string(value);
        case Mask::kName:
            return std::string(sync::mapping::maskName(value, arena));
        case Mask::kIdNumber:
            return std::string(sync::mapping::maskIdNumber(value, arena));
        case Mask::kPhone:
            return std::string(sync::mapping::maskPhone(value, arena));
        case Mask::kAddress:
            return maskedAddress(value);
        case Mask::kHash:
            break;
    }
    return keyedHash(value, scope);
}

std::string ShareMasks::rowName(const std::vector<std::string>& keyCells, std::string_view scope) const {
    std::string all;
    for (const std::string& cell : keyCells) append(all, cell);
    return keyedHash(all, "row of " + std::string(scope)).substr(0, 32);
}

}  // namespace yimen::catalog
