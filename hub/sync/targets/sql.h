#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// The little SQL that both shared databases understand in the same words: control tables and reading of items.

/// Bytes, as distinct from text.
struct SqlBytes {
    std::string bytes;
};
/// A bound parameter: null, number, text or bytes.
using SqlValue = std::variant<std::monostate, std::int64_t, std::string, SqlBytes>;
using SqlCell = std::optional<std::string>;

/// The answer to one statement.
struct SqlRows {
    std::size_t columns = 0;
    std::vector<SqlCell> cells;  ///< in row order
    std::int64_t affected = 0;   ///< rows inserted, updated or removed

    std::size_t size() const noexcept { return columns == 0 ? 0 : cells.size() / columns; }
    const SqlCell& at(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
    std::string text(std::size_t row, std::size_t column) const { return at(row, column).value_or(std::string()); }
    std::int64_t number(std::size_t row, std::size_t column) const;
};

enum class Dialect { kSqlite, kPostgres };

/// A connection. One thread at a time, blocking. Parameters are $1, $2, ... in both dialects.
/// Errors: kUnavailable when the database is gone, busy or out of room; kConflict for a value that is taken;
/// kInvalidInput for a value it refuses; kInternal else. No message and no detail holds a value of a row.
class SqlSession {
public:
    using RowHandler = std::function<core::Status(const std::vector<SqlCell>&)>;
    virtual ~SqlSession() = default;
    virtual Dialect dialect() const noexcept = 0;
    virtual core::Result<SqlRows> run(const std::string& sql, const std::vector<SqlValue>& values = {}) = 0;
    /// Row by row, for answers larger than memory. An error of `handler` ends it.
    virtual core::Status each(const std::string& sql, const std::vector<SqlValue>& values,
                              const RowHandler& handler) = 0;
    /// Begins a transaction that writes.
    virtual core::Status begin() = 0;
    virtual core::Status commit() = 0;
    virtual void rollback() noexcept = 0;
    /// False when the connection is broken: throw it away.
    virtual bool usable() noexcept = 0;
};

/// Key hashes as one parameter: for json_each() or CAST(.. AS bigint[]).
std::string keyArray(std::span<const std::uint64_t> keys, Dialect dialect);

/// Rolls back what was not committed.
class SqlTransaction {
public:
    explicit SqlTransaction(SqlSession& session) : session_(session) {}
    SqlTransaction(const SqlTransaction&) = delete;
    SqlTransaction& operator=(const SqlTransaction&) = delete;
    ~SqlTransaction() {
        if (open_) session_.rollback();
    }
    core::Status begin();
    core::Status commit();

private:
    SqlSession& session_;
    bool open_ = false;
};

/// Idle connections, kept for the next caller. Thread-safe.
class SqlPool {
public:
    using Connect = std::function<core::Result<std::unique_ptr<SqlSession>>()>;
    static constexpr std::size_t kMaxIdle = 4;

    explicit SqlPool(Connect connect) : connect_(std::move(connect)) {}

    class Lease {
    public:
        Lease() = default;
        Lease(SqlPool& pool, std::unique_ptr<SqlSession> session) : pool_(&pool), session_(std::move(session)) {}
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) noexcept = default;
        ~Lease() {
            if (session_) pool_->giveBack(std::move(session_));
        }
        SqlSession& operator*() const { return *session_; }
        SqlSession* operator->() const { return session_.get(); }

    private:
        SqlPool* pool_ = nullptr;
        std::unique_ptr<SqlSession> session_;
    };

    core::Result<Lease> lease();

private:
    void giveBack(std::unique_ptr<SqlSession> session);

    Connect connect_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<SqlSession>> idle_;
};

}  // namespace yimen::sync
