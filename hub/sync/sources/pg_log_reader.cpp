#include "sync/sources/pg_log_reader.h"

#include <libpq-fe.h>

#include <algorithm>
#include <utility>

#include "core/json.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;
using core::Status;
using std::chrono::milliseconds;

/// Changes wait this long for others to be written with them.
constexpr milliseconds kLinger{100};
/// Without changes the place in the log is kept this often, and a cancellation seen.
constexpr milliseconds kIdle{1000};
/// How long a look for the next message waits before the server is asked how far it is.
constexpr milliseconds kWait{50};

}  // namespace

Result<PgLogPosition> PgLogPosition::parse(const Position& text) {
    PgLogPosition out;
    if (text.empty()) return out;
    YIMEN_TRY(const Json json, core::parseJson(text));
    const auto member = [&](const char* name) {
        return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
    };
    const auto lsn = parseLsn(member("lsn"));
    const auto loaded = parseLsn(member("loaded"));
    out.system = member("system");
    if (!lsn || !loaded || out.system.empty()) {
        return makeError(
            ErrorCode::kCorrupt,
            "检查点不是日志位置，请整读一次 / the checkpoint is no place in a log: read completely (--full)");
    }
    out.lsn = *lsn;
    out.loaded = *loaded;
    if (json.contains("load")) out.load = member("load");
    return out;
}

Position PgLogPosition::text() const {
    Json json{{"lsn", lsnText(lsn)}, {"system", system}, {"loaded", lsnText(loaded)}};
    if (load) json["load"] = *load;
    return core::writeJson(json);
}

Result<ReadState> PgLogReader::read(Batch& into) {
    callBegan_ = clock_.mono();
    ReadState state;
    while (!into.full() && !isDue(into)) {
        if (hasEnded()) {
            state.end = true;
            break;
        }
        YIMEN_TRY(const auto message, stream_.next(kWait));
        if (message) {
            YIMEN_TRY_STATUS(decodePgOutput(*message, change_));
            YIMEN_TRY_STATUS(apply(into));
        } else if (!transaction_ && stream_.seen() > at_.lsn) {
            at_.lsn = stream_.seen();
        } else {
            YIMEN_TRY_STATUS(stream_.confirm(0, true));
        }
    }
    state.position = at_.text();
    return state;
}

bool PgLogReader::isDue(const Batch& into) const {
    if (transaction_) return false;
    const auto now = clock_.mono();
    return into.empty() ? now - callBegan_ >= kIdle : now - firstRow_ >= kLinger;
}

bool PgLogReader::hasEnded() const {
    if (transaction_) return false;
    return plan_.follow.count() == 0 ? at_.lsn >= plan_.upTo : clock_.mono() - began_ >= plan_.follow;
}

Status PgLogReader::confirm(const Position& position) {
    YIMEN_TRY(const PgLogPosition durable, PgLogPosition::parse(position));
    return stream_.confirm(durable.lsn, false);
}

Status PgLogReader::apply(Batch& into) {
    if (into.empty()) firstRow_ = clock_.mono();
    switch (change_.kind) {
        case PgChange::Kind::kBegin:
            transaction_ = change_.end;
            return {};
        case PgChange::Kind::kCommit:
            transaction_.reset();
            at_.lsn = change_.end;
            return {};
        case PgChange::Kind::kRelation:
            return layOut(change_.described);
        case PgChange::Kind::kInsert:
        case PgChange::Kind::kUpdate:
            return change_.relation == relation_ ? upsert(into) : Status();
        case PgChange::Kind::kDelete:
            return change_.relation == relation_ ? remove(into) : Status();
        case PgChange::Kind::kTruncate: {
            const auto& emptied = change_.truncated;
            const bool ours = relation_ && std::find(emptied.begin(), emptied.end(), *relation_) != emptied.end();
            if (!ours || transaction_.value_or(0) < at_.loaded) return {};
            return makeError(ErrorCode::kInvalidInput, "源表已被清空（TRUNCATE），请整读一次 / " + plan_.table +
                                                           " was emptied by TRUNCATE: read it completely (--full)");
        }
        case PgChange::Kind::kOther:
            break;
    }
    return {};
}

