#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "core/result.h"

namespace yimen::sync {

/// The district's working days: Monday to Friday, but for public holidays and the weekends worked in their place
/// (调休), which the State Council publishes each year: data, never code. Immutable, any thread.
class WorkingCalendar {
public:
    WorkingCalendar() = default;
    /// A file of two lists of dates: `holidays:` (days off) and `workdays:` (weekends that are worked).
    /// kInvalidInput with file:line:column; a day in both lists is an error.
    static core::Result<WorkingCalendar> load(const std::string& path);
    static core::Result<WorkingCalendar> read(const config::YamlNode& root);

    bool isWorkingDay(std::chrono::sys_days day) const;

private:
    std::set<std::chrono::sys_days> holidays_;
    std::set<std::chrono::sys_days> workdays_;
};

/// Five fields of cron(5): minute hour day-of-month month day-of-week, each a `*`, a number, a range, a list, with
/// steps; Sunday is 0 or 7; when both days are restricted either matches. Local time of the district. A value.
class CronRule {
public:
    static core::Result<CronRule> parse(std::string_view text);
    /// The first matching minute after `after` (ms since 1970), on a working day of `calendar` when one is given.
    /// Nothing within five years: the rule never matches (30 February).
    std::optional<std::int64_t> next(std::int64_t after, const WorkingCalendar* calendar) const;

private:
    bool matchesDay(std::chrono::sys_days day) const;

    std::uint64_t minutes_ = 0;
    std::uint64_t hours_ = 0;
    std::uint64_t days_ = 0;
    std::uint64_t months_ = 0;
    std::uint64_t weekdays_ = 0;
    bool anyDay_ = false;
    bool anyWeekday_ = false;
};

/// China has one zone and no summer time.
inline constexpr std::chrono::hours kDistrictOffset{8};

}  // namespace yimen::sync
