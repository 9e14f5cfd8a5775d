#include "sync/item_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/json.h"
#include "sync/targets/cells.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/migrations.h"
#include "sync/targets/names.h"
#include "sync/targets/read_cells.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;

constexpr std::int64_t kSettleMarginMs = 2'000;
constexpr std::size_t kMaxPrefixes = 64;

core::Error wrong(const std::string& zh, const std::string& en) {
    return core::makeError(ErrorCode::kInvalidInput, zh + " / " + en);
}

/// SQL that grows with its parameters.
struct Sql {
    explicit Sql(Dialect of) : dialect(of) {}
    std::string text;
    std::vector<SqlValue> values;
    Dialect dialect;

    std::string add(SqlValue value) {
        values.push_back(std::move(value));
        return "$" + std::to_string(values.size());
    }
    std::string number(std::int64_t value) {
        return dialect == Dialect::kPostgres ? "CAST(" + add(value) + " AS bigint)" : add(value);
    }
};

/// "field is one of a list": the list is one parameter, however long it is.
core::Result<std::string> oneOf(Sql& sql, const ItemTable& item, const Within& within, std::string_view prefix) {
    if (within.field >= item.schema.fields.size() || item.schema.fields[within.field].type != FieldType::kText) {
        return wrong("行条件须用文本字段", "a row condition needs a text field");
    }
    if (within.prefixes.size() > kMaxPrefixes) return wrong("前缀过多", "too many prefixes");
    const std::string name = std::string(prefix) + quotedName(item.schema.fields[within.field].name);
    std::string out = "0 = 1";
    if (!within.values.empty()) {
        const std::string list = sql.add(core::writeJson(core::Json(within.values)));
        out = name + (sql.dialect == Dialect::kSqlite
                          ? " IN (SELECT value FROM json_each(" + list + "))"
                          : " IN (SELECT json_array_elements_text(CAST(" + list + " AS json)) COLLATE \"C\")");
    }
    for (const std::string& start : within.prefixes) {
        std::size_t characters = 0;
        for (const char c : start) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
        const std::string value = sql.add(start);
        out += " OR substr(" + name + ", 1, " + std::to_string(characters) +
               ") = " + (sql.dialect == Dialect::kPostgres ? "CAST(" + value + " AS text)" : value);
    }
    return "(" + name + " IS NOT NULL AND (" + out + "))";
}

core::Result<std::string> compared(Sql& sql, const ItemTable& item, const Compare& compare) {
    if (compare.field >= item.schema.fields.size()) return wrong("没有此字段", "there is no such field");
    const Field& field = item.schema.fields[compare.field];
    const bool ordered = field.type != FieldType::kDecimal && field.type != FieldType::kBoolean;
    if (field.type == FieldType::kJson || (compare.how != Compare::How::kEqual && !ordered)) {
        return wrong("字段 " + field.name + " 不能这样筛选", "field " + field.name + " cannot be compared like this");
    }
    if (const char* why = wrongWith(field.type, compare.value, true)) {
        return wrong("字段 " + field.name + " 的筛选值无效", "the value for field " + field.name + " is " + why);
    }
    sql.values.push_back(boundCell(field.type, compare.value, sql.dialect));
    const char* sign = compare.how == Compare::How::kEqual     ? " = "
                       : compare.how == Compare::How::kAtLeast ? " >= "
                                                               : " <= ";
    return quotedName(field.name) + sign + typedPlaceholder(sql.values.size(), field, sql.dialect);
}

/// "(a, b) > (..)" for rows behind a position.
core::Result<std::string> behind(Sql& sql, const ItemTable& item, const std::vector<std::string>& after) {
    const std::vector<std::size_t> keys = item.schema.keys();
    if (after.size() != keys.size()) return wrong("翻页位置与主键不符", "the position does not fit the item's key");
    std::string bounds;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Field& field = item.schema.fields[keys[i]];
        if (wrongWith(field.type, after[i], true) != nullptr) {
            return wrong("翻页位置无效", "the position has no valid " + field.name);
        }
        sql.values.push_back(boundCell(field.type, after[i], sql.dialect));
        bounds += (i == 0 ? "" : ", ") + typedPlaceholder(sql.values.size(), field, sql.dialect);
    }
    return "(" + keyList(item.schema) + ") > (" + bounds + ")";
}

