#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"

namespace yimen::store {

/// Numbers given by the store, from 1, never given twice. 0 means "none".
using PersonId = std::int64_t;
using OrgId = std::int64_t;
using PostId = std::int64_t;

/// A calendar day: days since 1970-01-01 in the time zone of the site (which day it is now is the caller's to say).
using Day = std::int32_t;
inline constexpr Day kAlways = std::numeric_limits<Day>::min();   ///< as a first day: since ever
inline constexpr Day kOpenEnd = std::numeric_limits<Day>::max();  ///< as a last day: no end known

/// First and last day, both included.
struct Validity {
    Day from = kAlways;
    Day to = kOpenEnd;

    bool includes(Day day) const noexcept { return from <= day && day <= to; }
    bool overlaps(const Validity& other) const noexcept { return from <= other.to && other.from <= to; }
    friend bool operator==(const Validity&, const Validity&) = default;
};

}  // namespace yimen::store
