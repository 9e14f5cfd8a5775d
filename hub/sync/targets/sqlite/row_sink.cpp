#include "sync/targets/sqlite/row_sink.h"

#include <utility>

#include "sync/targets/cells.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/names.h"

namespace yimen::sync::sqlite {

namespace {

std::string questionMarks(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
    return out;
}

std::string whereKey(const Schema& schema) {
    return " WHERE (" + keyList(schema) + ") = (" + questionMarks(schema.keys().size()) + ")";
}

/// The canonical text is +08:00 without trailing zeros in the fraction; nearly every cell comes like that.
bool isCanonicalInstant(std::string_view text) {
    constexpr std::string_view kOffset = "+08:00";
    if (text.size() < 25 || text.substr(text.size() - kOffset.size()) != kOffset) return false;
    return text.size() == 25 || text[text.size() - kOffset.size() - 1] != '0';
}

}  // namespace

SqliteRowSink::SqliteRowSink(std::shared_ptr<const ItemTable> item, std::unique_ptr<Connection> connection,
                             const TargetOptions& options)
    : item_(std::move(item)),
      keys_(item_->schema.keys()),
      connection_(std::move(connection)),
      failPoint_(options.failPoint) {}

core::Status SqliteRowSink::loadKeys(KeyTable& keys, std::size_t limit) {
    YIMEN_TRY(Statement * scan, connection_->prepare("SELECT _key, _hash FROM " + quotedName(item_->table) + " LIMIT " +
                                                     std::to_string(limit)));
    int code = scan->step();
    for (; code == SQLITE_ROW; code = scan->step()) {
        keys.set(static_cast<std::uint64_t>(scan->number(0)), static_cast<RowHash>(scan->number(1)));
    }
    scan->reset();
    if (code != SQLITE_DONE) return connection_->error(code);
    return {};
}

core::Status SqliteRowSink::prepare() {
    const Schema& schema = item_->schema;
    const std::string table = quotedName(item_->table);
    const std::string history = quotedName(historyName(item_->table));
    const std::string stored = storedList(schema);
    const std::size_t columns = schema.fields.size() + 5;
    YIMEN_TRY(insert_, connection_->prepare("INSERT INTO " + table + " (" + stored + ") VALUES (" +
                                            questionMarks(columns) + ")"));
    const std::string newer = item_->version ? quotedName(schema.fields[*item_->version].name) + " > ?" : "0";
    YIMEN_TRY(find_, connection_->prepare("SELECT _hash, " + newer + " FROM " + table + whereKey(schema)));
    YIMEN_TRY(keep_, connection_->prepare("INSERT INTO " + history + " (" + stored + ", _valid_to) SELECT " + stored +
                                          ", max(?, _valid_from) FROM " + table + whereKey(schema)));
    YIMEN_TRY(forgetKept_, connection_->prepare("DELETE FROM " + history + " WHERE rowid = last_insert_rowid()"));
    YIMEN_TRY(update_, connection_->prepare("UPDATE " + table + " SET (" + stored + ") = (" + questionMarks(columns) +
                                            ")" + whereKey(schema)));
    YIMEN_TRY(erase_, connection_->prepare("DELETE FROM " + table + whereKey(schema)));
    return {};
}

core::Status SqliteRowSink::write(const BatchPlan& plan, const Batch& rows, const Stamp& stamp, Outcome& out) {
    YIMEN_TRY_STATUS(prepare());
    const Step step{rows, stamp, out};
    for (const RowWork& work : plan.fresh) YIMEN_TRY_STATUS(insert(step, work, true));
    if (failPoint_) failPoint_("copy");
    for (const RowWork& work : plan.merge) YIMEN_TRY_STATUS(merge(step, work));
    for (const RowWork& work : plan.erase) YIMEN_TRY_STATUS(erase(step, work));
    return {};
}

core::Result<bool> SqliteRowSink::done(Statement& statement, const Step& step, const RowWork& work, bool* taken) {
    const int code = statement.step();
    statement.reset();
    scratch_.clear();
    if (code == SQLITE_DONE) return true;
    if (taken != nullptr && (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE)) {
        *taken = true;
        return false;
    }
    core::Error error = connection_->error(code);
    if (error.code != core::ErrorCode::kInvalidInput && error.code != core::ErrorCode::kConflict) return error;
    step.out.refused.push_back({work.row, "", std::move(error.message)});
    return false;
}

core::Status SqliteRowSink::insert(const Step& step, const RowWork& work, bool fresh) {
    bindRow(*insert_, step, work);
    bool taken = false;
    YIMEN_TRY(const bool inserted, done(*insert_, step, work, fresh ? &taken : nullptr));
    if (taken) {
        step.out.clashed = true;
        return merge(step, work);
    }
    if (!inserted) return {};
    ++step.out.counters.inserted;
    step.out.written.emplace_back(work.key, work.hash);
    return {};
}

core::Status SqliteRowSink::merge(const Step& step, const RowWork& work) {
    YIMEN_TRY(const Stored stored, find(step.rows, work.row));
    if (!stored.found) return insert(step, work, false);
    if (stored.hash == work.hash || stored.newer) {
        ++(stored.hash == work.hash ? step.out.counters.unchanged : step.out.counters.deduped);
        step.out.seen.push_back(work.key);
        return {};
    }
    return update(step, work);
}

core::Status SqliteRowSink::update(const Step& step, const RowWork& work) {
    YIMEN_TRY_STATUS(keepVersion(step, work.row));
    bindRow(*update_, step, work);
    bindKeys(*update_, static_cast<int>(item_->schema.fields.size()) + 6, step.rows, work.row);
    YIMEN_TRY(const bool updated, done(*update_, step, work));
    if (updated) {
        ++step.out.counters.updated;
        step.out.written.emplace_back(work.key, work.hash);
        return {};
    }
    const int code = forgetKept_->step();  // the row was refused: its version is still the current one
    forgetKept_->reset();
    if (code != SQLITE_DONE) return connection_->error(code);
    return {};
}

core::Status SqliteRowSink::erase(const Step& step, const RowWork& work) {
    YIMEN_TRY(const Stored stored, find(step.rows, work.row));
    if (!stored.found || stored.newer) {
        ++(stored.found ? step.out.counters.deduped : step.out.counters.unchanged);
        if (stored.found) step.out.seen.push_back(work.key);
        return {};
    }
    YIMEN_TRY_STATUS(keepVersion(step, work.row));
    bindKeys(*erase_, 1, step.rows, work.row);
    YIMEN_TRY(const bool erased, done(*erase_, step, work));
    if (!erased) return core::makeError(core::ErrorCode::kInternal, "删除失败 / a row could not be removed");
    ++step.out.counters.deleted;
    step.out.erased.push_back(work.key);
    return {};
}

core::Result<SqliteRowSink::Stored> SqliteRowSink::find(const Batch& rows, std::size_t row) {
    int at = 1;
    if (item_->version) bindCell(*find_, at++, rows, row, *item_->version);
    bindKeys(*find_, at, rows, row);
    Stored out;
    const int code = find_->step();
    if (code == SQLITE_ROW) out = {true, static_cast<RowHash>(find_->number(0)), find_->number(1) != 0};
    find_->reset();
    scratch_.clear();
    if (code != SQLITE_ROW && code != SQLITE_DONE) return connection_->error(code);
    return out;
}

core::Status SqliteRowSink::keepVersion(const Step& step, std::size_t row) {
    keep_->bind(1, step.stamp.at);
    bindKeys(*keep_, 2, step.rows, row);
    const int code = keep_->step();
    keep_->reset();
    scratch_.clear();
    if (code != SQLITE_DONE) return connection_->error(code);
    return {};
}

void SqliteRowSink::bindCell(Statement& statement, int at, const Batch& rows, std::size_t row, std::size_t column) {
    if (rows.isNull(row, column)) return statement.bindNull(at);
    const std::string_view text = rows.text(row, column);
    switch (item_->schema.fields[column].type) {
        case FieldType::kInteger:
            return statement.bind(at, integerOf(text).value_or(0));
        case FieldType::kBoolean:
            return statement.bind(at, text == "true" ? 1 : 0);
        case FieldType::kDateTime:
            if (isCanonicalInstant(text)) break;
            return statement.bindText(at, scratch_.emplace_back(instantText(instantOf(text).value_or(0))));
        default:
            break;
    }
    statement.bindText(at, text);
}

void SqliteRowSink::bindKeys(Statement& statement, int first, const Batch& rows, std::size_t row) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        bindCell(statement, first + static_cast<int>(i), rows, row, keys_[i]);
    }
}

void SqliteRowSink::bindRow(Statement& statement, const Step& step, const RowWork& work) {
    int at = 1;
    for (std::size_t i = 0; i < item_->schema.fields.size(); ++i) bindCell(statement, at++, step.rows, work.row, i);
    statement.bind(at++, static_cast<std::int64_t>(work.key));
    statement.bind(at++, static_cast<std::int64_t>(work.hash));
    statement.bindText(at++, item_->system);
    statement.bind(at++, step.stamp.batch);
    statement.bind(at, step.stamp.at);
}

}  // namespace yimen::sync::sqlite
