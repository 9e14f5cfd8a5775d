#include "log_server.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace yimen::mysql {

namespace {

using sdk::Failure;

[[noreturn]] void refuse(const std::string& chinese, const std::string& english) {
    throw Failure(YIMEN_INVALID, chinese + " / " + english);
}

struct Setting {
    const char* name;
    const char* value;
    bool needed;  ///< false: what an older server does not know is as it should be
};
constexpr std::array<Setting, 7> kSettings{{{"log_bin", "ON", true},
                                            {"binlog_format", "ROW", true},
                                            {"binlog_row_image", "FULL", true},
                                            {"binlog_row_metadata", "FULL", true},
                                            {"log_bin_compress", "OFF", false},
                                            {"binlog_transaction_compression", "OFF", false},
                                            {"binlog_row_value_options", "", false}}};

std::map<std::string, std::string> pairs(Connection& connection, const std::string& text) {
    std::map<std::string, std::string> out;
    for (const auto& row : connection.rows(text)) out[row.at(0)] = row.at(1);
    return out;
}

/// File, position, databases that are logged, databases that are not.
std::vector<std::string> statusOf(Connection& connection, bool isMariadb) {
    const bool renamed = !isMariadb && mysql_get_server_version(connection.handle()) >= 80200;
    auto status = connection.rows(renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
    if (status.empty() || status[0].size() < 4) refuse("服务器没有日志", "the server has no binlog");
    return std::move(status[0]);
}

LogPlace placeOf(const std::vector<std::string>& status) {
    return {status.at(0), std::strtoull(status.at(1).c_str(), nullptr, 10)};
}

void checkFilter(const std::string& list, const std::string& database, bool wanted) {
    if (list.empty()) return;
    const bool named = ("," + list + ",").find("," + database + ",") != std::string::npos;
    if (named != wanted) {
        refuse("此库不写入日志", "the server writes no changes of the database '" + database +
                                     "' into its log: see binlog_do_db and binlog_ignore_db");
    }
}

std::int32_t zoneOf(const std::string& text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || !digit(1) || !digit(2) ||
        !digit(4) || !digit(5)) {
        refuse("日志读取须写时差",
               "read.log needs source.time_zone as a difference such as \"+08:00\", not '" + text + "'");
    }
    const auto number = [&](std::size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
    const std::int32_t seconds = number(1) * 3600 + number(4) * 60;
    return text[0] == '-' ? -seconds : seconds;
}

std::string literal(Connection& connection, const std::string& text) {
    std::string out(text.size() * 2 + 1, '\0');
    out.resize(mysql_real_escape_string(connection.handle(), out.data(), text.data(), text.size()));
    return "'" + out + "'";
}

/// Of the collations; where names do not tell numbers apart (MariaDB 10.10), from where they do.
std::map<std::uint64_t, std::string> charsetsOf(Connection& connection) {
    const std::string newer = connection.single(
        "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema'"
        " AND TABLE_NAME = 'COLLATION_CHARACTER_SET_APPLICABILITY' AND COLUMN_NAME = 'ID'");
    const std::string from = newer == "0" ? "COLLATIONS" : "COLLATION_CHARACTER_SET_APPLICABILITY";
    std::map<std::uint64_t, std::string> out;
    for (const auto& row : connection.rows("SELECT ID, CHARACTER_SET_NAME FROM information_schema." + from +
                                           " WHERE ID IS NOT NULL AND CHARACTER_SET_NAME IS NOT NULL")) {
        out[std::strtoull(row.at(0).c_str(), nullptr, 10)] = row.at(1);
    }
    return out;
}

/// The bytes in the log are what a SELECT gives, or can be made so.
void checkColumn(const std::string& name, const std::string& type, const std::string& declared,
                 const std::string& extra) {
    static constexpr std::array<std::string_view, 6> kOthers{"json_binary", "inet4",  "inet6",
                                                             "uuid",        "vector", "xmltype"};
    const bool other = std::find(kOthers.begin(), kOthers.end(), type) != kOthers.end();
    const bool compressed = declared.find("COMPRESSED") != std::string::npos;
    const bool computed = extra.find("VIRTUAL GENERATED") != std::string::npos;
    if (other || compressed || computed) {
        refuse("此列不能由日志读取", "the column '" + name + "' (" + (computed ? "computed, not stored" : declared) +
                                         ") stands in the log in another form: leave it out of read.columns");
    }
}

bool isReal(const MYSQL_FIELD& field) {
    return field.type == MYSQL_TYPE_FLOAT || field.type == MYSQL_TYPE_DOUBLE;
}

/// Number of decimals that says: as many as there are.
constexpr unsigned kAnyDecimals = 31;

Display displayOf(const MYSQL_FIELD& field, std::int32_t zone) {
    Display out;
    out.zone = zone;
    if ((field.flags & ZEROFILL_FLAG) != 0) out.zeros = static_cast<unsigned>(field.length);
    if (field.decimals < kAnyDecimals) out.decimals = field.decimals;
    if (isReal(field) && out.zeros > 0) {
        refuse("此列不能由日志读取",
               "the column '" + std::string(field.name) +
                   "' (FLOAT or DOUBLE with ZEROFILL) cannot be followed: leave it out of read.columns");
    }
    return out;
}

void checkTable(Connection& connection, LogPlan& plan, const std::string& where) {
    const auto tables =
        connection.rows("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES" + where);
    if (tables.empty()) {
        throw Failure(YIMEN_NOT_FOUND,
                      "没有此表，或无权读取 / there is no table '" + plan.table + "', or no right to read it");
    }
    if (tables[0].at(2) != "BASE TABLE") {
        refuse("日志只有普通表的变更",
               "'" + plan.table + "' is a " + tables[0].at(2) + ": the log has the changes of plain tables only");
    }
    plan.database = tables[0].at(0);
    plan.table = tables[0].at(1);
}

}  // namespace

LogServer LogServer::ask(Connection& connection, const std::string& database) {
    std::string names = "'version', 'binlog_checksum'";
    for (const Setting& one : kSettings) names += ", '" + std::string(one.name) + "'";
    auto found = pairs(connection, "SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + names + ")");
    for (const Setting& one : kSettings) {
        const auto value = found.find(one.name);
        if (value == found.end() ? !one.needed : value->second == one.value) continue;
        refuse("服务器的日志设置不符", "the server has " + std::string(one.name) + "=" +
                                           (value == found.end() ? "(unknown)" : value->second) +
                                           ", following its log needs " + one.name + "=" + one.value);
    }
    LogServer out;
    out.isMariadb = found["version"].find("MariaDB") != std::string::npos;
    out.checksum = found["binlog_checksum"] == "CRC32";
    const auto status = statusOf(connection, out.isMariadb);
    checkFilter(status.at(2), database, true);
    checkFilter(status.at(3), database, false);
    out.end = placeOf(status);
    return out;
}

LogPlace beginSnapshot(Connection& connection, const LogServer& server) {
    const std::string begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    if (server.isMariadb) {
        connection.run(begin);
        const auto found = pairs(connection, "SHOW STATUS LIKE 'binlog\\_snapshot\\_%'");
        LogPlace out;
        for (const auto& [name, value] : found) {
            if (name.find("file") != std::string::npos) out.file = value;
            if (name.find("position") != std::string::npos) out.at = std::strtoull(value.c_str(), nullptr, 10);
        }
        if (out.file.empty() || out.at < 4)
            throw Failure(YIMEN_UPSTREAM, "服务器没有给出快照的日志位置 / no place of the snapshot");
        return out;
    }
    // A transaction stands in the log a moment before others see it: nothing may be committed between the two.
    connection.run("FLUSH TABLES WITH READ LOCK");
    connection.run(begin);
    const LogPlace out = placeOf(statusOf(connection, false));
    connection.run("UNLOCK TABLES");
    return out;
}

LogPlan LogPlan::ask(Connection& connection, const sdk::Config& config, const sdk::TableRead& read,
                     const sdk::SqlWords& words) {
    LogPlan out;
    const std::size_t dot = read.table.find('.');
    out.database = dot == std::string::npos ? config.text("source.database") : read.table.substr(0, dot);
    out.table = dot == std::string::npos ? read.table : read.table.substr(dot + 1);
    out.key = read.key;
    const std::string where = " WHERE TABLE_SCHEMA = " + literal(connection, out.database) +
                              " AND TABLE_NAME = " + literal(connection, out.table);
    checkTable(connection, out, where);
    std::map<std::string, std::vector<std::string>> declared;
    bool keyed = !out.key.empty();
    for (auto& row : connection.rows("SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, EXTRA, COLUMN_KEY,"
                                     " IF(VERSION() LIKE '%MariaDB%', '', DATA_TYPE) FROM information_schema.COLUMNS" +
                                     where)) {
        keyed = keyed || row.at(4) == "PRI";
        if (row.at(5) == "json") row[1] = "json_binary";
        declared[row.at(0)] = std::move(row);
    }
    if (!keyed) refuse("表没有主键", "the table '" + out.table + "' has no primary key: name a unique one in read.key");
    const std::int32_t zone = zoneOf(config.text("source.time_zone"));
    connection.run(sdk::describeText(read, words));
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(connection.handle()),
                                                                  mysql_free_result);
    if (!result) connection.fail();
    for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
        const MYSQL_FIELD& field = *mysql_fetch_field_direct(result.get(), i);
        const std::vector<std::string>& column = declared[field.org_name];
        if (column.size() < 4) refuse("没有这一列", "the table has no column '" + std::string(field.name) + "'");
        checkColumn(column[0], column[1], column[2], column[3]);
        out.columns.push_back({column[0], displayOf(field, zone)});
    }
    out.charsets = charsetsOf(connection);
    return out;
}

}  // namespace yimen::mysql
