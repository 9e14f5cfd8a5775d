#pragma once

#include <string_view>

namespace yimen::sync {

/// Strict UTF-8, several bytes at a time. Any thread.
bool validUtf8(std::string_view text) noexcept;

}  // namespace yimen::sync
