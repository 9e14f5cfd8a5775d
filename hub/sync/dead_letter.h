#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yimen::sync {

/// Why one row was not written. `message` names no value of a field marked personal.
struct Reject {
    std::uint64_t origin = 0;  ///< line, record or sequence number in the source
    std::string rule;          ///< "required", "id_card", "code_table", "lua", "target", ... : the group of page A11
    std::string field;         ///< field of the item, or column of the source when it never got that far
    std::string message;       ///< what is wrong and what to do
    /// The row as the source gave it, so that nothing is lost: a JSON object of column to text or null. Sealed by the
    /// target's `Sealer` before it is stored.
    std::string raw;
    /// keyHash() of the row where its key could still be made: a complete read has seen that key and removes nothing.
    std::optional<std::uint64_t> key{};
};

/// What makes two refusals by one rule the same letter: the record's key, or else the text it came in, or else where it
/// was found.
std::uint64_t letterIdentity(const Reject& reject);

using DeadLetterId = std::int64_t;

/// A refused record that waits for somebody. It is open until a replay takes it in, a person discards it, or the record
/// comes in good from its source. The same record refused by the same rule again is the same letter.
struct DeadLetter {
    DeadLetterId id = 0;
    std::string item;
    std::int64_t run = 0;  ///< that refused it first
    std::string mapVersion;
    std::int64_t createdAt = 0;  ///< ms since 1970
    std::uint64_t identity = 0;  ///< letterIdentity() when it was written
    std::int64_t times = 1;      ///< how often it was refused
    std::int64_t lastRun = 0;    ///< that refused it last
    std::int64_t lastSeen = 0;   ///< ms since 1970
    Reject reject;
};

}  // namespace yimen::sync
