#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sync/batch.h"

namespace yimen::sync {

/// Takes lines of PostgreSQL's COPY in text format (manual, "COPY", Text Format) apart into rows of a batch. Values are
/// what the types' output functions gave, as in a query's text answer. One thread.
class PgCopyLines {
public:
    explicit PgCopyLines(std::size_t columns) : cells_(columns) {}

    enum class Outcome {
        kAdded,
        kMalformed,  ///< another number of columns than expected
        kTooLarge    ///< a cell that no batch can hold
    };
    /// `line` with or without its end; escapes are undone in place, so it is not the same afterwards.
    Outcome add(std::span<char> line, std::uint64_t origin, Batch& into);

private:
    bool cut(std::span<char> line);

    std::vector<Batch::Cell> cells_;  ///< offsets in the line
};

}  // namespace yimen::sync
