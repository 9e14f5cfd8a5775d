#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// A place in the write-ahead log of a PostgreSQL, in bytes since its beginning. "16/B374D848" as text.
using Lsn = std::uint64_t;
std::string lsnText(Lsn lsn);
std::optional<Lsn> parseLsn(std::string_view text);

/// One cell of a row in the log.
struct PgCell {
    enum class State : std::uint8_t {
        kNull,
        kText,
        kUnchanged  ///< a large value (TOAST) that this change did not touch: the log does not hold it
    };
    State state = State::kNull;
    std::string_view text;
};

/// A table as the changes behind it describe it.
struct PgRelation {
    struct Column {
        std::string name;
        bool key = false;  ///< part of the replica identity
    };
    std::uint32_t id = 0;
    std::string schema;
    std::string table;
    std::vector<Column> columns;
};

/// One message of the plugin pgoutput (PostgreSQL 15, section 55.9, protocol version 1). Texts point into the bytes it
/// was decoded from. Made to be used again and again: it keeps its memory.
struct PgChange {
    enum class Kind : std::uint8_t {
        kBegin,
        kCommit,
        kRelation,
        kInsert,
        kUpdate,
        kDelete,
        kTruncate,
        kOther  ///< origin, type, message: nothing that concerns rows
    };
    enum class Old : std::uint8_t {
        kNone,
        kKey,  ///< only the cells of the replica identity count
        kRow   ///< the whole row as it was (REPLICA IDENTITY FULL)
    };
    Kind kind = Kind::kOther;
    Lsn end = 0;                           ///< kCommit: where the log goes on behind it; kBegin: its commit's place
    std::uint32_t relation = 0;            ///< of a change of a row; of kRelation too
    PgRelation described;                  ///< of kRelation
    Old old = Old::kNone;                  ///< of kUpdate (the key changed, or identity FULL) and kDelete
    std::vector<PgCell> before;            ///< cells of `old`
    std::vector<PgCell> row;               ///< of kInsert and kUpdate
    std::vector<std::uint32_t> truncated;  ///< relations of kTruncate
};

/// kCorrupt, with the place, for what is none of these messages whole and nothing behind it: a length beyond the bytes,
/// a letter that is unknown. Any thread.
core::Status decodePgOutput(std::string_view bytes, PgChange& into);

}  // namespace yimen::sync
