#include <mutex>
#include <set>
#include <utility>

#include "core/json.h"
#include "core/log.h"
#include "sync/row_hash.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/names.h"
#include "sync/targets/read_cells.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;

/// The values as one list of rows, numbered from 0 (SQLite) or 1 (PostgreSQL).
struct ValueList {
    std::string from;  ///< "... v": a table with the number in v.n
    std::vector<std::string> cells;
    std::vector<SqlValue> bound;
};

ValueList jsonList(const std::vector<Field>& fields, const std::vector<std::vector<std::string>>& values) {
    core::Json all = core::Json::array();
    for (const auto& value : values) {
        core::Json row = core::Json::array();
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const SqlValue cell = boundCell(fields[i].type, value[i], Dialect::kSqlite);
            if (const auto* number = std::get_if<std::int64_t>(&cell)) {
                row.push_back(*number);
            } else {
                row.push_back(std::get<std::string>(cell));
            }
        }
        all.push_back(std::move(row));
    }
    ValueList out;
    std::string columns = "SELECT key AS n";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string number = std::to_string(i);
        columns += ", json_extract(value, '$[" + number + "]') AS c" + number;
        out.cells.push_back("v.c" + number);
    }
    // Materialized: the list is the outer loop, the item's index the inner one.
    out.from = "(" + columns + " FROM json_each($1) LIMIT -1) v";
    out.bound = {core::writeJson(all)};
    return out;
}

std::string arrayText(const std::vector<std::vector<std::string>>& values, std::size_t column) {
    std::string out = "{";
    for (const auto& value : values) {
        out += out.size() > 1 ? ",\"" : "\"";
        for (const char c : value[column]) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return out + "}";
}

ValueList arrayList(const std::vector<Field>& fields, const std::vector<std::vector<std::string>>& values) {
    ValueList out;
    std::string arrays;
    std::string names;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string name = "c" + std::to_string(i);
        arrays +=
            (i > 0 ? ", CAST($" : "CAST($") + std::to_string(i + 1) + " AS " + comparedType(fields[i].type) + "[])";
        names += name + ", ";
        out.cells.push_back("v." + name);
        out.bound.emplace_back(arrayText(values, i));
    }
    out.from = "unnest(" + arrays + ") WITH ORDINALITY v(" + names + "n)";
    return out;
}

/// The table of an item that has been synced, and its fields as the shared database has them.
struct Known {
    std::string table;
    Schema schema;
};

class SqlRowLookup final : public RowLookup {
public:
    explicit SqlRowLookup(std::shared_ptr<SqlPool> pool) : pool_(std::move(pool)) {}

    core::Result<std::vector<bool>> exist(const std::string& item, const std::string& field,
                                          const std::vector<std::string>& values) override {
        std::vector<bool> out(values.size(), false);
        if (values.empty()) return out;
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto known, find(*session, item));
        if (!known) {
            return core::makeError(ErrorCode::kInvalidInput,
                                   "规则 reference 所指的数据项尚未同步 / the item " + item +
                                       " that a rule refers to has never been synced: sync it first");
        }
        std::vector<std::vector<std::string>> rows;
        for (const std::string& value : values) rows.push_back({value});
        YIMEN_TRY_STATUS(
            ask(*session, *known, {field}, rows, [&](std::size_t number, std::string) { out[number] = true; }));
        return out;
    }

    core::Result<std::vector<std::optional<std::string>>> holders(
        const std::string& item, const std::vector<std::string>& fields,
        const std::vector<std::vector<std::string>>& values) override {
        std::vector<std::optional<std::string>> out(values.size());
        if (values.empty()) return out;
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto known, find(*session, item));
        if (!known) return out;
        YIMEN_TRY_STATUS(ask(*session, *known, fields, values,
                             [&](std::size_t number, std::string key) { out[number] = std::move(key); }));
        return out;
    }

private:
    core::Result<std::optional<Known>> find(SqlSession& session, const std::string& item) {
        YIMEN_TRY(const auto rows, session.run("SELECT table_name, fields FROM sync_item WHERE code = $1", {item}));
        if (rows.size() == 0) return std::optional<Known>();
        YIMEN_TRY(Schema schema, schemaOfText(rows.text(0, 1)));
        return std::optional<Known>(Known{rows.text(0, 0), std::move(schema)});
    }

    template <typename Found>
    core::Status ask(SqlSession& session, const Known& known, const std::vector<std::string>& names,
                     const std::vector<std::vector<std::string>>& values, Found found) {
        std::vector<Field> fields;
        for (const std::string& name : names) {
            const auto number = known.schema.find(name);
            if (!number || known.schema.fields[*number].type == FieldType::kJson) {
                return core::makeError(
                    ErrorCode::kInvalidInput,
                    "共享库的表 / the table " + known.table + " has no field '" + name + "' that can be compared");
            }
            fields.push_back(known.schema.fields[*number]);
        }
        YIMEN_TRY_STATUS(index(session, known, fields[0]));
        const bool sqlite = session.dialect() == Dialect::kSqlite;
        const ValueList list = sqlite ? jsonList(fields, values) : arrayList(fields, values);
        std::string match;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            match += (i > 0 ? " AND t." : "t.") + quotedName(fields[i].name) + " = " + list.cells[i];
        }
        const std::vector<std::size_t> keys = known.schema.keys();
        return session.each("SELECT v.n, " + keyList(known.schema, "t.") + " FROM " + list.from + " JOIN " +
                                quotedName(known.table) + " t ON " + match,
                            list.bound, [&](const std::vector<SqlCell>& cells) -> core::Status {
                                std::string key;
                                for (std::size_t i = 0; i < keys.size(); ++i) {
                                    if (i > 0) key += kKeySeparator;
                                    key += canonicalCell(known.schema.fields[keys[i]].type, cells[i + 1].value_or(""),
                                                         session.dialect());
                                }
                                const std::size_t number = std::stoull(cells[0].value_or("0")) - (sqlite ? 0 : 1);
                                if (number < values.size()) found(number, std::move(key));
                                return {};
                            });
    }

    /// Looking up without an index would read the whole table for each batch. The key has one already.
    core::Status index(SqlSession& session, const Known& known, const Field& field) {
        if (known.schema.fields[known.schema.keys()[0]].name == field.name) return {};
        {
            const std::lock_guard lock(mutex_);
            if (!indexed_.insert(known.table + "." + field.name).second) return {};
        }
        const std::string name = "_by_" + std::to_string(textHash(known.table + "." + field.name));
        const auto made = session.run("CREATE INDEX IF NOT EXISTS " + quotedName(name) + " ON " +
                                      quotedName(known.table) + " (" + quotedName(field.name) + ")");
        // Values too long for an index are looked up all the same, only slowly.
        if (!made.ok()) core::logWarn("sync.lookup.no_index", {{"table", known.table}, {"field", field.name}});
        return session.usable() ? core::Status() : core::Status(made.error());
    }

    std::shared_ptr<SqlPool> pool_;
    std::mutex mutex_;
    std::set<std::string> indexed_;  ///< guarded by mutex_
};

}  // namespace

std::unique_ptr<RowLookup> makeRowLookup(std::shared_ptr<SqlPool> pool) {
    return std::make_unique<SqlRowLookup>(std::move(pool));
}

}  // namespace yimen::sync
