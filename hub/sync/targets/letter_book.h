#pragma once

#include <cstdint>
#include <string>

#include "sync/targets/checkpoint.h"
#include "sync/targets/key_table.h"
#include "sync/targets/plan.h"

namespace yimen::sync {

struct Outcome;  // fenced_writer.h

/// What one writer knows of the open dead letters of its item: the keys of those that have one. An item without open
/// letters costs one look at an index per commit. One thread.
class LetterBook {
public:
    /// Adds the letters written since the last call by whomever; at most `limit` keys are known (the letters of others
    /// stay open until somebody deals with them). Inside the transaction, under the checkpoint's lock; `batch` is the
    /// number of the commit under way.
    core::Status refresh(SqlSession& session, const std::string& item, std::int64_t batch, std::size_t limit);
    /// What the batch says of open letters: `record.rejected` is complete.
    LetterNews news(const CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const;
    /// After the commit.
    void remember(const CommitRecord& record);

private:
    KeyTable keys_;
    std::int64_t known_ = -1;  ///< letters of batches up to this one are in keys_
};

}  // namespace yimen::sync
