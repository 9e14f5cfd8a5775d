#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace yimen::core {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

/// One named value of a log line. Text is escaped when written. Never pass a secret.
struct LogField {
    LogField(std::string_view fieldName, std::string_view text) : name(fieldName), value(text) {}
    LogField(std::string_view fieldName, const char* text) : name(fieldName), value(text) {}
    LogField(std::string_view fieldName, const std::string& text) : name(fieldName), value(text) {}
    LogField(std::string_view fieldName, std::int64_t number) : name(fieldName), value(std::to_string(number)) {}

    std::string_view name;
    std::string value;
};

/// Takes whole lines without the line end. Implementations are thread-safe and must not block for long.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(std::string_view line) = 0;
};

/// Where lines go; stderr until set. Set once at start-up, before other threads run; the sink must outlive them.
void setLogSink(LogSink* sink) noexcept;
void setLogLevel(LogLevel level) noexcept;
bool logEnabled(LogLevel level) noexcept;

/// One line "TIME LEVEL event.id name=value ...". `event` is a stable dotted id: net.listen, login.failed, ...
/// Thread-safe.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

inline void logInfo(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kInfo, event, fields);
}
inline void logWarn(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kWarn, event, fields);
}
inline void logError(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kError, event, fields);
}

}  // namespace yimen::core
