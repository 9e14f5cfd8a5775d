#pragma once

#include <sqlite3.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sync/targets/sql.h"

namespace yimen::sync::sqlite {

/// Writers of one process take turns here, so that SQLite's sleeping busy handler only ever meets other processes.
using WriterTurn = std::shared_ptr<std::mutex>;

/// A prepared statement. Bind, step, read, reset; the connection keeps it.
class Statement {
public:
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(handle_); }

    void bind(int at, std::int64_t value) { sqlite3_bind_int64(handle_, at, value); }
    /// The text must live until the statement is reset.
    void bindText(int at, std::string_view text);
    void bindNull(int at) { sqlite3_bind_null(handle_, at); }
    void bindAll(const std::vector<SqlValue>& values);
    /// SQLITE_ROW, SQLITE_DONE or an error.
    int step() { return sqlite3_step(handle_); }
    int columns() const { return sqlite3_column_count(handle_); }
    SqlCell cell(int column) const;
    std::int64_t number(int column) const { return sqlite3_column_int64(handle_, column); }
    bool isNull(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
    void reset() {
        sqlite3_reset(handle_);
        sqlite3_clear_bindings(handle_);
    }

private:
    sqlite3_stmt* handle_;
};

/// A connection to the file: busy_timeout before anything else, then WAL and synchronous=FULL.
class Connection final : public SqlSession {
    struct Private {
        explicit Private() = default;
    };

public:
    /// For open() only.
    Connection(Private, sqlite3* handle, WriterTurn turn) : handle_(handle), turn_(std::move(turn)) {}
    static core::Result<std::unique_ptr<Connection>> open(const std::string& path, WriterTurn turn);
    ~Connection() override;

    Dialect dialect() const noexcept override { return Dialect::kSqlite; }
    core::Result<SqlRows> run(const std::string& sql, const std::vector<SqlValue>& values = {}) override;
    core::Status each(const std::string& sql, const std::vector<SqlValue>& values, const RowHandler& handler) override;
    core::Status begin() override;
    core::Status commit() override;
    void rollback() noexcept override;
    bool usable() noexcept override { return true; }

    /// Kept until the connection closes.
    core::Result<Statement*> prepare(const std::string& sql);
    /// The error of the last call, as the rest of the hub knows it. Names no value.
    core::Error error(int code) const;
    std::int64_t changes() const { return sqlite3_changes64(handle_); }

private:
    core::Status useWal();

    static constexpr std::size_t kMaxStatements = 200;

    sqlite3* handle_;
    WriterTurn turn_;
    std::unique_lock<std::mutex> mine_;
    std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace yimen::sync::sqlite
