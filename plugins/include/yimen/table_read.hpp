#pragma once

// What sources over SQL have in common: which rows to ask for, in which order, and where to go on. Header only.
//
// Incremental reading is keyset paging over the watermark columns (a time or number that grows, then the key), from the
// position (less the overlap) to an upper bound fixed when the run begins. Full reading is ordered by the key where one
// is given, so that it can be resumed; else it begins anew after a failure.

#include <functional>
#include <string>
#include <vector>

#include "plugin.hpp"

namespace yimen::sdk {

/// The "read" section: properties for a plugin's schema.
#define YIMEN_TABLE_READ_SCHEMA                                                                          \
    R"("table": {"type": "string", "minLength": 1, "description": "table or view; schema.table"},)"      \
    R"("query": {"type": "string", "minLength": 1, "description": "a SELECT instead of a table"},)"      \
    R"("columns": {"type": "array", "items": {"type": "string"}, "description": "default: all"},)"       \
    R"("where": {"type": "string", "description": "a condition in the database's own SQL"},)"            \
    R"("key": {"type": "array", "items": {"type": "string"}, "description": "order of a full read"},)"   \
    R"("watermark": {"type": "array", "items": {"type": "string"}, "description": "[updated_at, id]"},)" \
    R"("overlap": {"type": "duration", "default": 0, "minimum": 0})"

struct TableRead {
    std::string table;
    std::string query;
    std::string where;
    std::vector<std::string> columns;
    std::vector<std::string> key;
    std::vector<std::string> watermark;
    std::int64_t overlapMs = 0;

    explicit TableRead(const Config& config)
        : table(config.text("read.table")),
          query(config.text("read.query")),
          where(config.text("read.where")),
          columns(config.list("read.columns")),
          key(config.list("read.key")),
          watermark(config.list("read.watermark")),
          overlapMs(config.number("read.overlap")) {
        if (table.empty() == query.empty()) {
            throw Failure(
                YIMEN_INVALID,
                "read.table 与 read.query 须且只须写一个 / exactly one of read.table and read.query is needed");
        }
    }
    const std::vector<std::string>& cursor(Mode mode) const { return mode == Mode::kFull ? key : watermark; }
};

/// How a database says things.
struct SqlWords {
    char quote = '"';
    /// Text of the value `?` less so many milliseconds, of the watermark's own type.
    std::function<std::string(std::int64_t ms)> earlier;
    /// A parameter in a comparison with the watermark: "?" where texts are converted by themselves.
    std::string parameter = "?";
};

struct Statement {
    std::string text;
    std::vector<std::string> parameters;
    std::vector<std::size_t> compared;  ///< for each parameter, which cursor column it is compared with

    void parameter(std::string value, std::size_t cursorColumn) {
        parameters.push_back(std::move(value));
        compared.push_back(cursorColumn);
    }
};

inline std::string quoted(const std::string& name, char quote) {
    const char close = quote == '[' ? ']' : quote;
    std::string out(1, quote);
    for (const char c : name) {
        if (c == '\0') throw Failure(YIMEN_INVALID, "a name holds a NUL");
        if (c == close) out += close;
        out += c;
    }
    return out + close;
}

/// "schema.table" part by part.
inline std::string quotedPath(const std::string& path, char quote) {
    std::string out;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t dot = std::min(path.find('.', from), path.size());
        out += (from > 0 ? "." : "") + quoted(path.substr(from, dot - from), quote);
        from = dot + 1;
    }
    return out;
}

inline std::string fromClause(const TableRead& read, const SqlWords& words) {
    return " FROM " + (read.query.empty() ? quotedPath(read.table, words.quote) : "(" + read.query + ") yimen_q");
}

inline std::string selectList(const TableRead& read, const SqlWords& words) {
    std::string out;
    for (const std::string& column : read.columns) out += (out.empty() ? "" : ", ") + quoted(column, words.quote);
    return "SELECT " + (out.empty() ? "*" : out);
}

/// No row: for the columns alone.
inline std::string describeText(const TableRead& read, const SqlWords& words) {
    return selectList(read, words) + fromClause(read, words) + " WHERE 1 = 0";
}

/// The upper bound of an incremental run.
inline std::string maximumText(const TableRead& read, const SqlWords& words) {
    return "SELECT MAX(" + quoted(read.watermark.front(), words.quote) + ")" + fromClause(read, words) +
           (read.where.empty() ? "" : " WHERE (" + read.where + ")");
}

/// (a, b, c) > (?, ?, ?), spelt out so that every database uses its index.
inline std::string afterText(const std::vector<std::string>& cursor, const std::vector<std::string>& after,
                             const SqlWords& words, Statement& statement) {
    std::string out;
    for (std::size_t last = 0; last < cursor.size(); ++last) {
        std::string term;
        for (std::size_t i = 0; i <= last; ++i) {
            term += (i > 0 ? " AND " : "") + quoted(cursor[i], words.quote) + (i == last ? " > " : " = ") +
                    (i == 0 ? words.parameter : "?");
            statement.parameter(after[i], i);
        }
        out += (last > 0 ? " OR (" : "(") + term + ")";
    }
    return "(" + out + ")";
}

inline Statement readStatement(const TableRead& read, Mode mode, const SqlWords& words, const Config& bound,
                               const Config& position) {
    Statement out;
    const std::vector<std::string>& cursor = read.cursor(mode);
    const std::vector<std::string> after = position.list("after");
    std::string condition = read.where.empty() ? "" : "(" + read.where + ")";
    const auto also = [&condition](const std::string& more) { condition += (condition.empty() ? "" : " AND ") + more; };
    if (!after.empty() && after.size() != cursor.size()) {
        throw Failure(YIMEN_INVALID,
                      "位置与水位列不符，需全量重读 / the position does not fit the watermark columns: read in full");
    }
    if (!after.empty() && mode == Mode::kIncremental && read.overlapMs > 0) {
        also(quoted(cursor[0], words.quote) + " >= " + words.earlier(read.overlapMs));
        out.parameter(after[0], 0);
    } else if (!after.empty()) {
        also(afterText(cursor, after, words, out));
    }
    if (mode == Mode::kIncremental && bound.has("until")) {
        also(quoted(cursor[0], words.quote) + " <= " + words.parameter);
        out.parameter(bound.text("until"), 0);
    }
    out.text = selectList(read, words) + fromClause(read, words);
    if (!condition.empty()) out.text += " WHERE " + condition;
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        out.text += (i == 0 ? " ORDER BY " : ", ") + quoted(cursor[i], words.quote);
    }
    return out;
}

/// Numbers of the cursor's columns among the fields.
inline std::vector<std::size_t> cursorColumns(const std::vector<std::string>& cursor,
                                              const std::vector<std::string>& names) {
    std::vector<std::size_t> out;
    for (const std::string& wanted : cursor) {
        const auto found = std::find(names.begin(), names.end(), wanted);
        if (found == names.end()) {
            throw Failure(YIMEN_INVALID,
                          "没有这一列 / there is no column '" + wanted + "' to order by: name it in read.columns");
        }
        out.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    return out;
}

/// After the last row of the batch.
inline std::string positionAfter(const Batch& batch, const std::vector<std::size_t>& cursor, std::uint64_t rows) {
    if (cursor.empty()) return "{\"rows\":" + std::to_string(rows) + "}";
    std::vector<std::string> values;
    for (const std::size_t column : cursor) values.emplace_back(batch.text(column));
    return "{\"after\":" + jsonList(values) + "}";
}

}  // namespace yimen::sdk
