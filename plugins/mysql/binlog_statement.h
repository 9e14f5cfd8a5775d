#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace yimen::mysql {

/// What a statement in the log means to those who follow one table by its rows.
enum class Effect : std::uint8_t {
    kNone,
    kBegin,
    kXaBegin,  ///< of a transaction that holds only after an XA COMMIT, outside of this group
    kCommit,
    kRollback,
    kPartRollback,  ///< ROLLBACK TO SAVEPOINT
    kEmptied,       ///< TRUNCATE of the table, of a partition of it
    kGone,          ///< the table was dropped, renamed or made anew
    kRewritten,     ///< ALTER TABLE that may have changed values of rows without saying so in the log
    kAsStatement    ///< rows of the table may have been changed by a statement that is not logged row by row
};

/// `database` is what unqualified names belong to; the followed table is `ofDatabase`.`ofTable`. In doubt it is taken
/// to mean the table.
Effect effectOf(std::string_view statement, std::string_view database, std::string_view ofDatabase,
                std::string_view ofTable);

}  // namespace yimen::mysql
