#include "sync/mapping/masks.h"

namespace yimen::sync::mapping {

namespace {

std::size_t nextCharacter(std::string_view text, std::size_t at) noexcept {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    return at;
}

/// `front` and `back` characters stay, a star for each other one; stars only when that would leave none.
CellText mask(std::string_view text, std::size_t front, std::size_t back, TextArena& arena) {
    std::size_t all = 0;
    for (std::size_t i = 0; i < text.size(); i = nextCharacter(text, i)) ++all;
    if (all <= front + back) front = back = 0;
    char* out = arena.room(text.size());
    std::size_t size = 0;
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t next = nextCharacter(text, i);
        if (number < front || number + back >= all) {
            std::memcpy(out + size, text.data() + i, next - i);
            size += next - i;
        } else {
            out[size++] = '*';
        }
        ++number;
        i = next;
    }
    return arena.commit(size);
}

}  // namespace

CellText maskIdNumber(std::string_view text, TextArena& arena) {
    return mask(text, 6, 4, arena);
}

CellText maskPhone(std::string_view text, TextArena& arena) {
    return mask(text, 3, 4, arena);
}

CellText maskName(std::string_view text, TextArena& arena) {
    return mask(text, 1, 0, arena);
}

}  // namespace yimen::sync::mapping
