#include "sync/sources/postgres_source.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/json.h"
#include "sync/sources/pg_copy_lines.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::Result;

/// A transaction that was forgotten open does not hold up an item for longer than this; the overlap covers the rest.
constexpr std::string_view kLongestHold = "10 minutes";

/// Where a read stands. In JSON: {"k":[..],"w":"..","bound":".."} on the way, {"from":".."} when it ended.
struct PgPosition {
    std::vector<std::string> key;
    std::optional<std::string> watermark;
    std::optional<std::string> bound;
    std::optional<std::string> from;

    static Result<PgPosition> parse(const Position& text) {
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
    Position text() const {
        Json json = Json::object();
        if (!key.empty()) json["k"] = key;
        if (watermark) json["w"] = *watermark;
        if (bound) json["bound"] = *bound;
        if (from) json["from"] = *from;
        return core::writeJson(json);
    }
};

/// The statement's parts that do not change.
struct Plan {
    std::string relation;  ///< "(SELECT ...) AS source"
    std::vector<SourceField> columns;
    std::vector<std::size_t> key;  ///< numbers of columns
    std::optional<std::size_t> watermark;
    /// Type in full precision in which a watermark that is a time is compared; empty: the watermark is no time. Bounds
    /// rounded to a column of whole seconds would leave out what was written in the running second, or pass over it.
    std::string timeType;
};

class PostgresReader final : public Reader {
public:
    PostgresReader(PgConnection connection, Plan plan, PgPosition at, bool incremental)
        : connection_(std::move(connection)),
          plan_(std::move(plan)),
          at_(std::move(at)),
          incremental_(incremental),
          lines_(plan_.columns.size()) {}

    Result<ReadState> read(Batch& into) override {
        while (!into.full()) {
            YIMEN_TRY(const std::span<char> line, connection_.nextLine());
            if (line.data() == nullptr) return finish();
            switch (lines_.add(line, ++origin_, into)) {
                case PgCopyLines::Outcome::kAdded:
                    continue;
                case PgCopyLines::Outcome::kTooLarge:
                    return core::makeError(ErrorCode::kTooLarge, "单元格超过 64 MiB / a cell of record " +
                                                                     std::to_string(origin_) + " is too large");
                case PgCopyLines::Outcome::kMalformed:
                    return core::makeError(ErrorCode::kUpstream,
                                           "数据库的应答无效 / PostgreSQL gave another number of columns than before");
            }
        }
        const std::size_t row = into.rows() - 1;
        at_.key.clear();
        for (const std::size_t column : plan_.key) at_.key.emplace_back(into.text(row, column));
        if (incremental_) at_.watermark = std::string(into.text(row, *plan_.watermark));
        ReadState state;
        state.position = at_.text();
        return state;
    }

private:
    ReadState finish() {
        PgPosition end;
        end.from = at_.bound;
        ReadState state;
        state.position = end.text();
        state.end = true;
        return state;
    }

    PgConnection connection_;
    const Plan plan_;
    PgPosition at_;
    const bool incremental_;
    PgCopyLines lines_;
    std::uint64_t origin_ = 0;
};

class PostgresSource final : public Source {
public:
    PostgresSource(PgAddress address, PostgresRead read) : address_(std::move(address)), read_(std::move(read)) {}

    bool canRead(ReadMode mode) const noexcept override { return mode == ReadMode::kFull || !read_.watermark.empty(); }

    Result<std::vector<SourceField>> describe() override {
        YIMEN_TRY(PgConnection connection, PgConnection::open(address_));
        YIMEN_TRY(const Plan plan, makePlan(connection));
        return plan.columns;
    }

