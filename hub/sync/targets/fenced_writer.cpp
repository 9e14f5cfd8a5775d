#include "sync/targets/fenced_writer.h"

#include <algorithm>

#include "core/json.h"
#include "sync/targets/migrations.h"
#include "sync/targets/names.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

constexpr int kCautiousBatches = 16;

/// What is left of a row when nobody kept its source text: the cells of the item's fields.
std::string cellsAsJson(const ItemTable& item, const Batch& rows, std::size_t row) {
    core::Json out = core::Json::object();
    for (std::size_t i = 0; i < item.schema.fields.size(); ++i) {
        const std::string& name = item.schema.fields[i].name;
        if (rows.isNull(row, i)) {
            out[name] = nullptr;
        } else {
            out[name] = std::string(rows.text(row, i));
        }
    }
    return core::writeJson(out);
}

}  // namespace

FencedWriter::FencedWriter(std::shared_ptr<const ItemTable> item, bool complete, TargetOptions options, bool checkText,
                           std::unique_ptr<RowSink> sink)
    : item_(std::move(item)),
      complete_(complete),
      options_(std::move(options)),
      sink_(std::move(sink)),
      keyFields_(item_->schema.keys()),
      planner_(*item_, checkText) {}

core::Result<Counters> FencedWriter::commit(const Claim& claim, const Commit& batch) {
    if (batch.rows == nullptr || batch.read < batch.rows->rows() + batch.rejected.size() ||
        batch.rows->columns() != item_->schema.fields.size()) {
        return core::makeError(
            core::ErrorCode::kInternal,
            "批次与数据项不符 / the batch does not fit the item, or its count of rows read is too small");
    }
    YIMEN_TRY(SqlSession * session, sink_->session());
    auto done = commitInside(*session, claim, batch);
    if (!done.ok()) forget();
    return done;
}

core::Result<Counters> FencedWriter::commitInside(SqlSession& session, const Claim& claim, const Commit& batch) {
    SqlTransaction transaction(session);
    YIMEN_TRY_STATUS(transaction.begin());
    const bool isDated = batch.asOf || !batch.replayed.empty();
    if (!batch.trial) {
        YIMEN_TRY_STATUS(isDated ? lockItem(session, claim, options_)
                                 : lockCheckpoint(session, claim, options_.fencing));
    }
    std::unique_ptr<DatedCommit> dated;
    if (isDated) {
        YIMEN_TRY(dated, DatedCommit::make(session, *item_, claim, batch));
    }
    CommitRecord record;
    record.claim = &claim;
    record.batch = dated ? &dated->commit() : &batch;
    YIMEN_TRY(record.id, nextBatchId(session));
    record.at = nowMs(*options_.clock);
    YIMEN_TRY_STATUS(forgetWhatOthersChanged(session, claim));
    YIMEN_TRY_STATUS(learn(session));
    YIMEN_TRY_STATUS(letters_.refresh(session, claim.item, record.id, options_.maxKeys));
    const BatchPlan& plan = planner_.plan(*record.batch->rows, knowledge_, keys_);
    Outcome outcome;
    YIMEN_TRY_STATUS(sink_->write(plan, *record.batch->rows, {record.id, record.at}, outcome));
    at("merge");
    YIMEN_TRY_STATUS(count(record, plan, outcome));
    if (batch.trial) {  // what was learned is of rows that go back
        forget();
        return record.added;
    }
    record.letters = letters_.news(record, plan, outcome);
    if (dated) dated->close(record, plan, outcome);
    YIMEN_TRY_STATUS(writeRecord(session, record, options_));
    at("before_commit");
    YIMEN_TRY_STATUS(transaction.commit());
    at("after_commit");
    lastBatch_ = record.id;
    remember(plan, outcome);
    if (knowledge_ == Knowledge::kKeys) {
        for (std::size_t i = 0; i < record.seen.size(); ++i) {
            if (i + KeyTable::kAhead < record.seen.size()) keys_.expect(record.seen[i + KeyTable::kAhead]);
            keys_.mark(record.seen[i]);
        }
        for (const auto& [key, hash] : outcome.written) keys_.mark(key);
    }
    letters_.remember(record);
    return record.added;
}

