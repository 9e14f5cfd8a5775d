#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string>
#include <vector>
#include <yimen/plugin.hpp>

namespace yimen::odbc {

/// A column of a result, as the driver describes it.
struct Column {
    std::string name;
    std::string type;
    SQLSMALLINT sqlType = SQL_VARCHAR;
    SQLULEN size = 0;  ///< characters or digits; 0: the driver does not know
};

/// A handle of ODBC and what it needs to be freed. One thread.
class Handle {
public:
    Handle(SQLSMALLINT type, SQLHANDLE parent);
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { SQLFreeHandle(type_, handle_); }

    SQLHANDLE get() const noexcept { return handle_; }
    /// Throws what the driver says unless `result` is a success.
    void check(SQLRETURN result) const;
    [[noreturn]] void fail() const;

private:
    SQLSMALLINT type_;
    SQLHANDLE handle_ = SQL_NULL_HANDLE;
};

/// A connection through a driver of the configuration ("source.driver" and "source.options", or "source.dsn").
class Connection {
public:
    Connection(const sdk::Host& host, const sdk::Config& config);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    SQLHANDLE get() const noexcept { return connection_.get(); }
    /// Begins a transaction with these statements first; for a read that sees one state.
    void beginSnapshot(const std::vector<std::string>& statements);
    std::vector<Column> columnsOf(const std::string& text);
    /// The only cell of the only row; empty for null or no row.
    std::string single(const std::string& text);

private:
    Handle environment_;
    Handle connection_;
};

std::vector<Column> columnsOf(const Handle& statement);
/// SQLSTATE (five characters) as a code.
YimenCode codeOfState(std::string_view state);
/// The connection string; values are quoted. The password is in it: for the driver alone.
std::string connectionString(const sdk::Config& config, std::string_view password);

}  // namespace yimen::odbc
