#include "sync/targets/dated_commit.h"

#include <unordered_set>
#include <utility>

#include "sync/dead_letter.h"
#include "sync/row_hash.h"
#include "sync/targets/fenced_writer.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/names.h"

namespace yimen::sync {

namespace {

std::string among(Dialect dialect) {
    return dialect == Dialect::kSqlite ? "IN (SELECT value FROM json_each($1))" : "= ANY (CAST($1 AS bigint[]))";
}

}  // namespace

core::Result<std::unique_ptr<DatedCommit>> DatedCommit::make(SqlSession& session, const ItemTable& item,
                                                             const Claim& claim, const Commit& batch) {
    auto out = std::make_unique<DatedCommit>(Private{}, item, batch);
    const std::vector<std::size_t> keyFields = item.schema.keys();
    for (std::size_t row = 0; row < batch.rows->rows(); ++row) {
        out->keys_.push_back(keyHash(*batch.rows, row, keyFields));
    }
    for (const Reject& reject : batch.rejected) {
        if (batch.asOf && reject.key) out->keys_.push_back(*reject.key);
    }
    YIMEN_TRY_STATUS(out->readLetters(session));
    YIMEN_TRY_STATUS(out->readStored(session, claim.run));
    out->leaveOut();
    return out;
}

core::Status DatedCommit::readLetters(SqlSession& session) {
    if (batch_.replayed.empty()) return {};
    std::vector<std::uint64_t> ids;
    for (const Commit::Replayed& one : batch_.replayed) ids.push_back(static_cast<std::uint64_t>(one.id));
    const bool locks = session.dialect() == Dialect::kPostgres && !batch_.trial;
    YIMEN_TRY(
        const auto rows,
        session.run("SELECT id, batch, last_seen, rule, identity, times FROM sync_dead_letter WHERE id " +
                        among(session.dialect()) + " AND item = $2 AND state = 'open'" + (locks ? " FOR UPDATE" : ""),
                    {keyArray(ids, session.dialect()), item_.code}));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        letters_.emplace(rows.number(i, 0), Letter{rows.number(i, 1), rows.number(i, 2), rows.text(i, 3),
                                                   static_cast<std::uint64_t>(rows.number(i, 4)), rows.number(i, 5)});
    }
    return {};
}

/// One look over the table: its rows have no index of their key hashes.
core::Status DatedCommit::readStored(SqlSession& session, RunId run) {
    if (keys_.empty()) return {};
    YIMEN_TRY_STATUS(session.each(
        "SELECT _key, _batch, CASE WHEN _batch IN (SELECT id FROM sync_batch WHERE run = $2) "
        "THEN 1 ELSE 0 END FROM " +
            quotedName(item_.table) + " WHERE _key " + among(session.dialect()),
        {keyArray(keys_, session.dialect()), run}, [&](const std::vector<SqlCell>& cells) -> core::Status {
            SqlRows one;
            one.columns = cells.size();
            one.cells = cells;
            stored_[static_cast<std::uint64_t>(one.number(0, 0))] = {one.number(0, 1), 0, one.number(0, 2) != 0};
            return {};
        }));
    std::vector<std::uint64_t> absent;
    for (const std::uint64_t key : keys_) {
        if (!stored_.contains(key)) absent.push_back(key);
    }
    return absent.empty() ? core::Status() : readRemoved(session, absent);
}

core::Status DatedCommit::readRemoved(SqlSession& session, const std::vector<std::uint64_t>& keys) {
    YIMEN_TRY(const auto rows, session.run("SELECT _key, max(_valid_to) FROM " + quotedName(historyName(item_.table)) +
                                               " WHERE _key " + among(session.dialect()) + " GROUP BY _key",
                                           {keyArray(keys, session.dialect())}));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        stored_[static_cast<std::uint64_t>(rows.number(i, 0))].removedAt = rows.number(i, 1);
    }
    return {};
}

bool DatedCommit::outdated(std::uint64_t key, const Moment& moment) const {
    const auto found = stored_.find(key);
    return found != stored_.end() && found->second.newerThan(moment);
}

void DatedCommit::leaveOut() {
    commit_ = batch_;
    std::vector<bool> rows(batch_.rows->rows(), true);
    std::vector<bool> rejects(batch_.rejected.size(), true);
    if (batch_.asOf) {
        for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = !outdated(keys_[row], *batch_.asOf);
        for (std::size_t i = 0; i < rejects.size(); ++i) {
            const auto& key = batch_.rejected[i].key;
            rejects[i] = !key || !outdated(*key, *batch_.asOf);
        }
    }
    commit_.replayed.clear();
    for (const Commit::Replayed& one : batch_.replayed) {
        const auto letter = letters_.find(one.id);
        const bool open = letter != letters_.end() && letter->second.times == one.times;
        const bool stale = open && one.row && outdated(keys_[*one.row], {letter->second.batch, letter->second.at});
        if (open && !stale) {
            commit_.replayed.push_back(one);
            continue;
        }
        if (one.row) rows[*one.row] = false;
        if (one.reject) rejects[*one.reject] = false;
        --commit_.read;
        if (stale && !one.edited) resolved_.push_back(one.id);
        if (batch_.left != nullptr) batch_.left->push_back(one.id);
    }
    keep(rows, rejects);
}

void DatedCommit::keep(const std::vector<bool>& rows, const std::vector<bool>& rejects) {
    std::vector<std::uint32_t> numbers;
    std::vector<std::uint32_t> newRow(rows.size(), 0);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        newRow[row] = static_cast<std::uint32_t>(numbers.size());
        if (rows[row]) numbers.push_back(row);
    }
    std::vector<Reject> kept;
    std::vector<std::uint32_t> newReject(rejects.size(), 0);
    for (std::uint32_t i = 0; i < rejects.size(); ++i) {
        newReject[i] = static_cast<std::uint32_t>(kept.size());
        if (rejects[i]) kept.push_back(batch_.rejected[i]);
    }
    for (Commit::Replayed& one : commit_.replayed) {
        if (one.row) one.row = newRow[*one.row];
        if (one.reject) one.reject = newReject[*one.reject];
    }
    commit_.rejected = std::move(kept);
    rows_ = copyRows(*batch_.rows, numbers);
    commit_.rows = &rows_;
    if (!batch_.raw) return;
    commit_.raw = [numbers, raw = batch_.raw](std::size_t row) { return raw(numbers[row]); };
}

void DatedCommit::close(CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const {
    std::unordered_set<std::uint32_t> refused;
    for (const Refused& one : plan.refused) refused.insert(one.row);
    for (const Refused& one : outcome.refused) refused.insert(one.row);
    const std::vector<std::size_t> keyFields = item_.schema.keys();
    record.letters.resolved = resolved_;
    for (const Commit::Replayed& one : commit_.replayed) {
        const Letter& letter = letters_.at(one.id);
        bool same =
            false;  // refused as it was, it stays the letter it is; for something else, a new one takes its place
        if (one.reject) {
            const Reject& reject = commit_.rejected[*one.reject];
            same = reject.rule == letter.rule && letterIdentity(reject) == letter.identity;
        } else if (one.row && refused.contains(*one.row)) {
            same = letter.rule == "target" && keyHash(rows_, *one.row, keyFields) == letter.identity;
        }
        if (!same) record.letters.replayed.push_back(one.id);
    }
}

}  // namespace yimen::sync
