#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sync/targets/checkpoint.h"
#include "sync/targets/dated_commit.h"
#include "sync/targets/letter_book.h"
#include "sync/targets/options.h"
#include "sync/targets/plan.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// What stands in the system columns of the rows of one commit.
struct Stamp {
    std::int64_t batch = 0;
    std::int64_t at = 0;  ///< ms since 1970
};

/// What became of the planned rows in the database.
struct Outcome {
    Counters counters;
    std::vector<Refused> refused;
    std::vector<std::uint64_t> seen;                         ///< keys that are there and that this batch did not write
    std::vector<std::pair<std::uint64_t, RowHash>> written;  ///< keys and hashes as they stand now
    std::vector<std::uint64_t> erased;
    bool clashed = false;  ///< a row that was to be new was not
};

/// The part of a writer that differs between databases: rows into the tables of one item. One thread.
class RowSink {
public:
    virtual ~RowSink() = default;
    /// The connection of this writer, made when there is none that works.
    virtual core::Result<SqlSession*> session() = 0;
    /// Adds the keys of the item to `keys`, `limit` of them at most.
    virtual core::Status loadKeys(KeyTable& keys, std::size_t limit) = 0;
    /// Writes the rows of a plan inside the session's transaction; `plan` and `rows` belong together. An error ends the
    /// commit; a row's own fault is in `out.refused` instead.
    virtual core::Status write(const BatchPlan& plan, const Batch& rows, const Stamp& stamp, Outcome& out) = 0;
};

/// The writer of both databases: one transaction per commit, and what is known of the target's keys between commits.
class FencedWriter final : public ItemWriter {
public:
    /// A writer that compares row by row learns the keys only after this many rows: below it the scan costs more.
    static constexpr std::uint64_t kLearnAfterRows = 20'000;

    /// `sink` reads `item` for as long as it lives, so both come here together. `checkText`: see Planner.
    FencedWriter(std::shared_ptr<const ItemTable> item, bool complete, TargetOptions options, bool checkText,
                 std::unique_ptr<RowSink> sink);

    core::Result<Counters> commit(const Claim& claim, const Commit& batch) override;
    core::Result<Removal> removeUnseen(const Claim& claim, const RemovalGuard& guard) override;

private:
    core::Result<Counters> commitInside(SqlSession& session, const Claim& claim, const Commit& batch);
    /// Dead letters, counters and seen keys of a batch whose rows are written.
    core::Status count(CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const;
    /// Decides what is known of the keys, reading them when that pays. Inside the transaction, under the checkpoint's
    /// lock, so that a commit of a former holder is either seen or impossible.
    core::Status learn(SqlSession& session);
    /// A replay or a backfill wrote the item since our last commit: what is known of its keys is out of date.
    core::Status forgetWhatOthersChanged(SqlSession& session, const Claim& claim);
    core::Result<std::uint64_t> countUpTo(SqlSession& session, std::uint64_t limit);
    /// About how many keys there are: what the last complete read found, or else a count. At most maxKeys + 1.
    core::Result<std::uint64_t> expectedKeys(SqlSession& session);
    std::vector<Reject> rejects(const Commit& batch, const BatchPlan& plan, const Outcome& outcome) const;
    std::optional<std::uint64_t> keyOf(const Batch& rows, std::size_t row) const;
    /// After the commit: the keys as they are now.
    void remember(const BatchPlan& plan, const Outcome& outcome);
    void forget();
    /// The rows the item has, when this writer made every commit of the run and knows of no key that it did not see:
    /// then there is nothing to look for in the tables.
    core::Result<std::optional<std::uint64_t>> rowsIfAllSeen(SqlSession& session, RunId run) const;
    void at(const char* point) const {
        if (options_.failPoint) options_.failPoint(point);
    }

    const std::shared_ptr<const ItemTable> item_;
    const bool complete_;
    const TargetOptions options_;
    const std::unique_ptr<RowSink> sink_;
    const std::vector<std::size_t> keyFields_;
    Planner planner_;
    KeyTable keys_;
    LetterBook letters_;
    Knowledge knowledge_ = Knowledge::kNothing;
    bool learned_ = false;    ///< knowledge_ is decided
    bool tooMany_ = false;    ///< more keys than a writer may hold
    int cautious_ = 0;        ///< batches to go before rows are taken for new again
    std::uint64_t rows_ = 0;  ///< committed by this writer
    bool census_ = false;     ///< what is known of the keys covers all commits since it was learned
    std::uint64_t commits_ = 0;
    std::int64_t lastBatch_ = 0;  ///< number of our last commit
    std::int64_t added_ = 0;      ///< rows inserted less rows deleted, by those commits
};

}  // namespace yimen::sync