core::Result<Sql> pageSql(const ItemTable& item, const RowQuery& query, Dialect dialect) {
    Sql sql(dialect);
    const std::string fields = fieldList(item.schema);
    std::string from = quotedName(item.table);
    if (query.asOf) {
        const std::string at = sql.number(*query.asOf);
        from = "(SELECT " + fields + " FROM " + from + " WHERE _valid_from <= " + at + " UNION ALL SELECT " + fields +
               " FROM " + quotedName(historyName(item.table)) + " WHERE _valid_from <= " + at + " AND _valid_to > " +
               at + ") versions";
    }
    std::string where = "1 = 1";
    for (const Within& within : query.within) {
        YIMEN_TRY(const std::string one, oneOf(sql, item, within, ""));
        where += " AND " + one;
    }
    for (const Compare& compare : query.compare) {
        YIMEN_TRY(const std::string one, compared(sql, item, compare));
        where += " AND " + one;
    }
    if (!query.after.empty()) {
        YIMEN_TRY(const std::string position, behind(sql, item, query.after));
        where += " AND " + position;
    }
    sql.text = "SELECT " + fields + " FROM " + from + " WHERE " + where + " ORDER BY " + keyList(item.schema) +
               " LIMIT " + std::to_string(query.limit + 1);
    return sql;
}

/// The keys with a version that began or ended in the window, in order, each part of the union cut off early.
core::Result<std::string> changedKeys(Sql& sql, const ItemTable& item, const ChangeQuery& query) {
    const std::string keys = keyList(item.schema);
    const std::string from = sql.number(query.from);
    const std::string to = sql.number(query.to);
    std::string position;
    if (!query.after.empty()) {
        YIMEN_TRY(position, behind(sql, item, query.after));
        position = " AND " + position;
    }
    const std::string began = "(_valid_from > " + from + " AND _valid_from <= " + to + ")";
    const std::string ended = "(_valid_to > " + from + " AND _valid_to <= " + to + ")";
    const std::string tail = position + " ORDER BY " + keys + " LIMIT " + std::to_string(query.limit + 1);
    return "SELECT " + keys + " FROM (SELECT * FROM (SELECT " + keys + " FROM " + quotedName(item.table) + " WHERE " +
           began + tail + ") now_changed UNION SELECT * FROM (SELECT DISTINCT " + keys + " FROM " +
           quotedName(historyName(item.table)) + " WHERE (" + began + " OR " + ended + ")" + tail +
           ") then_changed) changed ORDER BY " + keys + " LIMIT " + std::to_string(query.limit + 1);
}

/// The four places where a version may be that held at one of the two moments.
constexpr std::array<std::string_view, 4> kPlaces{"b.", "bh.", "a.", "ah."};

core::Result<Sql> changesSql(const ItemTable& item, const ChangeQuery& query, Dialect dialect) {
    Sql sql(dialect);
    YIMEN_TRY(const std::string keys, changedKeys(sql, item, query));
    const std::string from = sql.number(query.from);
    const std::string to = sql.number(query.to);
    std::string columns = keyList(item.schema, "k.");
    for (const std::string_view place : kPlaces) {
        std::string holds = std::string(place) + "_valid_from IS NOT NULL";
        for (const Within& within : query.within) {
            YIMEN_TRY(const std::string one, oneOf(sql, item, within, place));
            holds += " AND " + one;
        }
        columns += ", CASE WHEN " + holds + " THEN 1 ELSE 0 END, " + fieldList(item.schema, place);
    }
    const std::string table = quotedName(item.table);
    const std::string history = quotedName(historyName(item.table));
    const auto join = [&](const std::string& source, const std::string& name, const std::string& at, bool past) {
        return " LEFT JOIN " + source + " " + name + " ON " + keyMatch(item.schema, "k", name) + " AND " + name +
               "._valid_from <= " + at + (past ? " AND " + name + "._valid_to > " + at : "");
    };
    sql.text = "SELECT " + columns + " FROM (" + keys + ") k" + join(table, "b", from, false) +
               join(history, "bh", from, true) + join(table, "a", to, false) + join(history, "ah", to, true) +
               " ORDER BY " + keyList(item.schema, "k.");
    return sql;
}

class SqlItemView final : public ItemView {
public:
    SqlItemView(std::shared_ptr<SqlPool> pool, TargetOptions options)
        : pool_(std::move(pool)), options_(std::move(options)) {}

    core::Result<ItemRows::Page> page(const ItemTable& item, const RowQuery& wanted) override {
        YIMEN_TRY_STATUS(checkItem(item));
        YIMEN_TRY(auto session, pool_->lease());
        RowQuery query = wanted;
        query.limit = std::clamp<std::size_t>(query.limit, 1, Batch::kMaxRows);
        YIMEN_TRY(const Sql sql, pageSql(item, query, session->dialect()));
        ItemRows::Page page;
        page.rows.reset(item.schema.fields.size());
        YIMEN_TRY_STATUS(session->each(sql.text, sql.values, [&](const std::vector<SqlCell>& cells) -> core::Status {
            if (!page.end || page.rows.rows() == query.limit || page.rows.full()) {
                page.end = false;
                return {};
            }
            return addRow(page.rows, item, cells, 0, sql.dialect);
        }));
        if (!page.rows.empty()) page.after = keysOf(page.rows, item);
        return page;
    }

