#pragma once

#include <string>
#include <string_view>

namespace yimen::sync {

/// A last line such as "EOF {count}" that says how many records came before it.
/// Whether the line is one: it begins as the pattern does before its {count}.
bool looksLikeEndMark(std::string_view line, std::string_view pattern) noexcept;
/// What the line has to say after so many records.
std::string endMark(std::string_view pattern, unsigned long long records);

}  // namespace yimen::sync
