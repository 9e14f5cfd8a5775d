#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yimen::mysql {

/// A place in the binlog between two transactions.
struct LogPlace {
    std::string file;
    std::uint64_t at = 0;

    /// Whether everything before `other` stands before this place too. Files are numbered: bin.000001, ...
    bool isAtLeast(const LogPlace& other) const;
};

/// Where following a log stands. In JSON: {"file":"bin.000007","at":"4711","log":"1795307493-7","load":".."}.
struct LogPosition {
    LogPlace place;
    std::string log;  ///< which log this is: when its file was begun, and by which server; empty: not known
    std::optional<std::string> load;  ///< a complete read is under way and stands there

    /// A Failure (YIMEN_CORRUPT) for what is none.
    static LogPosition parse(std::string_view text);
    std::string text() const;
};

}  // namespace yimen::mysql
