#include "sync/targets/item_tables.h"

#include "core/json.h"
#include "sync/targets/migrations.h"
#include "sync/targets/names.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;

std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\0') continue;
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + '\'';
}

std::string joined(const Schema& schema, std::string_view prefix, bool keysOnly) {
    std::string out;
    for (const Field& field : schema.fields) {
        if (keysOnly && !field.key) continue;
        if (!out.empty()) out += ", ";
        out += prefix;
        out += quotedName(field.name);
    }
    return out;
}

std::string fieldsText(const Schema& schema) {
    core::Json out = core::Json::array();
    for (const Field& field : schema.fields) {
        out.push_back({{"name", field.name},
                       {"title", field.title},
                       {"type", std::string(toString(field.type))},
                       {"key", field.key},
                       {"required", field.required}});
    }
    return core::writeJson(out);
}

std::vector<std::string> keyNames(const Schema& schema) {
    std::vector<std::string> out;
    for (const std::size_t key : schema.keys()) out.push_back(schema.fields[key].name);
    return out;
}

bool widens(FieldType from, FieldType to) {
    return to == FieldType::kText || (from == FieldType::kInteger && to == FieldType::kDecimal);
}

core::Error refusal(const ItemTable& item, const std::string& what) {
    return makeError(ErrorCode::kConflict, "数据项 / item " + item.code + ": " + what);
}

core::Status execute(SqlSession& session, const std::string& sql) {
    YIMEN_TRY([[maybe_unused]] const auto done, session.run(sql));
    return {};
}

std::string columns(const ItemTable& item, Dialect dialect) {
    std::string out;
    for (const Field& field : item.schema.fields) {
        out += quotedName(field.name) + " " + columnType(field, dialect) + (field.key ? " NOT NULL, " : ", ");
    }
    return out +
           "_key bigint NOT NULL, _hash bigint NOT NULL, _source text NOT NULL, _batch bigint NOT NULL, "
           "_valid_from bigint NOT NULL";
}

core::Status comment(SqlSession& session, const ItemTable& item) {
    if (session.dialect() == Dialect::kSqlite) return {};
    YIMEN_TRY_STATUS(execute(
        session, "COMMENT ON TABLE " + quotedName(item.table) + " IS " + literal(item.title + " " + item.code)));
    for (const Field& field : item.schema.fields) {
        YIMEN_TRY_STATUS(execute(session, "COMMENT ON COLUMN " + quotedName(item.table) + "." + quotedName(field.name) +
                                              " IS " + literal(field.title)));
    }
    return {};
}

core::Status create(SqlSession& session, const ItemTable& item) {
    const Dialect dialect = session.dialect();
    const std::string history = historyName(item.table);
    YIMEN_TRY(const auto taken,
              session.run(dialect == Dialect::kSqlite
                              ? "SELECT name FROM sqlite_master WHERE name IN ($1, $2)"
                              : "SELECT relname FROM pg_class WHERE relname IN ($1, $2) AND pg_table_is_visible(oid)",
                          {item.table, history}));
    if (taken.size() > 0) {
        return refusal(item, "共享库中已有同名表 / the shared database has a table " + taken.text(0, 0) +
                                 " already, which is not this item's; choose another name");
    }
    YIMEN_TRY_STATUS(execute(session, "CREATE TABLE " + quotedName(item.table) + " (" + columns(item, dialect) +
                                          ", PRIMARY KEY (" + keyList(item.schema) + "))" +
                                          (dialect == Dialect::kSqlite ? " WITHOUT ROWID" : "")));
    YIMEN_TRY_STATUS(execute(session, "CREATE TABLE " + quotedName(history) + " (" + columns(item, dialect) +
                                          ", _valid_to bigint NOT NULL)"));
    YIMEN_TRY_STATUS(execute(session, "CREATE INDEX " + quotedName(history + "_key") + " ON " + quotedName(history) +
                                          " (" + keyList(item.schema) + ", _valid_from)"));
    return {};
}