core::Status FencedWriter::count(CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const {
    const Commit& batch = *record.batch;
    record.rejected = rejects(batch, plan, outcome);
    record.added = plan.counters;
    record.added += outcome.counters;
    record.added.read = batch.read;
    record.added.rejected = record.rejected.size();
    // Rows that the script dropped, or that are out of date.
    record.added.deduped += batch.read - batch.rows->rows() - batch.rejected.size();
    if (!record.added.balanced()) {
        return core::makeError(core::ErrorCode::kInternal, "计数不平衡 / the counters of a batch do not balance");
    }
    record.seen = plan.seen;
    record.seen.insert(record.seen.end(), outcome.seen.begin(), outcome.seen.end());
    for (const Reject& reject : record.rejected) {
        // A record that was refused is at its source all the same: what the target has under its key stays.
        if (complete_ && reject.key) record.seen.push_back(*reject.key);
    }
    return {};
}

core::Result<std::uint64_t> FencedWriter::countUpTo(SqlSession& session, std::uint64_t limit) {
    YIMEN_TRY(const auto count, session.run("SELECT count(*) FROM (SELECT 1 FROM " + quotedName(item_->table) +
                                            " LIMIT " + std::to_string(limit) + ") counted"));
    return static_cast<std::uint64_t>(count.number(0, 0));
}

core::Status FencedWriter::forgetWhatOthersChanged(SqlSession& session, const Claim& claim) {
    if (!learned_ || lastBatch_ == 0) return {};
    YIMEN_TRY(const auto others,
              session.run("SELECT 1 FROM sync_batch b JOIN sync_run r ON r.id = b.run WHERE b.id > $1 "
                          "AND b.run <> $2 AND r.item = $3 LIMIT 1",
                          {lastBatch_, claim.run, claim.item}));
    if (others.size() > 0) forget();
    return {};
}

core::Status FencedWriter::learn(SqlSession& session) {
    if (learned_) return {};
    if (!complete_ && rows_ < kLearnAfterRows) {
        YIMEN_TRY(const std::uint64_t any, countUpTo(session, 1));
        learned_ = any == 0;
        knowledge_ = any == 0 ? Knowledge::kAllNew : Knowledge::kNothing;
        return {};
    }
    YIMEN_TRY(const std::uint64_t any, countUpTo(session, 1));
    std::uint64_t expected = any;
    if (any > 0) {
        YIMEN_TRY(expected, expectedKeys(session));
    }
    learned_ = true;
    if (expected > 0 && expected <= options_.maxKeys) {
        keys_ = KeyTable(expected);
        YIMEN_TRY_STATUS(sink_->loadKeys(keys_, options_.maxKeys + 1));
        expected = keys_.size();
    }
    tooMany_ = expected > options_.maxKeys;
    if (tooMany_) keys_ = KeyTable();
    knowledge_ = any == 0 ? Knowledge::kAllNew : tooMany_ ? Knowledge::kNothing : Knowledge::kKeys;
    census_ = commits_ == 0 && !tooMany_;
    return {};
}

core::Result<std::uint64_t> FencedWriter::expectedKeys(SqlSession& session) {
    YIMEN_TRY(const auto last,
              session.run("SELECT removal_before - removal_removed FROM sync_run WHERE item = $1 AND removal_before IS "
                          "NOT NULL ORDER BY id DESC LIMIT 1",
                          {item_->code}));
    const std::int64_t left = last.size() == 0 ? 0 : last.number(0, 0);
    if (left <= 0) return countUpTo(session, options_.maxKeys + 1);
    return std::min<std::uint64_t>(static_cast<std::uint64_t>(left), options_.maxKeys + 1);
}

std::vector<Reject> FencedWriter::rejects(const Commit& batch, const BatchPlan& plan, const Outcome& outcome) const {
    std::vector<Reject> out = batch.rejected;
    for (const std::vector<Refused>* some : {&plan.refused, &outcome.refused}) {
        for (const Refused& refused : *some) {
            Reject reject;
            reject.origin = batch.rows->origin(refused.row);
            reject.rule = "target";
            reject.field = refused.field;
            reject.message = refused.message;
            reject.key = keyOf(*batch.rows, refused.row);
            reject.raw = batch.raw ? batch.raw(refused.row) : cellsAsJson(*item_, *batch.rows, refused.row);
            out.push_back(std::move(reject));
        }
    }
    return out;
}

std::optional<std::uint64_t> FencedWriter::keyOf(const Batch& rows, std::size_t row) const {
    for (const std::size_t field : keyFields_) {
        if (rows.isNull(row, field)) return std::nullopt;
    }
    return keyHash(rows, row, keyFields_);
}

void FencedWriter::remember(const BatchPlan& plan, const Outcome& outcome) {
    rows_ += plan.fresh.size() + plan.merge.size() + plan.erase.size();
    ++commits_;
    added_ +=
        static_cast<std::int64_t>(outcome.counters.inserted) - static_cast<std::int64_t>(outcome.counters.deleted);
    if (knowledge_ == Knowledge::kKeys) {
        for (const auto& [key, hash] : outcome.written) keys_.set(key, hash);
        for (const std::uint64_t key : outcome.erased) keys_.erase(key);
        if (keys_.size() <= options_.maxKeys) return;
        keys_ = KeyTable();
        knowledge_ = Knowledge::kNothing;
        tooMany_ = true;
        census_ = false;
    } else if (knowledge_ == Knowledge::kAllNew && outcome.clashed) {
        learned_ = tooMany_;  // with few enough keys it pays to know them now
        knowledge_ = Knowledge::kNothing;
        cautious_ = kCautiousBatches;
        census_ = false;
    } else if (knowledge_ == Knowledge::kNothing) {
        // Nearly all rows were new: take the next ones for new too, without asking for the keys.
        const bool mostlyNew = outcome.counters.inserted * 10 >= plan.merge.size() * 9 && !plan.merge.empty();
        if (cautious_ > 0) --cautious_;
        if (mostlyNew && cautious_ == 0) {
            knowledge_ = Knowledge::kAllNew;
            learned_ = true;
        }
    }
}

void FencedWriter::forget() {
    letters_ = LetterBook();
    keys_ = KeyTable();
    knowledge_ = Knowledge::kNothing;
    learned_ = false;
    tooMany_ = false;
    cautious_ = 0;
    census_ = false;
    commits_ = 0;
    lastBatch_ = 0;
    added_ = 0;
}

core::Result<std::optional<std::uint64_t>> FencedWriter::rowsIfAllSeen(SqlSession& session, RunId run) const {
    const bool knowsKeys = knowledge_ == Knowledge::kKeys;
    if (!census_ || (knowsKeys && keys_.unmarked() > 0)) return std::optional<std::uint64_t>();
    YIMEN_TRY(const auto batches, session.run("SELECT count(*) FROM sync_batch WHERE run = $1", {run}));
    if (static_cast<std::uint64_t>(batches.number(0, 0)) != commits_) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(knowsKeys ? keys_.size() : static_cast<std::uint64_t>(added_));
}

core::Result<Removal> FencedWriter::removeUnseen(const Claim& claim, const RemovalGuard& guard) {
    YIMEN_TRY(SqlSession * session, sink_->session());
    YIMEN_TRY(const auto allSeen, rowsIfAllSeen(*session, claim.run));
    auto removal = removeUnseenRows(*session, *item_, {claim, guard, allSeen}, options_);
    forget();
    return removal;
}

}  // namespace yimen::sync
