#pragma once

#include <string_view>

#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// What may be shown of a personal value. Characters, not bytes. Any thread, own arena.

/// 210211********1234: six in front and four behind; a shorter one is stars only.
CellText maskIdNumber(std::string_view text, TextArena& arena);
/// 138****5678: three in front and four behind.
CellText maskPhone(std::string_view text, TextArena& arena);
/// 张**: the first character.
CellText maskName(std::string_view text, TextArena& arena);

}  // namespace yimen::sync::mapping
