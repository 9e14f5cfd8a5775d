#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yimen::mysql {

/// At least `digits` digits, with zeros in front.
void appendPadded(std::uint64_t value, std::size_t digits, std::string& out);

/// FLOAT and DOUBLE as the server writes them: the shortest digits that give the number back, for a FLOAT at most six;
/// with `decimals` always so many behind the point.
void appendReal(double value, bool single, std::optional<unsigned> decimals, std::string& out);

/// Bytes of a packed decimal (DECIMAL of `precision` digits, `scale` of them behind the point).
std::size_t decimalSize(unsigned precision, unsigned scale);
void appendDecimal(unsigned precision, unsigned scale, std::string_view bytes, std::string& out);

}  // namespace yimen::mysql
