#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/secret.h"
#include "sync/targets/sql.h"

namespace yimen::sync::postgres {

/// Why the server refused the last statement: its words for programs, never a value.
struct ServerFault {
    std::string state;  ///< SQLSTATE; empty when the connection broke
    std::string column;
    std::string constraint;

    bool isUnique() const noexcept { return state == "23505"; }
    /// The fault of a row, not of the statement or the server.
    bool isOfRow() const noexcept;
};

/// A connection. The session speaks UTF-8, writes dates in ISO form and lives in the district's fixed +08:00.
class Connection final : public SqlSession {
    struct Private {
        explicit Private() = default;
    };
    struct Close {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    struct Clear {
        void operator()(PGresult* result) const noexcept { PQclear(result); }
    };

public:
    using Answer = std::unique_ptr<PGresult, Clear>;

    static core::Result<std::unique_ptr<Connection>> open(const core::Secret& conninfo);
    /// For open() only.
    Connection(Private, PGconn* connection) : connection_(connection) {}

    Dialect dialect() const noexcept override { return Dialect::kPostgres; }
    core::Result<SqlRows> run(const std::string& sql, const std::vector<SqlValue>& values = {}) override;
    core::Status each(const std::string& sql, const std::vector<SqlValue>& values, const RowHandler& handler) override;
    core::Status begin() override;
    core::Status commit() override;
    void rollback() noexcept override;
    bool usable() noexcept override;

    /// COPY .. FROM STDIN in parts: begin, any number of sends, then end.
    core::Status copyBegin(const std::string& sql);
    core::Status copySend(std::string_view bytes);
    core::Status copyEnd();
    /// COPY .. TO STDOUT; each part of the stream as the server sends it.
    core::Status copyOut(const std::string& sql, const std::function<void(std::string_view)>& part);

    /// Of the last call that failed.
    const ServerFault& fault() const noexcept { return fault_; }

private:
    bool send(const std::string& sql, const std::vector<SqlValue>& values);
    core::Status settled(Answer& answer);
    core::Error failure(const PGresult* answer);
    SqlCell cell(const PGresult* answer, int row, int column) const;
    void drain();

    std::unique_ptr<PGconn, Close> connection_;
    ServerFault fault_;
};

}  // namespace yimen::sync::postgres
