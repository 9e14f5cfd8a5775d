#include "sync/mapping/masks.h"

#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

/// `front` and `back` characters stay, a star for each other one; stars only when that would leave none.
CellText mask(std::string_view text, std::size_t front, std::size_t back, TextArena& arena) {
    const std::size_t all = characters(text);
    if (all <= front + back) front = back = 0;
    char* out = arena.room(text.size());
    std::size_t size = 0;
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t next = i + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
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
