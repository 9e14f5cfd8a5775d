#include "sync/targets/postgres/copy_rows.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sync/targets/cells.h"

namespace yimen::sync::postgres {

namespace {

constexpr std::int64_t kEpochDays = 10957;  ///< from 1970-01-01 to 2000-01-01
constexpr std::int64_t kEpochMicros = kEpochDays * 86400 * 1'000'000;

template <typename T>
void bigEndian(std::string& out, T value) {
    std::array<char, sizeof(T)> bytes{};
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        bytes[sizeof(T) - 1 - i] = static_cast<char>(value & 0xff);
        value = static_cast<T>(value >> 8U);
    }
    out.append(bytes.data(), bytes.size());
}

}  // namespace

void CopyRows::begin() {
    bytes_.append("PGCOPY\n\377\r\n\0", 11);
    number32(0);  // flags
    number32(0);  // header extension
}

void CopyRows::number16(std::int16_t value) {
    bigEndian(bytes_, static_cast<std::uint16_t>(value));
}

void CopyRows::number32(std::int32_t value) {
    bigEndian(bytes_, static_cast<std::uint32_t>(value));
}

void CopyRows::bigint(std::int64_t value) {
    number32(8);
    bigEndian(bytes_, static_cast<std::uint64_t>(value));
}

void CopyRows::integer(std::int32_t value) {
    number32(4);
    number32(value);
}

void CopyRows::text(std::string_view value) {
    number32(static_cast<std::int32_t>(value.size()));
    bytes_.append(value);
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
            bytes_ += static_cast<char>(cell == "true" ? 1 : 0);
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
