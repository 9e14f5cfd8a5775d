#include "sync/targets/postgres/copy_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "sync/targets/cells.h"

namespace yimen::sync::postgres {

namespace {

constexpr std::int64_t kEpochDays = 10957;  ///< from 1970-01-01 to 2000-01-01
constexpr std::int64_t kEpochMicros = kEpochDays * 86400 * 1'000'000;

/// The value as it goes over the wire: most significant byte first. x86-64 and arm64 hold it the other way round.
std::uint16_t wire(std::uint16_t value) noexcept {
    return __builtin_bswap16(value);
}
std::uint32_t wire(std::uint32_t value) noexcept {
    return __builtin_bswap32(value);
}
std::uint64_t wire(std::uint64_t value) noexcept {
    return __builtin_bswap64(value);
}
static_assert(std::endian::native == std::endian::little);

template <typename T>
char* put(char* to, T value) noexcept {
    const T bytes = wire(value);
    std::memcpy(to, &bytes, sizeof(bytes));
    return to + sizeof(bytes);
}

}  // namespace

char* CopyRows::room(std::size_t length) {
    if (size_ + length > memory_.size()) memory_.resize(std::max(size_ + length, memory_.size() * 2));
    char* const at = memory_.data() + size_;
    size_ += length;
    return at;
}

void CopyRows::begin() {
    constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
    std::memcpy(room(kSignature.size()), kSignature.data(), kSignature.size());
    number32(0);  // flags
    number32(0);  // header extension
}

void CopyRows::number16(std::int16_t value) {
    put(room(2), static_cast<std::uint16_t>(value));
}

void CopyRows::number32(std::int32_t value) {
    put(room(4), static_cast<std::uint32_t>(value));
}

void CopyRows::bigint(std::int64_t value) {
    put(put(room(12), std::uint32_t{8}), static_cast<std::uint64_t>(value));
}

void CopyRows::integer(std::int32_t value) {
    put(put(room(8), std::uint32_t{4}), static_cast<std::uint32_t>(value));
}

void CopyRows::text(std::string_view value) {
    char* const at = put(room(4 + value.size()), static_cast<std::uint32_t>(value.size()));
    if (!value.empty()) std::memcpy(at, value.data(), value.size());
}

void CopyRows::cell(FieldType type, const Batch& rows, std::size_t row, std::size_t column) {
    if (rows.isNull(row, column)) return number32(-1);
    const std::string_view cell = rows.text(row, column);
    switch (type) {
        case FieldType::kText:
        case FieldType::kJson:
            return text(cell);
        case FieldType::kInteger:
            return bigint(integerOf(cell).value_or(0));
        case FieldType::kDecimal:
            return numeric(cell);
        case FieldType::kBoolean:
            number32(1);
            *room(1) = static_cast<char>(cell == "true" ? 1 : 0);
            return;
        case FieldType::kDate:
            return integer(dateOf(cell).value_or(0) - static_cast<std::int32_t>(kEpochDays));
        case FieldType::kDateTime:
            return bigint(instantOf(cell).value_or(0) - kEpochMicros);
    }
}

void CopyRows::numeric(std::string_view decimal) {
    const bool negative = decimal.front() == '-';
    if (negative) decimal.remove_prefix(1);
    const std::size_t point = std::min(decimal.find('.'), decimal.size());
    const std::string_view whole = decimal.substr(0, point);
    const std::string_view fraction = point < decimal.size() ? decimal.substr(point + 1) : std::string_view{};
    // Groups of four digits on either side of the point; the first may be short, the last is filled up.
    std::vector<std::int16_t> groups;
    for (std::size_t at = 0; at < whole.size();) {
        const std::size_t take = (whole.size() - at - 1) % 4 + 1;
        int group = 0;
        for (std::size_t i = 0; i < take; ++i) group = group * 10 + (whole[at + i] - '0');
        groups.push_back(static_cast<std::int16_t>(group));
        at += take;
    }
    auto weight = static_cast<std::int16_t>(groups.size() - 1);
    for (std::size_t at = 0; at < fraction.size(); at += 4) {
        int group = 0;
        for (std::size_t i = at; i < at + 4; ++i) group = group * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
        groups.push_back(static_cast<std::int16_t>(group));
    }
    while (!groups.empty() && groups.back() == 0) groups.pop_back();
    const auto first = std::find_if(groups.begin(), groups.end(), [](std::int16_t group) { return group != 0; });
    weight = static_cast<std::int16_t>(weight - (first - groups.begin()));
    groups.erase(groups.begin(), first);
    if (groups.empty()) weight = 0;
    number32(static_cast<std::int32_t>(8 + 2 * groups.size()));
    number16(static_cast<std::int16_t>(groups.size()));
    number16(weight);
    number16(negative ? 0x4000 : 0);
    number16(static_cast<std::int16_t>(fraction.size()));
    for (const std::int16_t group : groups) number16(group);
}

}  // namespace yimen::sync::postgres
