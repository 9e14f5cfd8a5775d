#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

struct pg_conn;
struct pg_result;

namespace yimen::sync {

/// How to reach a PostgreSQL (or a server that speaks its protocol, as Kingbase does).
struct PgAddress {
    std::string host;  ///< name, address or folder of a Unix socket
    std::string port = "5432";
    std::string database;
    std::string user;
    core::Secret password;
    std::string tls = "prefer";  ///< sslmode of libpq: verify-full where the server has a certificate to verify
    std::string caFile;          ///< for verify-ca and verify-full
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds readTimeout{600'000};  ///< between two rows, and before the first
    bool replication = false;                        ///< a replication connection (logical decoding)
};

/// A connection of libpq, waited on with poll() so that no read is without a time limit. One thread.
/// Texts from the server in errors: its message without the detail line, which may hold values of rows.
class PgConnection {
public:
    static core::Result<PgConnection> open(const PgAddress& address);
    PgConnection(PgConnection&&) noexcept = default;
    PgConnection& operator=(PgConnection&&) noexcept = default;
    ~PgConnection();

    struct ResultEnd {
        void operator()(pg_result* result) const noexcept;
    };
    using ResultPtr = std::unique_ptr<pg_result, ResultEnd>;

    /// One statement with text parameters; the whole answer.
    core::Result<ResultPtr> query(const std::string& sql, const std::vector<std::optional<std::string>>& values = {});
    /// Begins a COPY ... TO STDOUT whose lines come one by one through nextLine().
    core::Status copyOut(const std::string& sql);
    /// The next line, the caller's to change until the next call; one without data() at the end.
    core::Result<std::span<char>> nextLine();

    /// A command of the replication protocol (section 55.4), which knows no parameters: the answer, or kUpstream.
    /// With `copies` it must begin a COPY in both directions.
    core::Status command(const std::string& text, bool copies);

    /// First cell of the first row of an answer, or nothing.
    static std::optional<std::string> single(const ResultPtr& result);
    /// Any thread: what waits for the server ends with an error; the connection is of no more use.
    void interrupt() noexcept;
    pg_conn* raw() const noexcept { return connection_.get(); }
    /// The server's last message as an Error.
    core::Error failure(std::string_view doing, const pg_result* result = nullptr) const;

private:
    struct Close {
        void operator()(pg_conn* connection) const noexcept;
    };
    explicit PgConnection(std::unique_ptr<pg_conn, Close> connection, const PgAddress& address)
        : connection_(std::move(connection)), readTimeout_(address.readTimeout) {}
    core::Status send(const std::string& sql, const std::vector<std::optional<std::string>>& values);
    core::Result<ResultPtr> wait();
    /// Waits for bytes of the server and takes them in.
    core::Status receive();

    struct FreeLine {
        void operator()(char* line) const noexcept;
    };

    std::unique_ptr<pg_conn, Close> connection_;
    std::unique_ptr<char, FreeLine> line_;
    std::chrono::milliseconds readTimeout_;
    bool busy_ = false;  ///< the server works on a statement of ours
};

/// "name" in double quotes, doubled inside: for identifiers in SQL.
std::string pgQuote(std::string_view identifier);
/// "schema.table" or "table", each part quoted.
std::string pgQuoteTable(std::string_view table);
/// E'text': a constant of SQL, whatever the server's standard_conforming_strings.
std::string pgLiteral(std::string_view text);

}  // namespace yimen::sync