/// The new text of a column's values: what the former type reads back as.
std::string asText(const Field& now, Dialect dialect) {
    const std::string name = quotedName(now.name);
    if (now.type == FieldType::kBoolean)
        return "CASE WHEN " + name + " IS NULL THEN NULL WHEN " + name + (dialect == Dialect::kSqlite ? " <> 0" : "") +
               " THEN 'true' ELSE 'false' END";
    if (dialect == Dialect::kSqlite) return "CAST(" + name + " AS TEXT)";
    if (now.type == FieldType::kDateTime) return "replace(" + name + "::text, ' ', 'T') || ':00'";
    return name + "::text";
}

core::Status widen(SqlSession& session, const std::string& table, const Field& now, const Field& wanted) {
    const std::string alter = "ALTER TABLE " + quotedName(table) + " ";
    const std::string type = columnType(wanted, session.dialect());
    const std::string text = asText(now, session.dialect());
    if (session.dialect() == Dialect::kPostgres) {
        return execute(session, alter + "ALTER COLUMN " + quotedName(now.name) + " TYPE " + type +
                                    (wanted.type == FieldType::kText ? " USING " + text : ""));
    }
    // SQLite cannot change a column's type: a new column takes the old one's place and name.
    const std::string fresh = quotedName("_widened");
    YIMEN_TRY_STATUS(execute(session, alter + "ADD COLUMN " + fresh + " " + type));
    YIMEN_TRY_STATUS(execute(session, "UPDATE " + quotedName(table) + " SET " + fresh + " = " + text));
    YIMEN_TRY_STATUS(execute(session, alter + "DROP COLUMN " + quotedName(now.name)));
    return execute(session, alter + "RENAME COLUMN " + fresh + " TO " + quotedName(now.name));
}

core::Status apply(SqlSession& session, const Schema& now, const ItemTable& item) {
    for (const std::string& table : {item.table, historyName(item.table)}) {
        for (const Field& field : item.schema.fields) {
            const auto had = now.find(field.name);
            if (!had) {
                YIMEN_TRY_STATUS(execute(session, "ALTER TABLE " + quotedName(table) + " ADD COLUMN " +
                                                      quotedName(field.name) + " " +
                                                      columnType(field, session.dialect())));
            } else if (now.fields[*had].type != field.type) {
                YIMEN_TRY_STATUS(widen(session, table, now.fields[*had], field));
            }
        }
    }
    return {};
}

}  // namespace

std::string columnType(const Field& field, Dialect dialect) {
    const bool sqlite = dialect == Dialect::kSqlite;
    switch (field.type) {
        case FieldType::kText:  // both databases order and compare by bytes, so that pages are the same
            return sqlite ? "text" : "text COLLATE \"C\"";
        case FieldType::kInteger:
            return sqlite ? "integer" : "bigint";
        case FieldType::kDecimal:
            return sqlite ? "text" : "numeric";
        case FieldType::kBoolean:
            return sqlite ? "integer" : "boolean";
        case FieldType::kDate:
            return sqlite ? "text" : "date";
        case FieldType::kDateTime:
            return sqlite ? "text" : "timestamp with time zone";
        case FieldType::kJson:  // json, not jsonb: the text stays as it came
            return sqlite ? "text CHECK (" + quotedName(field.name) + " IS NULL OR json_valid(" +
                                quotedName(field.name) + "))"
                          : "json";
    }
    return "text";
}

std::string fieldList(const Schema& schema, std::string_view prefix) {
    return joined(schema, prefix, false);
}

std::string keyList(const Schema& schema, std::string_view prefix) {
    return joined(schema, prefix, true);
}

std::string keyMatch(const Schema& schema, std::string_view left, std::string_view right) {
    std::string out;
    for (const std::size_t key : schema.keys()) {
        const std::string name = quotedName(schema.fields[key].name);
        if (!out.empty()) out += " AND ";
        out += std::string(left) + "." + name + " = " + std::string(right) + "." + name;
    }
    return out;
}

std::string storedList(const Schema& schema, std::string_view prefix) {
    std::string out = fieldList(schema, prefix);
    for (const char* name : {"_key", "_hash", "_source", "_batch", "_valid_from"}) {
        out += ", ";
        out += prefix;
        out += name;
    }
    return out;
}