Status PgLogReader::layOut(const PgRelation& relation) {
    if (relation.schema + "." + relation.table != plan_.table) return {};
    Layout layout;
    std::vector<bool> held(plan_.columns.size(), false);
    for (std::size_t i = 0; i < relation.columns.size(); ++i) {
        const auto found = std::find(plan_.columns.begin(), plan_.columns.end(), relation.columns[i].name);
        const auto column = static_cast<std::size_t>(found - plan_.columns.begin());
        const bool wanted = found != plan_.columns.end();
        layout.columns.push_back(wanted ? std::optional(column) : std::nullopt);
        if (wanted) held[column] = true;
    }
    for (const std::string& name : plan_.key) {
        const auto found = std::find_if(relation.columns.begin(), relation.columns.end(),
                                        [&](const auto& column) { return column.name == name && column.key; });
        if (found == relation.columns.end()) {
            return makeError(ErrorCode::kInvalidInput, "复制标识不含主键 / the replica identity of " + plan_.table +
                                                           " does not hold the key column '" + name +
                                                           "': ALTER TABLE .. REPLICA IDENTITY FULL");
        }
        layout.key.push_back(static_cast<std::size_t>(found - relation.columns.begin()));
        layout.keyNames.push_back(pgQuote(name));
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (!held[i]) layout.absent.push_back(i);
    }
    layout_ = std::move(layout);
    relation_ = relation.id;
    return {};
}

Status PgLogReader::known(std::size_t cells) const {
    if (layout_ && cells == layout_->columns.size()) return {};
    return makeError(ErrorCode::kCorrupt,
                     "日志的列数不符 / a row in the log has another number of columns than its table");
}

bool PgLogReader::keyChanged() const {
    if (change_.old == PgChange::Old::kNone) return false;
    return std::any_of(layout_->key.begin(), layout_->key.end(), [&](std::size_t column) {
        return change_.row[column].state == PgCell::State::kText &&
               change_.before[column].text != change_.row[column].text;
    });
}

Status PgLogReader::remove(Batch& into) {
    YIMEN_TRY_STATUS(known(change_.before.size()));
    const std::size_t row = into.addRow(Op::kDelete, ++origin_);
    for (const std::size_t column : layout_->key) {
        const auto& target = layout_->columns[column];
        if (target && change_.before[column].state == PgCell::State::kText &&
            !into.set(row, *target, change_.before[column].text)) {
            return makeError(ErrorCode::kTooLarge, "键过长 / a key is too large");
        }
    }
    return {};
}

Status PgLogReader::upsert(Batch& into) {
    YIMEN_TRY_STATUS(known(change_.row.size()));
    if (change_.old != PgChange::Old::kNone) YIMEN_TRY_STATUS(known(change_.before.size()));
    if (keyChanged()) YIMEN_TRY_STATUS(remove(into));
    const std::size_t row = into.addRow(Op::kUpsert, ++origin_);
    std::vector<std::size_t> missing = layout_->absent;
    for (std::size_t i = 0; i < change_.row.size(); ++i) {
        const auto& target = layout_->columns[i];
        if (!target) continue;
        const bool unchanged = change_.row[i].state == PgCell::State::kUnchanged;
        const bool keptInOld = unchanged && change_.old == PgChange::Old::kRow;
        const PgCell& cell = keptInOld ? change_.before[i] : change_.row[i];
        if (unchanged && !keptInOld) {
            missing.push_back(*target);
        } else if (cell.state == PgCell::State::kText && !into.set(row, *target, cell.text)) {
            return makeError(ErrorCode::kTooLarge,
                             "单元格超过 64 MiB / a cell of column '" + plan_.columns[*target] + "' is too large");
        }
    }
    if (missing.empty()) return {};
    bool there = false;
    YIMEN_TRY_STATUS(complete(into, row, missing, there));
    // Gone, or of another key, by now: the change that says so comes later in the log.
    if (!there) into.dropLastRow();
    return {};
}

/// Reads what the log leaves out from the table as it is now. It may be newer than this change; then the change that
/// made it so follows.
Status PgLogReader::complete(Batch& into, std::size_t row, const std::vector<std::size_t>& missing, bool& there) {
    std::string columns;
    for (const std::size_t column : missing) columns += (columns.empty() ? "" : ", ") + pgQuote(plan_.columns[column]);
    std::string where;
    std::vector<std::optional<std::string>> values;
    for (std::size_t i = 0; i < layout_->key.size(); ++i) {
        values.emplace_back(change_.row[layout_->key[i]].text);
        where += (where.empty() ? "" : " AND ") + layout_->keyNames[i] + " = $" + std::to_string(values.size());
    }
    YIMEN_TRY(const auto found,
              rows_.query("SELECT " + columns + " FROM " + pgQuoteTable(plan_.table) + " WHERE " + where, values));
    there = ::PQntuples(found.get()) > 0;
    for (std::size_t i = 0; there && i < missing.size(); ++i) {
        const int column = static_cast<int>(i);
        if (::PQgetisnull(found.get(), 0, column) != 0) continue;
        const std::string_view text(::PQgetvalue(found.get(), 0, column),
                                    static_cast<std::size_t>(::PQgetlength(found.get(), 0, column)));
        if (!into.set(row, missing[i], text)) {
            return makeError(ErrorCode::kTooLarge,
                             "单元格超过 64 MiB / a cell of column '" + plan_.columns[missing[i]] + "' is too large");
        }
    }
    return {};
}

}  // namespace yimen::sync
