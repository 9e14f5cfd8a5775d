#include "connection.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include <mutex>

namespace yimen::mysql {

namespace {

using sdk::Config;
using sdk::Failure;

YimenCode codeOf(unsigned number) {
    switch (number) {
        case ER_ACCESS_DENIED_ERROR:
            return YIMEN_UNAUTHENTICATED;
        case ER_DBACCESS_DENIED_ERROR:
        case ER_TABLEACCESS_DENIED_ERROR:
        case ER_COLUMNACCESS_DENIED_ERROR:
        case ER_SPECIFIC_ACCESS_DENIED_ERROR:
            return YIMEN_DENIED;
        case ER_BAD_DB_ERROR:
        case ER_NO_SUCH_TABLE:
        case ER_BAD_FIELD_ERROR:
            return YIMEN_NOT_FOUND;
        case ER_PARSE_ERROR:
            return YIMEN_INVALID;
        case ER_LOCK_WAIT_TIMEOUT:
            return YIMEN_TIMEOUT;
        case ER_CON_COUNT_ERROR:
        case ER_LOCK_DEADLOCK:
        case ER_SERVER_SHUTDOWN:
            return YIMEN_UNAVAILABLE;
        default:
            return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR ? YIMEN_UNAVAILABLE : YIMEN_UPSTREAM;
    }
}

std::string typeOf(const MYSQL_FIELD& field, bool binary) {
    switch (field.type) {
        case MYSQL_TYPE_TINY:
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
        case MYSQL_TYPE_LONGLONG:
        case MYSQL_TYPE_YEAR:
            return "integer";
        case MYSQL_TYPE_FLOAT:
        case MYSQL_TYPE_DOUBLE:
            return "double";
        case MYSQL_TYPE_DECIMAL:
        case MYSQL_TYPE_NEWDECIMAL:
            return "decimal";
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_NEWDATE:
            return "date";
        case MYSQL_TYPE_TIME:
            return "time";
        case MYSQL_TYPE_DATETIME:
            return "datetime";
        case MYSQL_TYPE_TIMESTAMP:
            return "timestamp";
        case MYSQL_TYPE_BIT:
            return "bit";
        case MYSQL_TYPE_JSON:
            return "json";
        default:
            return binary ? "binary" : "text";
    }
}

/// Character set number of bytes without one.
constexpr unsigned kBinaryCharset = 63;

bool isBinary(const MYSQL_FIELD& field) {
    if (field.type == MYSQL_TYPE_BIT || field.type == MYSQL_TYPE_GEOMETRY) return true;
    const bool texts = field.type == MYSQL_TYPE_STRING || field.type == MYSQL_TYPE_VAR_STRING ||
                       field.type == MYSQL_TYPE_VARCHAR ||
                       (field.type >= MYSQL_TYPE_TINY_BLOB && field.type <= MYSQL_TYPE_BLOB);
    return texts && field.charsetnr == kBinaryCharset;
}

void setTls(MYSQL* handle, const Config& config) {
    const std::string mode = config.text("source.tls", "prefer");
    const std::string ca = config.text("source.ca_file");
    my_bool on = 1;
    if (mode == "off") return;
    // "verify" checks the chain and the name; "prefer" takes what the server offers.
    if (!ca.empty()) mysql_optionsv(handle, MYSQL_OPT_SSL_CA, ca.c_str());
    if (mode == "verify") mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
    if (mode != "prefer") mysql_optionsv(handle, MYSQL_OPT_SSL_ENFORCE, &on);
}

}  // namespace

void failWith(unsigned number, const char* words) {
    throw Failure(codeOf(number), "MySQL 错误 / error " + std::to_string(number) + ": " + words);
}

void Connection::fail() const {
    failWith(mysql_errno(handle()), mysql_error(handle()));
}

Connection::Connection(const sdk::Host& host, const Config& config, unsigned silence) {
    static std::once_flag once;
    std::call_once(once, [] { mysql_library_init(0, nullptr, nullptr); });
    handle_.reset(mysql_init(nullptr));
    if (!handle_) throw Failure(YIMEN_UNAVAILABLE, "内存不足 / no memory for a connection");
    const auto seconds = [&config](const char* key) {
        return static_cast<unsigned>((config.number(key) + 999) / 1000);
    };
    const unsigned connectTimeout = seconds("source.connect_timeout");
    const unsigned readTimeout = silence > 0 ? silence : seconds("source.read_timeout");
    mysql_optionsv(handle(), MYSQL_OPT_CONNECT_TIMEOUT, &connectTimeout);
    mysql_optionsv(handle(), MYSQL_OPT_READ_TIMEOUT, &readTimeout);
    mysql_optionsv(handle(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    setTls(handle(), config);
    const std::string socket = config.text("source.socket");
    const std::string password(host.secret("source.password"));
    if (mysql_real_connect(handle(), socket.empty() ? config.text("source.host").c_str() : nullptr,
                           config.text("source.user").c_str(), password.c_str(), config.text("source.database").c_str(),
                           static_cast<unsigned>(config.number("source.port")),
                           socket.empty() ? nullptr : socket.c_str(), 0) == nullptr) {
        fail();
    }
    run("SET SESSION time_zone = '" + config.text("source.time_zone") + "'");
    // A full pipeline stops reading: the server must not take that for a dead client.
    run("SET SESSION net_write_timeout = 3600");
    // A snapshot is one under this level only, whatever the server's own is.
    run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
}

void Connection::run(const std::string& text) {
    if (mysql_real_query(handle(), text.data(), text.size()) != 0) fail();
}

std::vector<Column> columnsOf(MYSQL_RES* result) {
    std::vector<Column> out;
    const unsigned count = mysql_num_fields(result);
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD& field = *mysql_fetch_field_direct(result, i);
        const bool binary = isBinary(field);
        out.push_back({std::string(field.name, field.name_length), typeOf(field, binary), binary});
    }
    return out;
}

std::vector<Column> Connection::columnsOf(const std::string& text) {
    run(text);
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(handle()), mysql_free_result);
    if (!result) fail();
    return mysql::columnsOf(result.get());
}

std::vector<std::vector<std::string>> Connection::rows(const std::string& text) {
    run(text);
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(handle()), mysql_free_result);
    if (!result) fail();
    std::vector<std::vector<std::string>> out;
    while (const MYSQL_ROW row = mysql_fetch_row(result.get())) {
        const unsigned long* lengths = mysql_fetch_lengths(result.get());
        auto& cells = out.emplace_back();
        for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
            cells.emplace_back(row[i] == nullptr ? "" : row[i], row[i] == nullptr ? 0 : lengths[i]);
        }
    }
    return out;
}

std::string Connection::single(const std::string& text) {
    run(text);
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(handle()), mysql_free_result);
    if (!result) fail();
    const MYSQL_ROW row = mysql_fetch_row(result.get());
    return row == nullptr || row[0] == nullptr ? std::string()
                                               : std::string(row[0], mysql_fetch_lengths(result.get())[0]);
}

}  // namespace yimen::mysql