core::Result<Schema> schemaOfText(const std::string& text) {
    YIMEN_TRY(const core::Json fields, core::parseJson(text));
    Schema out;
    for (const core::Json& one : fields) {
        const core::JsonReader reader(one);
        Field field;
        YIMEN_TRY(field.name, reader.text("name"));
        YIMEN_TRY(field.title, reader.text("title"));
        YIMEN_TRY(const std::string type, reader.text("type"));
        YIMEN_TRY(field.key, reader.boolean("key"));
        YIMEN_TRY(field.required, reader.boolean("required"));
        field.type = fieldTypeOf(type).value_or(FieldType::kText);
        out.fields.push_back(std::move(field));
    }
    return out;
}

core::Result<SchemaChange> schemaChange(const Schema& now, const ItemTable& wanted) {
    SchemaChange out;
    if (keyNames(now) != keyNames(wanted.schema)) {
        return refusal(wanted, "主键不能更改 / its key cannot change; make a new item with another table");
    }
    for (const Field& had : now.fields) {
        const auto found = wanted.schema.find(had.name);
        if (!found) {
            return refusal(wanted, "字段 " + had.name + " 不能删除 / field " + had.name +
                                       " is in the shared database and would be lost; keep it in the mapping");
        }
        const Field& field = wanted.schema.fields[*found];
        if (field.type == had.type) continue;
        const std::string change =
            had.name + ": " + std::string(toString(had.type)) + " -> " + std::string(toString(field.type));
        if (had.key || !widens(had.type, field.type)) {
            return refusal(wanted, "字段类型不能收窄 / this change of type may lose values: " + change +
                                       "; use text, or a new field");
        }
        out.widened.push_back(change);
    }
    for (const Field& field : wanted.schema.fields) {
        if (!now.find(field.name)) out.added.push_back(field.name);
    }
    return out;
}

core::Result<SchemaChange> prepareItem(SqlSession& session, const ItemTable& item, const core::Clock& clock) {
    YIMEN_TRY_STATUS(checkItem(item));
    SqlTransaction transaction(session);
    YIMEN_TRY_STATUS(transaction.begin());
    if (session.dialect() == Dialect::kPostgres) {
        YIMEN_TRY([[maybe_unused]] const auto locked, session.run("LOCK TABLE sync_item IN SHARE ROW EXCLUSIVE MODE"));
    }
    YIMEN_TRY(const auto known, session.run("SELECT code, table_name, fields, title FROM sync_item WHERE code = $1 OR "
                                            "table_name = $2 ORDER BY code = $1 DESC",
                                            {item.code, item.table}));
    SchemaChange change;
    const std::string fields = fieldsText(item.schema);
    if (known.size() == 0) {
        YIMEN_TRY_STATUS(create(session, item));
        change.created = true;
    } else if (known.size() > 1 || known.text(0, 0) != item.code || known.text(0, 1) != item.table) {
        return refusal(item, "表名 " + item.table +
                                 " 已被占用或不能更改 / the table name belongs to another item, or "
                                 "this item has another table already: " +
                                 known.text(0, 1));
    } else if (known.text(0, 2) == fields && known.text(0, 3) == item.title) {
        return change;
    } else {
        YIMEN_TRY(const Schema now, schemaOfText(known.text(0, 2)));
        YIMEN_TRY(change, schemaChange(now, item));
        YIMEN_TRY_STATUS(apply(session, now, item));
    }
    YIMEN_TRY_STATUS(comment(session, item));
    YIMEN_TRY([[maybe_unused]] const auto noted,
              session.run("INSERT INTO sync_item (code, table_name, title, system, fields, updated_at) VALUES "
                          "($1, $2, $3, $4, $5, $6) ON CONFLICT (code) DO UPDATE SET title = excluded.title, "
                          "system = excluded.system, fields = excluded.fields, updated_at = excluded.updated_at",
                          {item.code, item.table, item.title, item.system, fields, nowMs(clock)}));
    YIMEN_TRY_STATUS(transaction.commit());
    return change;
}

}  // namespace yimen::sync
