#include "sync/targets/postgres/row_sink.h"

#include <array>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "sync/targets/item_tables.h"
#include "sync/targets/names.h"

namespace yimen::sync::postgres {

namespace {

/// Bytes of COPY data handed to libpq at once.
constexpr std::size_t kSendBytes = std::size_t{128} << 10U;
constexpr int kUpsertCode = 0;
constexpr int kEraseCode = 1;

std::int64_t bigEndian64(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes.substr(0, 8)) value = (value << 8U) | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

}  // namespace

PostgresRowSink::PostgresRowSink(std::shared_ptr<const ItemTable> item, core::Secret conninfo,
                                 const TargetOptions& options)
    : item_(std::move(item)), conninfo_(std::move(conninfo)), failPoint_(options.failPoint) {
    prepareSql();
}

void PostgresRowSink::prepareSql() {
    const Schema& schema = item_->schema;
    const std::string table = quotedName(item_->table);
    const std::string history = quotedName(historyName(item_->table));
    const std::string stored = storedList(schema);
    std::string stage;
    std::string assign;
    for (const Field& field : schema.fields) {
        const std::string name = quotedName(field.name);
        stage += name + " " + columnType(field, Dialect::kPostgres) + ", ";
        if (!field.key) assign += name + " = s." + name + ", ";
    }
    createStage_ = "CREATE TEMP TABLE yimen_stage (_op integer, _row integer, " + stage +
                   "_key bigint, _hash bigint) ON COMMIT DELETE ROWS";
    copyFresh_ = "COPY " + table + " (" + stored + ") FROM STDIN (FORMAT binary)";
    copyStage_ = "COPY yimen_stage (_op, _row, " + fieldList(schema) + ", _key, _hash) FROM STDIN (FORMAT binary)";
    std::string notNewer;
    if (item_->version) {
        const std::string version = quotedName(schema.fields[*item_->version].name);
        notNewer = " AND (t." + version + " > s." + version + ") IS NOT TRUE";
    }
    const std::string joined = " t JOIN yimen_stage s ON " + keyMatch(schema, "t", "s") + " WHERE s._op = ";
    const std::string match = " WHERE " + keyMatch(schema, "t", "s") + " AND s._op = ";
    const std::string keep = "INSERT INTO " + history + " (" + stored + ", _valid_to) SELECT " +
                             storedList(schema, "t.") + ", greatest(CAST($1 AS bigint), t._valid_from) FROM " + table +
                             joined;
    keepUpdated_ = keep + "0 AND t._hash <> s._hash" + notNewer;
    update_ = "UPDATE " + table + " t SET " + assign +
              "_key = s._key, _hash = s._hash, _source = $1, _batch = $2, _valid_from = $3 FROM yimen_stage s" + match +
              "0 AND t._hash <> s._hash" + notNewer;
    insert_ = "INSERT INTO " + table + " (" + stored + ") SELECT " + fieldList(schema, "s.") +
              ", s._key, s._hash, CAST($1 AS text), CAST($2 AS bigint), CAST($3 AS bigint) FROM yimen_stage s WHERE "
              "s._op = 0 AND NOT EXISTS (SELECT FROM " +
              table + " t WHERE " + keyMatch(schema, "t", "s") + ")";
    keepErased_ = keep + "1" + notNewer;
    erase_ = "DELETE FROM " + table + " t USING yimen_stage s" + match + "1" + notNewer;
    stale_ = "SELECT s._row FROM " + table + joined;
}

core::Result<SqlSession*> PostgresRowSink::session() {
    if (!connection_ || !connection_->usable()) {
        connection_.reset();
        YIMEN_TRY(connection_, Connection::open(conninfo_));
        auto made = connection_->run(createStage_);
        if (!made.ok()) {
            connection_.reset();
            return made.error();
        }
    }
    return connection_.get();
}

core::Status PostgresRowSink::loadKeys(KeyTable& keys, std::size_t limit) {
    // Binary rows: two columns, each a length and eight bytes; header and trailer have other sizes.
    constexpr std::size_t kRow = 2 + 4 + 8 + 4 + 8;
    constexpr std::size_t kHeader = 19;
    bool first = true;
    std::array<std::pair<std::uint64_t, RowHash>, KeyTable::kAhead> coming;
    std::size_t count = 0;
    const auto take = [&](std::size_t number) {
        const auto& [key, hash] = coming[number % coming.size()];
        keys.set(key, hash);
    };
    YIMEN_TRY_STATUS(connection_->copyOut(
        "COPY (SELECT _key, _hash FROM " + quotedName(item_->table) + " LIMIT " + std::to_string(limit) +
            ") TO STDOUT (FORMAT binary)",
        [&](std::string_view part) {
            if (first) part.remove_prefix(std::min(part.size(), kHeader));
            first = false;
            if (part.size() != kRow) return;
            if (count >= coming.size()) take(count);
            const auto key = static_cast<std::uint64_t>(bigEndian64(part.substr(6)));
            coming[count++ % coming.size()] = {key, static_cast<RowHash>(bigEndian64(part.substr(18)))};
            keys.expect(key);
        }));
    for (std::size_t i = count - std::min(count, coming.size()); i < count; ++i) take(i);
    return {};
}

core::Status PostgresRowSink::write(const BatchPlan& plan, const Batch& rows, const Stamp& stamp, Outcome& out) {
    work_.clear();
    stageUsed_ = false;
    for (const RowWork& row : plan.fresh) work_.push_back({row, Kind::kFresh});
    for (const RowWork& row : plan.merge) work_.push_back({row, Kind::kMerge});
    for (const RowWork& row : plan.erase) work_.push_back({row, Kind::kErase});
    if (work_.empty()) return {};
    return attempt({rows, stamp, out}, work_, true);
}

core::Result<std::uint64_t> PostgresRowSink::run(const std::string& sql, const std::vector<SqlValue>& values) {
    YIMEN_TRY(const auto rows, connection_->run(sql, values));
    return static_cast<std::uint64_t>(rows.affected);
}

core::Status PostgresRowSink::attempt(const Step& step, std::span<const Work> work, bool direct) {
    YIMEN_TRY([[maybe_unused]] const auto saved, run("SAVEPOINT rows"));
    Outcome part;
    const core::Status done = writeAll(step, work, direct, part);
    if (!done.ok()) return retry(step, work, direct, done.error());
    YIMEN_TRY([[maybe_unused]] const auto released, run("RELEASE SAVEPOINT rows"));
    step.out.counters += part.counters;
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(step.out.seen, part.seen);
    append(step.out.written, part.written);
    append(step.out.erased, part.erased);
    return {};
}

core::Status PostgresRowSink::retry(const Step& step, std::span<const Work> work, bool direct,
                                    const core::Error& error) {
    const ServerFault fault = connection_->fault();
    if (fault.state.empty() || !fault.isOfRow()) return error;
    YIMEN_TRY([[maybe_unused]] const auto back, run("ROLLBACK TO SAVEPOINT rows"));
    YIMEN_TRY([[maybe_unused]] const auto released, run("RELEASE SAVEPOINT rows"));
    if (direct && fault.isUnique()) {
        step.out.clashed = true;
        return attempt(step, work, false);
    }
    if (work.size() == 1) {
        std::string message = error.message;
        if (!fault.constraint.empty()) message += " " + fault.constraint;
        step.out.refused.push_back({work[0].row.row, fault.column, std::move(message)});
        return {};
    }
    const std::size_t half = work.size() / 2;
    YIMEN_TRY_STATUS(attempt(step, work.first(half), direct));
    return attempt(step, work.subspan(half), direct);
}

core::Status PostgresRowSink::writeAll(const Step& step, std::span<const Work> work, bool direct, Outcome& out) {
    bool fresh = false;
    bool staged = false;
    for (const Work& one : work) (direct && one.kind == Kind::kFresh ? fresh : staged) = true;
    if (fresh && direct) YIMEN_TRY_STATUS(copyFresh(step, work, out));
    if (staged) YIMEN_TRY_STATUS(copyStaged(step, work, direct));
    if (failPoint_) failPoint_("copy");
    if (!staged) return {};
    YIMEN_TRY_STATUS(mergeStaged(step, work, direct, out));
    YIMEN_TRY_STATUS(eraseStaged(step, work, out));
    stageUsed_ = true;
    return {};
}

core::Status PostgresRowSink::sendIfLarge(bool last) {
    if (!last && copy_.size() < kSendBytes) return {};
    core::Status sent = connection_->copySend(copy_.bytes());
    copy_.clear();
    return sent;
}

core::Status PostgresRowSink::copyFresh(const Step& step, std::span<const Work> work, Outcome& out) {
    const Schema& schema = item_->schema;
    YIMEN_TRY_STATUS(connection_->copyBegin(copyFresh_));
    copy_.clear();
    copy_.begin();
    for (const Work& one : work) {
        if (one.kind != Kind::kFresh) continue;
        copy_.row(schema.fields.size() + 5);
        for (std::size_t i = 0; i < schema.fields.size(); ++i) {
            copy_.cell(schema.fields[i].type, step.rows, one.row.row, i);
        }
        copy_.bigint(static_cast<std::int64_t>(one.row.key));
        copy_.bigint(static_cast<std::int64_t>(one.row.hash));
        copy_.text(item_->system);
        copy_.bigint(step.stamp.batch);
        copy_.bigint(step.stamp.at);
        YIMEN_TRY_STATUS(sendIfLarge(false));
        ++out.counters.inserted;
        out.written.emplace_back(one.row.key, one.row.hash);
    }
    copy_.end();
    YIMEN_TRY_STATUS(sendIfLarge(true));
    return connection_->copyEnd();
}

core::Status PostgresRowSink::copyStaged(const Step& step, std::span<const Work> work, bool direct) {
    const Schema& schema = item_->schema;
    if (stageUsed_) {  // by another part of the same batch; the end of the transaction empties it too
        YIMEN_TRY([[maybe_unused]] const auto emptied, run("TRUNCATE yimen_stage"));
    }
    YIMEN_TRY_STATUS(connection_->copyBegin(copyStage_));
    copy_.clear();
    copy_.begin();
    for (const Work& one : work) {
        if (direct && one.kind == Kind::kFresh) continue;
        copy_.row(schema.fields.size() + 4);
        copy_.integer(one.kind == Kind::kErase ? kEraseCode : kUpsertCode);
        copy_.integer(static_cast<std::int32_t>(one.row.row));
        for (std::size_t i = 0; i < schema.fields.size(); ++i) {
            const Field& field = schema.fields[i];
            const bool counts = one.kind != Kind::kErase || field.key || item_->version == i;
            if (counts) {
                copy_.cell(field.type, step.rows, one.row.row, i);
            } else {
                copy_.null();
            }
        }
        copy_.bigint(static_cast<std::int64_t>(one.row.key));
        copy_.bigint(static_cast<std::int64_t>(one.row.hash));
        YIMEN_TRY_STATUS(sendIfLarge(false));
    }
    copy_.end();
    YIMEN_TRY_STATUS(sendIfLarge(true));
    return connection_->copyEnd();
}

core::Result<std::vector<std::uint32_t>> PostgresRowSink::stale(const char* operation) {
    std::vector<std::uint32_t> out;
    if (!item_->version) return out;
    YIMEN_TRY(const auto rows, connection_->run(stale_ + operation));
    for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(static_cast<std::uint32_t>(rows.number(i, 0)));
    return out;
}

core::Status PostgresRowSink::mergeStaged(const Step& step, std::span<const Work> work, bool direct, Outcome& out) {
    const std::vector<SqlValue> stamp{item_->system, step.stamp.batch, step.stamp.at};
    YIMEN_TRY(const std::uint64_t kept, run(keepUpdated_, {step.stamp.at}));
    YIMEN_TRY(const std::uint64_t updated, run(update_, stamp));
    if (kept != updated) {  // somebody else wrote these keys between the two statements
        return core::makeError(core::ErrorCode::kUnavailable,
                               "同一数据被并发写入 / another writer changed the same rows; try again");
    }
    YIMEN_TRY(const std::uint64_t inserted, run(insert_, stamp));
    YIMEN_TRY(const auto staleRows, stale("0 AND t._hash <> s._hash"));
    const std::unordered_set<std::uint32_t> isStale(staleRows.begin(), staleRows.end());
    std::uint64_t upserts = 0;
    for (const Work& one : work) {
        if (one.kind == Kind::kErase || (direct && one.kind == Kind::kFresh)) continue;
        ++upserts;
        out.seen.push_back(one.row.key);
        if (!isStale.contains(one.row.row)) out.written.emplace_back(one.row.key, one.row.hash);
    }
    out.counters.inserted += inserted;
    out.counters.updated += updated;
    out.counters.deduped += isStale.size();
    out.counters.unchanged += upserts - inserted - updated - isStale.size();
    return {};
}

core::Status PostgresRowSink::eraseStaged(const Step& step, std::span<const Work> work, Outcome& out) {
    std::uint64_t erases = 0;
    for (const Work& one : work) erases += one.kind == Kind::kErase ? 1 : 0;
    if (erases == 0) return {};
    YIMEN_TRY(const std::uint64_t kept, run(keepErased_, {step.stamp.at}));
    YIMEN_TRY(const std::uint64_t erased, run(erase_));
    if (kept != erased) {
        return core::makeError(core::ErrorCode::kUnavailable,
                               "同一数据被并发写入 / another writer changed the same rows; try again");
    }
    YIMEN_TRY(const auto staleRows, stale("1"));
    const std::unordered_set<std::uint32_t> isStale(staleRows.begin(), staleRows.end());
    for (const Work& one : work) {
        if (one.kind != Kind::kErase) continue;
        (isStale.contains(one.row.row) ? out.seen : out.erased).push_back(one.row.key);
    }
    out.counters.deleted += erased;
    out.counters.deduped += isStale.size();
    out.counters.unchanged += erases - erased - isStale.size();
    return {};
}

}  // namespace yimen::sync::postgres
