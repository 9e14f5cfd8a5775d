#include "connection.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace yimen::odbc {

namespace {

using sdk::Failure;

/// ODBC takes texts without const. They are not changed.
SQLCHAR* toSql(std::string& text) {
    return static_cast<SQLCHAR*>(static_cast<void*>(text.data()));
}

SQLPOINTER number(std::uintptr_t value) {
    return reinterpret_cast<SQLPOINTER>(value);  // an attribute's number is passed in the place of a pointer
}

std::string typeName(SQLSMALLINT type) {
    switch (type) {
        case SQL_BIT:
        case SQL_TINYINT:
        case SQL_SMALLINT:
        case SQL_INTEGER:
        case SQL_BIGINT:
            return "integer";
        case SQL_DECIMAL:
        case SQL_NUMERIC:
            return "decimal";
        case SQL_REAL:
        case SQL_FLOAT:
        case SQL_DOUBLE:
            return "double";
        case SQL_TYPE_DATE:
            return "date";
        case SQL_TYPE_TIME:
            return "time";
        case SQL_TYPE_TIMESTAMP:
            return "timestamp";
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            return "binary";
        default:
            return "text";
    }
}

SQLHANDLE asVersion3(const Handle& environment) {
    environment.check(SQLSetEnvAttr(environment.get(), SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC3), 0));
    return environment.get();
}

/// {value} with '}' doubled, as SQLDriverConnect wants what holds ';' or '}'.
std::string braced(std::string_view value) {
    std::string out = "{";
    for (const char c : value) {
        if (c == '\0') throw Failure(YIMEN_INVALID, "an option holds a NUL");
        if (c == '}') out += '}';
        out += c;
    }
    return out + "}";
}

}  // namespace

YimenCode codeOfState(std::string_view state) {
    const std::string_view kind = state.substr(0, 2);
    if (state == "HYT00" || state == "HYT01" || state == "HY008") return YIMEN_TIMEOUT;
    if (kind == "28") return YIMEN_UNAUTHENTICATED;
    if (kind == "08" || state == "40001" || state == "57P01" || state == "57P03") return YIMEN_UNAVAILABLE;
    if (state == "IM002" || state == "IM003" || state == "IM004" || state == "01000") return YIMEN_INVALID;
    if (state == "42S02" || state == "42S22" || state == "42P01" || state == "42703") return YIMEN_NOT_FOUND;
    if (state == "42501") return YIMEN_DENIED;
    if (kind == "42" || kind == "37") return YIMEN_INVALID;
    return YIMEN_UPSTREAM;
}

Handle::Handle(SQLSMALLINT type, SQLHANDLE parent) : type_(type) {
    if (!SQL_SUCCEEDED(SQLAllocHandle(type, parent, &handle_))) {
        throw Failure(YIMEN_UNAVAILABLE, "ODBC 句柄不足 / no ODBC handle");
    }
}

