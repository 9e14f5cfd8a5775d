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

using DeadLetterId = std::int64_t;

enum class DeadLetterState { kOpen, kReplayed, kDiscarded };

struct DeadLetter {
    DeadLetterId id = 0;
    std::string item;
    std::int64_t run = 0;
    std::string mapVersion;
    std::int64_t createdAt = 0;  ///< ms since 1970
    DeadLetterState state = DeadLetterState::kOpen;
    Reject reject;
};

}  // namespace yimen::sync
