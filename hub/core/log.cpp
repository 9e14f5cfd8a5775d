#include "core/log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include "core/clock.h"
#include "core/time_format.h"

namespace yimen::core {

namespace {

std::atomic<LogSink*> activeSink{nullptr};
std::atomic<LogLevel> activeLevel{LogLevel::kInfo};

std::string_view levelName(LogLevel level) {
    constexpr std::array<std::string_view, 4> kNames{"DEBUG", "INFO", "WARN", "ERROR"};
    return kNames.at(static_cast<std::size_t>(level));
}

bool needsQuotes(std::string_view value) {
    return value.empty() || std::any_of(value.begin(), value.end(), [](char c) {
               return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == 0x7F;
           });
}

/// A value can come from a browser: quotes and control characters must not forge a second field or line.
void appendValue(std::string& line, std::string_view value) {
    if (!needsQuotes(value)) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < ' ' || byte == 0x7F) {
            constexpr std::string_view kDigits = "0123456789abcdef";
            line += "\\x";
            line += kDigits[byte >> 4U];
            line += kDigits[byte & 15U];
        } else {
            line += c;
        }
    }
    line += '"';
}

}  // namespace

void setLogSink(LogSink* sink) noexcept {
    activeSink = sink;
}
void setLogLevel(LogLevel level) noexcept {
    activeLevel = level;
}
bool logEnabled(LogLevel level) noexcept {
    return level >= activeLevel.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!logEnabled(level)) return;
    std::string line = formatUtc(SystemClock().wall());
    line += ' ';
    line += levelName(level);
    line += ' ';
    line += event;
    for (const auto& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        appendValue(line, field.value);
    }
    if (LogSink* sink = activeSink.load()) {
        sink->write(line);
        return;
    }
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace yimen::core