    core::Result<ChangePage> changes(const ItemTable& item, const ChangeQuery& wanted) override {
        YIMEN_TRY_STATUS(checkItem(item));
        YIMEN_TRY(auto session, pool_->lease());
        ChangeQuery query = wanted;
        query.limit = std::clamp<std::size_t>(query.limit, 1, Batch::kMaxRows / 2);
        YIMEN_TRY(const Sql sql, changesSql(item, query, session->dialect()));
        ChangePage page;
        page.before.reset(item.schema.fields.size());
        page.after.reset(item.schema.fields.size());
        YIMEN_TRY_STATUS(session->each(sql.text, sql.values, [&](const std::vector<SqlCell>& cells) -> core::Status {
            if (!page.end || page.after.rows() == query.limit || page.after.full() || page.before.full()) {
                page.end = false;
                return {};
            }
            return addChange(page, item, cells, sql.dialect);
        }));
        return page;
    }

    core::Result<std::int64_t> settled() override {
        const std::int64_t now = nowMs(*options_.clock);
        YIMEN_TRY(auto session, pool_->lease());
        // SQLite has one writer, which stamps its rows after it has its turn: the margin is for clocks set back.
        if (session->dialect() == Dialect::kSqlite) return now - kSettleMarginMs;
        YIMEN_TRY(const auto oldest,
                  session->run("SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000), 0)"
                               "::bigint FROM pg_stat_activity WHERE datname = current_database() AND "
                               "backend_xid IS NOT NULL"));
        return now - kSettleMarginMs - oldest.number(0, 0);
    }

private:
    static core::Status addRow(Batch& rows, const ItemTable& item, const std::vector<SqlCell>& cells, std::size_t first,
                               Dialect dialect) {
        const std::size_t row = rows.addRow(Op::kUpsert, 0);
        for (std::size_t i = 0; i < item.schema.fields.size(); ++i) {
            const SqlCell& cell = cells[first + i];
            if (!cell) continue;
            if (!rows.set(row, i, canonicalCell(item.schema.fields[i].type, *cell, dialect))) {
                return core::makeError(ErrorCode::kTooLarge, "一页数据过大 / the page is too large");
            }
        }
        return {};
    }

    /// The version at one of the two moments: in the table or in its history, never in both.
    static core::Status addSide(Batch& rows, const ItemTable& item, const std::vector<SqlCell>& cells, std::size_t side,
                                Dialect dialect) {
        const std::size_t width = item.schema.fields.size() + 1;
        const std::size_t keys = item.schema.keys().size();
        for (const std::size_t place : {2 * side, 2 * side + 1}) {
            const std::size_t at = keys + place * width;
            if (cells[at] == "1") return addRow(rows, item, cells, at + 1, dialect);
        }
        rows.addRow(Op::kDelete, 0);
        return {};
    }

    static core::Status addChange(ChangePage& page, const ItemTable& item, const std::vector<SqlCell>& cells,
                                  Dialect dialect) {
        YIMEN_TRY_STATUS(addSide(page.before, item, cells, 0, dialect));
        YIMEN_TRY_STATUS(addSide(page.after, item, cells, 1, dialect));
        page.last.clear();
        std::size_t at = 0;
        for (const std::size_t key : item.schema.keys()) {
            page.last.push_back(canonicalCell(item.schema.fields[key].type, cells[at++].value_or(""), dialect));
        }
        // A row that was not there still has its key: whoever is told that it is gone must know which.
        for (Batch* rows : {&page.before, &page.after}) {
            const std::size_t row = rows->rows() - 1;
            if (rows->op(row) == Op::kUpsert) continue;
            at = 0;
            for (const std::size_t key : item.schema.keys()) {
                if (!rows->set(row, key, page.last[at++])) {
                    return core::makeError(ErrorCode::kTooLarge, "一页数据过大 / the page is too large");
                }
            }
        }
        return {};
    }

    static std::vector<std::string> keysOf(const Batch& rows, const ItemTable& item) {
        std::vector<std::string> out;
        for (const std::size_t key : item.schema.keys()) out.emplace_back(rows.text(rows.rows() - 1, key));
        return out;
    }

    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

}  // namespace

std::unique_ptr<ItemView> makeItemView(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlItemView>(std::move(pool), std::move(options));
}

}  // namespace yimen::sync