void Handle::fail() const {
    std::array<SQLCHAR, 6> state{};
    std::array<SQLCHAR, 512> text{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const SQLRETURN got = SQLGetDiagRec(type_, handle_, 1, state.data(), &native, text.data(),
                                        static_cast<SQLSMALLINT>(text.size()), &length);
    if (!SQL_SUCCEEDED(got)) throw Failure(YIMEN_UPSTREAM, "ODBC 驱动未说明原因 / the driver gives no reason");
    const std::string code(state.begin(), std::find(state.begin(), state.end(), SQLCHAR{0}));
    const std::string words(text.begin(), std::find(text.begin(), text.end(), SQLCHAR{0}));
    throw Failure(codeOfState(code), "ODBC 错误 / error " + code + ": " + words);
}

void Handle::check(SQLRETURN result) const {
    if (!SQL_SUCCEEDED(result) && result != SQL_NO_DATA) fail();
}

std::string connectionString(const sdk::Config& config, std::string_view password) {
    std::string out;
    if (config.has("source.dsn")) out += "DSN=" + config.text("source.dsn") + ";";
    if (config.has("source.driver")) out += "DRIVER=" + braced(config.text("source.driver")) + ";";
    for (const std::string& option : config.list("source.options")) {
        const std::size_t equals = option.find('=');
        if (equals == std::string::npos || option.find(';') != std::string::npos) {
            throw Failure(YIMEN_INVALID,
                          "source.options 的每一项应为 NAME=VALUE / each of source.options is NAME=VALUE");
        }
        out += option + ";";
    }
    if (config.has("source.user")) out += "UID=" + config.text("source.user") + ";";
    if (!password.empty()) {
        const bool plain = password.find_first_of(";{}=") == std::string_view::npos;
        out += "PWD=" + (plain ? std::string(password) : braced(password)) + ";";
    }
    return out;
}

Connection::Connection(const sdk::Host& host, const sdk::Config& config)
    : environment_(SQL_HANDLE_ENV, SQL_NULL_HANDLE), connection_(SQL_HANDLE_DBC, asVersion3(environment_)) {
    const auto seconds = static_cast<std::uintptr_t>((config.number("source.connect_timeout") + 999) / 1000);
    (void)SQLSetConnectAttr(get(), SQL_ATTR_LOGIN_TIMEOUT, number(seconds), 0);  // not every driver knows it
    std::string text = connectionString(config, host.secret("source.password"));
    const SQLRETURN connected =
        SQLDriverConnect(get(), nullptr, toSql(text), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    std::fill(text.begin(), text.end(), '\0');
    connection_.check(connected);
    (void)SQLSetConnectAttr(get(), SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), 0);  // a hint
}

Connection::~Connection() {
    (void)SQLEndTran(SQL_HANDLE_DBC, get(), SQL_ROLLBACK);
    (void)SQLDisconnect(get());
}

void Connection::beginSnapshot(const std::vector<std::string>& statements) {
    connection_.check(SQLSetConnectAttr(get(), SQL_ATTR_AUTOCOMMIT, number(SQL_AUTOCOMMIT_OFF), 0));
    for (std::string text : statements) {
        const Handle statement(SQL_HANDLE_STMT, get());
        statement.check(SQLExecDirect(statement.get(), toSql(text), SQL_NTS));
    }
}

std::vector<Column> columnsOf(const Handle& statement) {
    SQLSMALLINT count = 0;
    statement.check(SQLNumResultCols(statement.get(), &count));
    std::vector<Column> out;
    for (SQLSMALLINT i = 1; i <= count; ++i) {
        std::array<SQLCHAR, 512> name{};
        Column column;
        SQLSMALLINT length = 0;
        SQLSMALLINT digits = 0;
        SQLSMALLINT nullable = 0;
        statement.check(SQLDescribeCol(statement.get(), static_cast<SQLUSMALLINT>(i), name.data(),
                                       static_cast<SQLSMALLINT>(name.size()), &length, &column.sqlType, &column.size,
                                       &digits, &nullable));
        column.name.assign(name.begin(), std::find(name.begin(), name.end(), SQLCHAR{0}));
        column.type = typeName(column.sqlType);
        out.push_back(std::move(column));
    }
    return out;
}

std::vector<Column> Connection::columnsOf(const std::string& text) {
    const Handle statement(SQL_HANDLE_STMT, get());
    std::string copy = text;
    statement.check(SQLExecDirect(statement.get(), toSql(copy), SQL_NTS));
    return odbc::columnsOf(statement);
}

std::string Connection::single(const std::string& text) {
    const Handle statement(SQL_HANDLE_STMT, get());
    std::string copy = text;
    statement.check(SQLExecDirect(statement.get(), toSql(copy), SQL_NTS));
    const SQLRETURN fetched = SQLFetch(statement.get());
    statement.check(fetched);
    if (fetched == SQL_NO_DATA) return {};
    std::array<char, 4096> cell{};
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.get(), 1, SQL_C_CHAR, cell.data(), static_cast<SQLLEN>(cell.size()), &length));
    return length == SQL_NULL_DATA ? std::string() : std::string(cell.data());
}

}  // namespace yimen::odbc
