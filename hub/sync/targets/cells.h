#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sync/schema.h"

namespace yimen::sync {

/// The canonical texts of schema.h, read strictly. Any thread.

std::optional<std::int64_t> integerOf(std::string_view text) noexcept;
bool isDecimal(std::string_view text) noexcept;
/// Days since 1970-01-01; years 0001 to 9999.
std::optional<std::int32_t> dateOf(std::string_view text) noexcept;
/// Microseconds since 1970-01-01T00:00:00Z.
std::optional<std::int64_t> instantOf(std::string_view text) noexcept;
/// The one text of an instant in the shared database: +08:00, fraction without trailing zeros.
std::string instantText(std::int64_t micros);
/// UTF-8 without U+0000, which no PostgreSQL text holds.
bool isStorableText(std::string_view text) noexcept;

/// Why a cell is not of its type, for people and without the value; nullptr when it is. JSON is left to the database.
/// `checkText`: also text cells.
const char* wrongWith(FieldType type, std::string_view text, bool checkText) noexcept;

}  // namespace yimen::sync
