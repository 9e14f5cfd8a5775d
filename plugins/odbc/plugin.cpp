// Anything with an ODBC driver as a source: README.md.
#include <yimen/table_read.hpp>

#include "connection.h"
#include "dialect.h"
#include "rows.h"

namespace yimen::odbc {
namespace {

using namespace sdk;

bool isTime(const Column& column) {
    return column.sqlType == SQL_TYPE_TIMESTAMP || column.sqlType == SQL_TYPE_DATE;
}

class TableReader : public Reader {
public:
    TableReader(Host host, std::unique_ptr<Connection> connection, Query query, std::vector<std::size_t> cursor)
        : host_(host),
          connection_(std::move(connection)),
          rows_(*connection_, std::move(query)),
          cursor_(std::move(cursor)) {}

    bool read(Batch& into, std::string& position) override {
        host_.throwIfCancelled();
        if (into.columns() != rows_.columns().size()) {
            throw Failure(YIMEN_UPSTREAM, "读取期间表结构已变 / the columns changed while they were read: run again");
        }
        bool more = true;
        while (!into.full() && (more = rows_.next(into, count_ + 1))) ++count_;
        if (into.rows() > 0) position = positionAfter(into, cursor_, count_);
        return !more;
    }

private:
    Host host_;
    std::unique_ptr<Connection> connection_;
    Rows rows_;
    std::vector<std::size_t> cursor_;
    std::uint64_t count_ = 0;
};

class Odbc : public Source {
public:
    Odbc(Host host, const Config& config) : host_(host), config_(config), read_(config) {
        if (config.has("source.dsn") == config.has("source.driver")) {
            throw Failure(
                YIMEN_INVALID,
                "source.dsn 与 source.driver 须且只须写一个 / exactly one of source.dsn and source.driver is needed");
        }
    }

    std::vector<Field> describe() override {
        Connection connection(host_, config_);
        std::vector<Field> out;
        for (const Column& column : connection.columnsOf(describeText(read_, dialect(false).words))) {
            out.push_back({column.name, column.type});
        }
        return out;
    }

    std::vector<Partition> partitions(Mode mode) override {
        if (mode == Mode::kFull) return {{"", ""}};
        if (read_.watermark.empty()) {
            throw Failure(YIMEN_INVALID, "增量读取须写 read.watermark / incremental reading needs read.watermark");
        }
        Connection connection(host_, config_);
        const std::string until = connection.single(maximumText(read_, dialect(false).words));
        return {{"", until.empty() ? std::string() : "{\"until\":" + jsonText(until) + "}"}};
    }

    std::unique_ptr<Reader> open(const Partition& partition, Mode mode, std::string_view position) override {
        auto connection = std::make_unique<Connection>(host_, config_);
        const std::vector<Column> columns = connection->columnsOf(describeText(read_, dialect(false).words));
        std::vector<std::string> names;
        for (const Column& column : columns) names.push_back(column.name);
        const std::vector<std::size_t> cursor = cursorColumns(read_.cursor(mode), names);
        Query query;
        for (const std::size_t column : cursor) query.cursor.push_back(columns[column]);
        const Dialect words = dialect(!cursor.empty() && isTime(columns[cursor.front()]));
        const auto json = [](std::string_view text) { return Config(text.empty() ? "{}" : text); };
        query.statement = readStatement(read_, mode, words.words, json(partition.bound), json(position));
        query.textFirst = words.words.parameter != "?" || (mode == Mode::kIncremental && read_.overlapMs > 0);
        query.arrayRows = static_cast<std::size_t>(config_.number("source.array_rows", 500));
        if (mode == Mode::kFull && config_.flag("source.snapshot", true)) connection->beginSnapshot(words.snapshot);
        return std::make_unique<TableReader>(host_, std::move(connection), std::move(query), cursor);
    }

private:
    Dialect dialect(bool time) const { return dialectOf(config_.text("source.dialect"), time); }

    Host host_;
    Config config_;
    TableRead read_;
};

constexpr const char* kSchema = R"({"type": "object", "required": ["source", "read"], "properties": {
  "source": {"type": "object", "required": ["dialect"], "properties": {
    "dialect": {"type": "string", "enum": )" YIMEN_ODBC_DIALECTS R"(},
    "dsn": {"type": "string", "description": "a data source of odbc.ini"},
    "driver": {"type": "string", "description": "a driver of odbcinst.ini, or its path"},
    "options": {"type": "array", "items": {"type": "string"}, "description": "NAME=VALUE, as the driver knows them"},
    "user": {"type": "string"},
    "password": {"type": "string", "secret": true},
    "snapshot": {"type": "boolean", "default": true, "description": "a full read sees one state of the data"},
    "array_rows": {"type": "integer", "minimum": 1, "maximum": 5000, "default": 500},
    "connect_timeout": {"type": "duration", "minimum": 1000, "maximum": 600000, "default": 10000}}},
  "read": {"type": "object", "properties": {)" YIMEN_TABLE_READ_SCHEMA R"(}}}})";

}  // namespace
}  // namespace yimen::odbc

YIMEN_SOURCE_PLUGIN(yimen::odbc::Odbc, "odbc", "1.0.0", true, yimen::odbc::kSchema)
