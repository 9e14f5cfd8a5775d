// MySQL and MariaDB as a source: README.md.
#include <yimen/table_read.hpp>

#include "connection.h"
#include "log_source.h"
#include "table_reader.h"

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

class Mysql : public Source {
public:
    Mysql(Host host, const Config& config) : host_(host), config_(config), read_(config) {
        if (config.has("read.log.follow")) log_.emplace(host, config, read_, words());
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
        if (mode == Mode::kFull || log_) return {{"", ""}};
        if (read_.watermark.empty()) {
            throw Failure(YIMEN_INVALID, "增量读取须写 read.watermark / incremental reading needs read.watermark");
        }
        Connection connection(host_, config_);
        const std::string until = connection.single(maximumText(read_, words()));
        return {{"", until.empty() ? std::string() : "{\"until\":" + jsonText(until) + "}"}};
    }

    std::unique_ptr<Reader> open(const Partition& partition, Mode mode, std::string_view position) override {
        if (log_) return log_->open(mode, position);
        const auto json = [](std::string_view text) { return Config(text.empty() ? "{}" : text); };
        const Statement statement = readStatement(read_, mode, words(), json(partition.bound), json(position));
        auto connection = std::make_unique<Connection>(host_, config_);
        if (mode == Mode::kFull) connection->run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        return std::make_unique<TableReader>(host_, std::move(connection), read_.cursor(mode), statement);
    }

private:
    Host host_;
    Config config_;
    TableRead read_;
    std::optional<LogSource> log_;
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
  "read": {"type": "object", "properties": {)" YIMEN_TABLE_READ_SCHEMA R"(,
    "log": {"type": "object", "description": "follow the table by the server's binlog, deletions too", "properties": {
      "server_id": {"type": "integer", "minimum": 1, "maximum": 4294967295,
        "description": "no other replica or follower of the server has it; default: made from database, table and user"},
      "follow": {"type": "duration", "default": 0, "minimum": 0, "maximum": 86400000,
        "description": "how long an incremental read stays for what comes; 0: to the end of the log as it begins"}}}}}}})";

}  // namespace
}  // namespace yimen::mysql

YIMEN_SOURCE_PLUGIN(yimen::mysql::Mysql, "mysql", "1.1.0", true, yimen::mysql::kSchema)
