// MySQL and MariaDB as a source: README.md.
#include <yimen/table_read.hpp>

#include "connection.h"
#include "rows.h"

namespace yimen::mysql {
namespace {

using namespace sdk;

SqlWords words() {
    SqlWords out;
    out.quote = '`';
    out.earlier = [](std::int64_t ms) {
        return "CAST(? AS DATETIME(6)) - INTERVAL " + std::to_string(ms * 1000) + " MICROSECOND";
    };
    return out;
}

class TableReader : public Reader {
public:
    TableReader(Host host, const Config& config, const TableRead& read, Mode mode, const Statement& statement)
        : host_(host), connection_(host, config) {
        if (mode == Mode::kFull) connection_.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        rows_ =
            statement.parameters.empty() ? textRows(connection_, statement.text) : preparedRows(connection_, statement);
        std::vector<std::string> names;
        for (const Column& column : rows_->columns()) names.push_back(column.name);
        cursor_ = cursorColumns(read.cursor(mode), names);
    }

    bool read(Batch& into, std::string& position) override {
        host_.throwIfCancelled();
        if (into.columns() != rows_->columns().size()) {
            throw Failure(YIMEN_UPSTREAM, "读取期间表结构已变 / the columns changed while they were read: run again");
        }
        bool more = true;
        while (!into.full() && (more = rows_->next(into, count_ + 1))) ++count_;
        if (into.rows() > 0) position = positionAfter(into, cursor_, count_);
        return !more;
    }

private:
    Host host_;
    Connection connection_;
    std::unique_ptr<Rows> rows_;
    std::vector<std::size_t> cursor_;
    std::uint64_t count_ = 0;
};

class Mysql : public Source {
public:
    Mysql(Host host, const Config& config) : host_(host), config_(config), read_(config) {
        for (const char c : config.text("source.time_zone")) {
            if (std::string_view("'\\").find(c) != std::string_view::npos) {
                throw Failure(YIMEN_INVALID, "时区无效 / source.time_zone is no time zone");
            }
        }
    }

    std::vector<Field> describe() override {
        Connection connection(host_, config_);
        std::vector<Field> out;
        for (const Column& column : connection.columnsOf(describeText(read_, words())))
            out.push_back({column.name, column.type});
        return out;
    }

    std::vector<Partition> partitions(Mode mode) override {
        if (mode == Mode::kFull) return {{"", ""}};
        if (read_.watermark.empty()) {
            throw Failure(YIMEN_INVALID, "增量读取须写 read.watermark / incremental reading needs read.watermark");
        }
        Connection connection(host_, config_);
        const std::string until = connection.single(maximumText(read_, words()));
        return {{"", until.empty() ? std::string() : "{\"until\":" + jsonText(until) + "}"}};
    }

    std::unique_ptr<Reader> open(const Partition& partition, Mode mode, std::string_view position) override {
        const auto json = [](std::string_view text) { return Config(text.empty() ? "{}" : text); };
        const Statement statement = readStatement(read_, mode, words(), json(partition.bound), json(position));
        return std::make_unique<TableReader>(host_, config_, read_, mode, statement);
    }

private:
    Host host_;
    Config config_;
    TableRead read_;
};

constexpr const char* kSchema = R"({"type": "object", "required": ["source", "read"], "properties": {
  "source": {"type": "object", "required": ["user", "database"], "properties": {
    "host": {"type": "string", "default": "127.0.0.1"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 3306},
    "socket": {"type": "string", "description": "Unix socket instead of host and port"},
    "database": {"type": "string", "minLength": 1},
    "user": {"type": "string", "minLength": 1},
    "password": {"type": "string", "secret": true},
    "tls": {"type": "string", "enum": ["off", "prefer", "require", "verify"], "default": "prefer"},
    "ca_file": {"type": "string"},
    "time_zone": {"type": "string", "default": "+08:00", "description": "in which TIMESTAMP columns are given"},
    "connect_timeout": {"type": "duration", "minimum": 1000, "maximum": 600000, "default": 10000},
    "read_timeout": {"type": "duration", "minimum": 1000, "maximum": 3600000, "default": 600000}}},
  "read": {"type": "object", "properties": {)" YIMEN_TABLE_READ_SCHEMA R"(}}}})";

}  // namespace
}  // namespace yimen::mysql

YIMEN_SOURCE_PLUGIN(yimen::mysql::Mysql, "mysql", "1.0.0", true, yimen::mysql::kSchema)
