#include "binlog_times.h"

#include "binlog_bytes.h"
#include "binlog_numbers.h"

namespace yimen::mysql {

namespace {

struct Moment {
    std::uint64_t year = 0;
    std::uint64_t month = 0;
    std::uint64_t day = 0;
    std::uint64_t hour = 0;
    std::uint64_t minute = 0;
    std::uint64_t second = 0;
    std::uint64_t fraction = 0;
};

void appendDate(const Moment& m, std::string& out) {
    appendPadded(m.year, 4, out);
    out += '-';
    appendPadded(m.month, 2, out);
    out += '-';
    appendPadded(m.day, 2, out);
}

void appendClock(const Moment& m, unsigned digits, std::string& out) {
    appendPadded(m.hour, 2, out);
    out += ':';
    appendPadded(m.minute, 2, out);
    out += ':';
    appendPadded(m.second, 2, out);
    if (digits == 0) return;
    out += '.';
    appendPadded(m.fraction, digits, out);
}

void appendMoment(const Moment& m, unsigned digits, std::string& out) {
    appendDate(m, out);
    out += ' ';
    appendClock(m, digits, out);
}

/// Parts of a second are stored in pairs of digits: the last of an odd number is zero and not shown.
std::uint64_t readFraction(Bytes& in, unsigned digits) {
    const std::uint64_t value = in.big((digits + 1) / 2);
    return digits % 2 == 1 ? value / 10 : value;
}

void appendDatetime(unsigned digits, Bytes& in, std::string& out) {
    const std::uint64_t packed = in.big(5) & 0x7fffffffffU;  // the highest bit is set in every one
    Moment m;
    const std::uint64_t date = packed >> 17U;
    m.day = date & 31U;
    m.month = (date >> 5U) % 13;
    m.year = (date >> 5U) / 13;
    m.hour = packed >> 12U & 31U;
    m.minute = packed >> 6U & 63U;
    m.second = packed & 63U;
    m.fraction = readFraction(in, digits);
    appendMoment(m, digits, out);
}

/// The Gregorian calendar of days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
Moment dayOf(std::int64_t days) {
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t ofEra = shifted - era * 146097;
    const std::int64_t year = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
    const std::int64_t ofYear = ofEra - (365 * year + year / 4 - year / 100);
    const std::int64_t month = (5 * ofYear + 2) / 153;
    Moment out;
    out.day = static_cast<std::uint64_t>(ofYear - (153 * month + 2) / 5 + 1);
    out.month = static_cast<std::uint64_t>(month < 10 ? month + 3 : month - 9);
    out.year = static_cast<std::uint64_t>(year + era * 400 + (month >= 10 ? 1 : 0));
    return out;
}

void appendTimestamp(std::uint64_t seconds, std::uint64_t fraction, unsigned digits, std::int32_t zone,
                     std::string& out) {
    Moment m;
    if (seconds != 0 || fraction != 0) {
        const std::int64_t there = static_cast<std::int64_t>(seconds) + zone;
        const std::int64_t day = (there >= 0 ? there : there - 86399) / 86400;
        const auto ofDay = static_cast<std::uint64_t>(there - day * 86400);
        m = dayOf(day);
        m.hour = ofDay / 3600;
        m.minute = ofDay / 60 % 60;
        m.second = ofDay % 60;
        m.fraction = fraction;
    }
    appendMoment(m, digits, out);
}

/// Sign, ten bits of hours, six of minutes, six of seconds, then the parts of a second; all of it one number that is
/// stored with an offset, so that its bytes are in order.
void appendDuration(unsigned digits, Bytes& in, std::string& out) {
    const std::size_t parts = (digits + 1) / 2;
    const std::uint64_t half = std::uint64_t{1} << (23U + 8U * parts);
    const std::uint64_t packed = in.big(3 + parts);
    const std::uint64_t size = packed >= half ? packed - half : half - packed;
    const std::uint64_t fraction = size & ((std::uint64_t{1} << (8U * parts)) - 1);
    const std::uint64_t clock = size >> (8U * parts);
    Moment m;
    m.hour = clock >> 12U & 0x3ffU;
    m.minute = clock >> 6U & 63U;
    m.second = clock & 63U;
    m.fraction = digits % 2 == 1 ? fraction / 10 : fraction;
    if (packed < half) out += '-';
    appendClock(m, digits, out);
}

void appendOldTime(Bytes& in, std::string& out) {
    const std::uint64_t raw = in.little(3);
    const bool negative = (raw & 0x800000U) != 0;
    const std::uint64_t value = negative ? 0x1000000U - raw : raw;
    Moment m;
    m.hour = value / 10000;
    m.minute = value / 100 % 100;
    m.second = value % 100;
    if (negative) out += '-';
    appendClock(m, 0, out);
}

void appendOldDatetime(Bytes& in, std::string& out) {
    const std::uint64_t value = in.little(8);
    const std::uint64_t date = value / 1000000;
    if (date > 99991231) failCorrupt("a time beyond the year 9999");
    appendMoment({date / 10000, date / 100 % 100, date % 100, value / 10000 % 100, value / 100 % 100, value % 100, 0},
                 0, out);
}

}  // namespace

std::size_t timeSize(LogType type, unsigned digits) {
    const std::size_t parts = (digits + 1) / 2;
    switch (type) {
        case LogType::kDate:
        case LogType::kOldTime:
            return 3;
        case LogType::kTime:
            return 3 + parts;
        case LogType::kDatetime:
            return 5 + parts;
        case LogType::kTimestamp:
            return 4 + parts;
        case LogType::kOldTimestamp:
            return 4;
        default:
            return 8;
    }
}

void appendTime(LogType type, unsigned digits, std::int32_t zone, std::string_view bytes, std::string& out) {
    Bytes in(bytes);
    switch (type) {
        case LogType::kDate: {
            const std::uint64_t packed = in.little(3);
            return appendDate({packed >> 9U, packed >> 5U & 15U, packed & 31U, 0, 0, 0, 0}, out);
        }
        case LogType::kTime:
            return appendDuration(digits, in, out);
        case LogType::kDatetime:
            return appendDatetime(digits, in, out);
        case LogType::kTimestamp: {
            const std::uint64_t seconds = in.big(4);
            return appendTimestamp(seconds, readFraction(in, digits), digits, zone, out);
        }
        case LogType::kOldTimestamp:
            return appendTimestamp(in.little(4), 0, 0, zone, out);
        case LogType::kOldTime:
            return appendOldTime(in, out);
        default:
            return appendOldDatetime(in, out);
    }
}

}  // namespace yimen::mysql
