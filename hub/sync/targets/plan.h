#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/counters.h"
#include "sync/row_hash.h"
#include "sync/target.h"
#include "sync/targets/key_table.h"

namespace yimen::sync {

/// One row of a batch with its hashes.
struct RowWork {
    std::uint32_t row = 0;
    std::uint64_t key = 0;
    RowHash hash = 0;
};

/// A row that no target can hold.
struct Refused {
    std::uint32_t row = 0;
    std::string field;
    std::string message;
};

/// How far the target's keys are known before it is asked.
enum class Knowledge {
    kNothing,  ///< the database compares every row
    kAllNew,   ///< the item was empty: rows are new until the database says otherwise
    kKeys      ///< a KeyTable with every key
};

/// What to do with the rows of one batch. Every row of the batch is in exactly one place: fresh, merge, erase, refused,
/// or counted in `counters` (unchanged, deduped).
struct BatchPlan {
    std::vector<RowWork> fresh;  ///< to insert: the target does not have their keys
    std::vector<RowWork> merge;  ///< upserts the database compares with what it has
    std::vector<RowWork> erase;  ///< deletes
    std::vector<Refused> refused;
    std::vector<RowWork> same;        ///< unchanged: there as they are, or to delete and not there
    std::vector<std::uint64_t> seen;  ///< keys of those that are there
    Counters counters;
};

/// Sorts the rows of batches by what has to be done. Keeps its memory from batch to batch. One thread.
class Planner {
public:
    /// `checkText`: text cells are looked through, for a database that would take any bytes.
    Planner(const ItemTable& item, bool checkText);

    /// Valid until the next call. `known` is read with Knowledge::kKeys only.
    const BatchPlan& plan(const Batch& rows, Knowledge knowledge, const KeyTable& known);

private:
    bool check(const Batch& rows, std::size_t row);
    /// Takes the row in as the last of its key, or counts it or the one before it as deduped.
    void dedupe(const Batch& rows, RowWork work);
    bool sameKey(const Batch& rows, std::size_t a, std::size_t b) const;
    bool older(const Batch& rows, std::size_t row, std::size_t than) const;
    void place(const Batch& rows, const RowWork& work, Knowledge knowledge, const KeyTable& known);

    const ItemTable& item_;
    const std::vector<std::size_t> keys_;
    const bool checkText_;
    BatchPlan plan_;
    std::vector<RowWork> winners_;
    std::vector<std::uint32_t> slots_;  ///< number + 1 of a winner, by key; 0: free
};

}  // namespace yimen::sync
