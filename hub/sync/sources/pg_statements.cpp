#include "sync/sources/pg_statements.h"

#include <libpq-fe.h>

#include <utility>

#include "core/json.h"

namespace yimen::sync {

using core::ErrorCode;
using core::Json;
using core::Result;

namespace {

/// A transaction that was forgotten open does not hold up an item for longer than this; the overlap covers the rest.
constexpr std::string_view kLongestHold = "10 minutes";

std::string timeType(std::string_view type) {
    if (type.starts_with("timestamp") && type.ends_with("with time zone")) return "timestamptz";
    return type.starts_with("timestamp") || type == "date" ? "timestamp" : "";
}

Result<std::size_t> find(const PgPlan& plan, const std::string& name) {
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        if (plan.columns[i].name == name) return i;
    }
    return core::makeError(ErrorCode::kInvalidInput, "源没有这一列 / the source has no column '" + name + "'");
}

std::string list(const PgPlan& plan, const std::vector<std::size_t>& columns, bool withWatermark) {
    std::string out = withWatermark ? pgQuote(plan.columns[*plan.watermark].name) : std::string();
    for (const std::size_t column : columns) {
        if (!out.empty()) out += ", ";
        out += pgQuote(plan.columns[column].name);
    }
    return out;
}

/// "(E'..', E'..')"; types are those of the columns they are compared with.
std::string constants(const std::vector<std::string>& texts) {
    std::string out = "(";
    for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + pgLiteral(text);
    return out + ")";
}

}  // namespace

Result<PgPosition> PgPosition::parse(const Position& text) {
    PgPosition out;
    if (text.empty()) return out;
    YIMEN_TRY(const Json json, core::parseJson(text));
    if (!json.is_object()) return core::makeError(ErrorCode::kCorrupt, "检查点无效 / not a position of PostgreSQL");
    const auto read = [&](const char* name, std::optional<std::string>& into) {
        if (json.contains(name) && json[name].is_string()) into = json[name].get<std::string>();
    };
    read("w", out.watermark);
    read("bound", out.bound);
    read("from", out.from);
    if (json.contains("k") && json["k"].is_array()) {
        for (const Json& part : json["k"]) {
            if (part.is_string()) out.key.push_back(part.get<std::string>());
        }
    }
    return out;
}

Position PgPosition::text() const {
    Json json = Json::object();
    if (!key.empty()) json["k"] = key;
    if (watermark) json["w"] = *watermark;
    if (bound) json["bound"] = *bound;
    if (from) json["from"] = *from;
    return core::writeJson(json);
}

Result<PgPlan> makePgPlan(PgConnection& connection, const PostgresRead& read) {
    PgPlan plan;
    plan.overlap = read.overlap;
    std::string wanted = "*";
    for (std::size_t i = 0; i < read.columns.size(); ++i) {
        wanted = (i == 0 ? std::string() : wanted + ", ") + pgQuote(read.columns[i]);
    }
    plan.relation = "(" + (read.query.empty() ? "SELECT " + wanted + " FROM " + pgQuoteTable(read.table) : read.query) +
                    ") AS source";
    YIMEN_TRY(const auto head, connection.query("SELECT * FROM " + plan.relation + " LIMIT 0"));
    for (int i = 0; i < ::PQnfields(head.get()); ++i) {
        YIMEN_TRY(const auto type,
                  connection.query("SELECT format_type($1::oid, $2::int)", {std::to_string(::PQftype(head.get(), i)),
                                                                            std::to_string(::PQfmod(head.get(), i))}));
        plan.columns.push_back({::PQfname(head.get(), i), PgConnection::single(type).value_or("")});
    }
    std::vector<std::string> key = read.key;
    if (key.empty() && !read.table.empty()) {
        YIMEN_TRY(key, pgPrimaryKey(connection, read.table));
    }
    if (key.empty()) {
        return core::makeError(ErrorCode::kInvalidInput,
                               "没有主键 / no primary key to read in order of: name `key` under read");
    }
    for (const std::string& name : key) {
        YIMEN_TRY(const std::size_t column, find(plan, name));
        plan.key.push_back(column);
    }
    if (!read.watermark.empty()) {
        YIMEN_TRY(plan.watermark, find(plan, read.watermark));
        plan.timeType = timeType(plan.columns[*plan.watermark].type);
    }
    return plan;
}

core::Status limitPgPlan(PgPlan& plan, const std::string& bound) {
    YIMEN_TRY(const Json range, core::parseJson(bound));
    const core::JsonReader reader(range);
    YIMEN_TRY(const std::string column, reader.text("column"));
    YIMEN_TRY([[maybe_unused]] const std::size_t known, find(plan, column));
    std::string which;
    for (const auto& [key, sign] : {std::pair("from", " >= "), std::pair("to", " < ")}) {
        YIMEN_TRY(const std::string value, reader.text(key));
        if (value.empty()) continue;
        which += (which.empty() ? " WHERE " : " AND ") + pgQuote(column) + sign + pgLiteral(value);
    }
    plan.relation = "(SELECT * FROM " + plan.relation + which + ") AS source";
    return {};
}

Result<std::optional<std::string>> pgBound(PgConnection& connection, const PgPlan& plan) {
    std::string sql;
    if (!plan.timeType.empty()) {
        sql =
            "SELECT greatest(least(now(), (SELECT min(xact_start) FROM pg_stat_activity WHERE pid <> "
            "pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend')), now() - "
            "interval '";
        sql += kLongestHold;
        sql += "')::" + plan.timeType + "::text";
    } else {
        sql = "SELECT (max(" + pgQuote(plan.columns[*plan.watermark].name) + ") + 1)::text FROM " + plan.relation;
    }
    YIMEN_TRY(const auto row, connection.query(sql));
    return PgConnection::single(row);
}

std::string pgCompleteSql(const PgPlan& plan, const PgPosition& at) {
    const std::string order = list(plan, plan.key, false);
    std::string sql = "SELECT * FROM " + plan.relation;
    if (at.key.size() == plan.key.size()) sql += " WHERE (" + order + ") > " + constants(at.key);
    return sql + " ORDER BY " + order;
}

std::string pgChangesSql(const PgPlan& plan, const PgPosition& at) {
    const std::string watermark = pgQuote(plan.columns[*plan.watermark].name);
    std::string where;
    const std::string cast = plan.timeType.empty() ? "" : "::" + plan.timeType;
    if (at.bound) where = watermark + " < " + constants({*at.bound}) + cast;
    if (at.watermark) {
        std::vector<std::string> after{*at.watermark};
        after.insert(after.end(), at.key.begin(), at.key.end());
        where += (where.empty() ? "(" : " AND (") + list(plan, plan.key, true) + ") > " + constants(after);
    } else if (at.from) {
        // From the beginning of the bound's second (day): rows of a coarser column may have come in it since.
        const bool days = plan.columns[*plan.watermark].type == "date";
        const std::string from = constants({*at.from}) + cast;
        where += (where.empty() ? "" : " AND ") + watermark + " >= ";
        where += cast.empty() ? from
                              : "date_trunc('" + std::string(days ? "day" : "second") + "', " + from + " - interval '" +
                                    std::to_string(plan.overlap.count()) + " milliseconds')";
    }
    return "SELECT * FROM " + plan.relation + (where.empty() ? "" : " WHERE " + where) + " ORDER BY " +
           list(plan, plan.key, true);
}

}  // namespace yimen::sync