    Result<std::vector<Partition>> partitions(ReadMode mode) override {
        if (!canRead(mode)) {
            return core::makeError(ErrorCode::kInvalidInput,
                                   "没有水位列，只能整读 / no watermark is declared: read it completely");
        }
        return std::vector<Partition>{{"", ""}};
    }

    Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode mode, Position from) override {
        YIMEN_TRY(PgConnection connection, PgConnection::open(address_));
        YIMEN_TRY(Plan plan, makePlan(connection));
        YIMEN_TRY(PgPosition at, PgPosition::parse(from));
        if (!at.bound && plan.watermark) {
            YIMEN_TRY(at.bound, bound(connection, plan));
        }
        const bool incremental = mode == ReadMode::kIncremental;
        const std::string sql = incremental ? changesSql(plan, at) : completeSql(plan, at);
        // COPY takes no parameters, but costs a third less than rows of an answer.
        YIMEN_TRY_STATUS(connection.copyOut("COPY (" + sql + ") TO STDOUT"));
        return std::unique_ptr<Reader>(
            std::make_unique<PostgresReader>(std::move(connection), std::move(plan), std::move(at), incremental));
    }

private:
    Result<Plan> makePlan(PgConnection& connection) const {
        Plan plan;
        std::string wanted = "*";
        for (std::size_t i = 0; i < read_.columns.size(); ++i) {
            wanted = (i == 0 ? std::string() : wanted + ", ") + pgQuote(read_.columns[i]);
        }
        plan.relation =
            "(" + (read_.query.empty() ? "SELECT " + wanted + " FROM " + pgQuoteTable(read_.table) : read_.query) +
            ") AS source";
        YIMEN_TRY(const auto head, connection.query("SELECT * FROM " + plan.relation + " LIMIT 0"));
        for (int i = 0; i < ::PQnfields(head.get()); ++i) {
            YIMEN_TRY(const auto type, connection.query("SELECT format_type($1::oid, $2::int)",
                                                        {std::to_string(::PQftype(head.get(), i)),
                                                         std::to_string(::PQfmod(head.get(), i))}));
            plan.columns.push_back({::PQfname(head.get(), i), PgConnection::single(type).value_or("")});
        }
        std::vector<std::string> key = read_.key;
        if (key.empty() && !read_.table.empty()) {
            YIMEN_TRY(key, pgPrimaryKey(connection, read_.table));
        }
        if (key.empty()) {
            return core::makeError(ErrorCode::kInvalidInput,
                                   "没有主键 / no primary key to read in order of: name `key` under read");
        }
        for (const std::string& name : key) {
            YIMEN_TRY(const std::size_t column, find(plan, name));
            plan.key.push_back(column);
        }
        if (!read_.watermark.empty()) {
            YIMEN_TRY(plan.watermark, find(plan, read_.watermark));
            plan.timeType = timeType(plan.columns[*plan.watermark].type);
        }
        return plan;
    }

    static std::string timeType(std::string_view type) {
        if (type.starts_with("timestamp") && type.ends_with("with time zone")) return "timestamptz";
        return type.starts_with("timestamp") || type == "date" ? "timestamp" : "";
    }

    static Result<std::size_t> find(const Plan& plan, const std::string& name) {
        for (std::size_t i = 0; i < plan.columns.size(); ++i) {
            if (plan.columns[i].name == name) return i;
        }
        return core::makeError(ErrorCode::kInvalidInput, "源没有这一列 / the source has no column '" + name + "'");
    }

    /// The end of what this read sees. Rows at or above it may still be on their way to their commit.
    static Result<std::optional<std::string>> bound(PgConnection& connection, const Plan& plan) {
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

    static std::string list(const Plan& plan, const std::vector<std::size_t>& columns, bool withWatermark) {
        std::string out = withWatermark ? pgQuote(plan.columns[*plan.watermark].name) : std::string();
        for (const std::size_t column : columns) {
            if (!out.empty()) out += ", ";
            out += pgQuote(plan.columns[column].name);
        }
        return out;
    }

    /// "(E'..', E'..')"; types are those of the columns they are compared with.
    static std::string constants(const std::vector<std::string>& texts) {
        std::string out = "(";
        for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + pgLiteral(text);
        return out + ")";
    }

    static std::string completeSql(const Plan& plan, const PgPosition& at) {
        const std::string order = list(plan, plan.key, false);
        std::string sql = "SELECT * FROM " + plan.relation;
        if (at.key.size() == plan.key.size()) sql += " WHERE (" + order + ") > " + constants(at.key);
        return sql + " ORDER BY " + order;
    }

    std::string changesSql(const Plan& plan, const PgPosition& at) const {
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
                                  : "date_trunc('" + std::string(days ? "day" : "second") + "', " + from +
                                        " - interval '" + std::to_string(read_.overlap.count()) + " milliseconds')";
        }
        return "SELECT * FROM " + plan.relation + (where.empty() ? "" : " WHERE " + where) + " ORDER BY " +
               list(plan, plan.key, true);
    }

    const PgAddress address_;
    const PostgresRead read_;
};

}  // namespace

Result<std::vector<std::string>> pgPrimaryKey(PgConnection& connection, const std::string& table) {
    YIMEN_TRY(const auto rows,
              connection.query("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND"
                               " a.attnum = ANY(i.indkey) WHERE i.indrelid = $1::regclass AND i.indisprimary"
                               " ORDER BY array_position(i.indkey, a.attnum)",
                               {pgQuoteTable(table)}));
    std::vector<std::string> out;
    out.reserve(static_cast<std::size_t>(::PQntuples(rows.get())));
    for (int i = 0; i < ::PQntuples(rows.get()); ++i) out.emplace_back(::PQgetvalue(rows.get(), i, 0));
    return out;
}

Result<std::unique_ptr<Source>> makePostgresSource(const PgAddress& address, PostgresRead read) {
    if (read.table.empty() == read.query.empty()) {
        return core::makeError(ErrorCode::kInvalidInput,
                               "read 需要 table 或 query 之一 / read needs either table or query");
    }
    return std::unique_ptr<Source>(std::make_unique<PostgresSource>(address, std::move(read)));
}

}  // namespace yimen::sync
