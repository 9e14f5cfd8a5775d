// Whatever a source writes: the canonical text of a value is canonical, and no longer than its limits.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/mapping/dates.h"
#include "sync/mapping/decimal.h"
#include "sync/mapping/identifiers.h"
#include "sync/mapping/masks.h"
#include "sync/mapping/text_ops.h"

using namespace yimen::sync::mapping;

namespace {

TextArena arena;  // emptied before each input

void require(bool condition) {
    if (!condition) std::abort();
}

/// What comes out once comes out again unchanged.
template <typename Make>
void stable(std::string_view text, Make make) {
    const CellText once = make(text, arena);
    if (isNullCell(once)) return;
    require(make(once, arena) == once);
}

void dates(std::string_view text) {
    for (const char* spelling :
         {"iso", "excel", "unix", "unix_ms", "yyyy年M月d日", "yyyy-MM-dd HH:mm:ss.SZ", "d.M.yyyy"}) {
        for (const bool withTime : {false, true}) {
            const DateRule first{{*DateFormat::compile(spelling)}, 8 * 3600, withTime};
            const DateRule again{{DateFormat::iso()}, 8 * 3600, withTime};
            const CellText once = canonicalDate(text, first, arena);
            if (!isNullCell(once)) require(canonicalDate(once, again, arena) == once);
        }
    }
}

void numbers(std::string_view text) {
    const Scale one;
    stable(text, [&](std::string_view t, TextArena& room) { return canonicalDecimal(t, one, room).text; });
    stable(text, [&](std::string_view t, TextArena& room) { return canonicalInteger(t, one, room).text; });
    const auto scaled = canonicalDecimal(text, *Scale::parse("0.123456789012345678"), arena);
    require(scaled.text.size() <= 2 * kMaxNumberDigits + 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    arena.reset();
    dates(text);
    numbers(text);
    stable(text, canonicalIdCard);
    stable(text, canonicalCreditCode);
    stable(text, canonicalDivision);
    stable(text, canonicalPhone);
    stable(text, halfWidth);
    require(maskIdNumber(text, arena).size() <= text.size());
    require(maskName(text, arena).size() <= text.size());
    require(trimmed(text).size() <= text.size());
    require(shown(text).size() <= 200);
    if (const auto format = DateFormat::compile(text); format.ok()) format->parse("2026-06-30");
    return 0;
}
