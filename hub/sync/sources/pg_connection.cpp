#include "sync/sources/pg_connection.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace yimen::sync {

using core::ErrorCode;

void PgConnection::Close::operator()(pg_conn* connection) const noexcept {
    ::PQfinish(connection);
}

void PgConnection::ResultEnd::operator()(pg_result* result) const noexcept {
    ::PQclear(result);
}

void PgConnection::FreeLine::operator()(char* line) const noexcept {
    ::PQfreemem(line);
}

PgConnection::~PgConnection() {
    if (!connection_ || !busy_) return;
    // The server would go on computing rows for nobody.
    const std::unique_ptr<PGcancel, decltype(&::PQfreeCancel)> cancel(::PQgetCancel(connection_.get()),
                                                                      &::PQfreeCancel);
    std::array<char, 256> message{};
    if (cancel) ::PQcancel(cancel.get(), message.data(), static_cast<int>(message.size()));
}

core::Result<PgConnection> PgConnection::open(const PgAddress& address) {
    const std::string timeout =
        std::to_string(std::max<long long>(2, std::chrono::ceil<std::chrono::seconds>(address.connectTimeout).count()));
    std::vector<const char*> names;
    std::vector<const char*> values;
    const auto set = [&](const char* name, const char* value) {
        if (*value == '\0') return;
        names.push_back(name);
        values.push_back(value);
    };
    set("host", address.host.c_str());
    set("port", address.port.c_str());
    set("dbname", address.database.c_str());
    set("user", address.user.c_str());
    set("password", address.password.revealTerminated());
    set("sslmode", address.tls.c_str());
    set("sslrootcert", address.caFile.c_str());
    set("connect_timeout", timeout.c_str());
    set("application_name", "yimen sync");
    set("client_encoding", "UTF8");
    set("keepalives_idle", "30");
    set("keepalives_interval", "10");
    const char* options = "-c DateStyle=ISO -c TimeZone=Asia/Shanghai -c bytea_output=hex";
    if (address.replication) {
        set("replication", "database");
        // While the target is slow nobody reads here, and that is no reason to end: TCP says when the peer is gone.
        options = "-c DateStyle=ISO -c TimeZone=Asia/Shanghai -c bytea_output=hex -c wal_sender_timeout=0";
    }
    set("options", options);
    names.push_back(nullptr);
    values.push_back(nullptr);
    std::unique_ptr<pg_conn, Close> connection(::PQconnectdbParams(names.data(), values.data(), 0));
    PgConnection opened(std::move(connection), address);
    if (::PQstatus(opened.raw()) != CONNECTION_OK) {
        return core::makeError(ErrorCode::kUnavailable,
                               "无法连接数据库 / cannot connect to PostgreSQL at " + address.host + ":" + address.port,
                               ::PQerrorMessage(opened.raw()));
    }
    return opened;
}

core::Error PgConnection::failure(std::string_view doing, const pg_result* result) const {
    const char* state = result != nullptr ? ::PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* primary = result != nullptr ? ::PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const std::string_view code = state != nullptr ? state : "";
    // Classes 08 connection, 53 resources, 57 operator intervention, 40 rollback, 55006/55P03 in use: may pass.
    const bool passes = code.empty() || code.starts_with("08") || code.starts_with("53") || code.starts_with("57") ||
                        code.starts_with("40") || code == "55006" || code == "55P03";
    std::string message = "数据库拒绝 / PostgreSQL, ";
    message += doing;
    message += ": ";
    message += primary != nullptr ? primary : ::PQerrorMessage(connection_.get());
    while (!message.empty() && message.back() == '\n') message.pop_back();
    if (!code.empty()) {
        message += " [";
        message += code;
        message += ']';
    }
    return core::makeError(passes ? ErrorCode::kUnavailable : ErrorCode::kUpstream, std::move(message));
}

core::Status PgConnection::send(const std::string& sql, const std::vector<std::optional<std::string>>& values) {
    std::vector<const char*> texts;
    texts.reserve(values.size());
    for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
    if (::PQsendQueryParams(raw(), sql.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(), nullptr, nullptr,
                            0) == 0) {
        return failure("send");
    }
    busy_ = true;
    return {};
}

core::Status PgConnection::receive() {
    pollfd waiting{::PQsocket(raw()), POLLIN, 0};
    int ready = -1;
    do {
        ready = ::poll(&waiting, 1, static_cast<int>(readTimeout_.count()));
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        return core::makeError(ErrorCode::kTimeout, "数据库超时 / PostgreSQL gave nothing within read_timeout");
    }
    if (ready < 0 || ::PQconsumeInput(raw()) == 0) return failure("read");
    return {};
}

void PgConnection::interrupt() noexcept {
    (void)::shutdown(::PQsocket(raw()), SHUT_RDWR);
}

core::Result<PgConnection::ResultPtr> PgConnection::wait() {
    while (::PQisBusy(raw()) != 0) YIMEN_TRY_STATUS(receive());
    return ResultPtr(::PQgetResult(raw()));
}

core::Result<PgConnection::ResultPtr> PgConnection::query(const std::string& sql,
                                                          const std::vector<std::optional<std::string>>& values) {
    YIMEN_TRY_STATUS(send(sql, values));
    ResultPtr last;
    while (true) {
        YIMEN_TRY(ResultPtr result, wait());
        if (!result) break;
        last = std::move(result);
    }
    busy_ = false;
    const ExecStatusType status = ::PQresultStatus(last.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure("query", last.get());
    return last;
}

core::Status PgConnection::copyOut(const std::string& sql) {
    if (::PQsendQuery(raw(), sql.c_str()) == 0) return failure("send");
    busy_ = true;
    YIMEN_TRY(const ResultPtr begun, wait());
    if (::PQresultStatus(begun.get()) == PGRES_COPY_OUT) return {};
    YIMEN_TRY([[maybe_unused]] const ResultPtr nothing, wait());
    busy_ = false;
    return failure("read", begun.get());
}

core::Result<std::span<char>> PgConnection::nextLine() {
    while (true) {
        char* line = nullptr;
        const int length = ::PQgetCopyData(raw(), &line, 1);
        line_.reset(line);
        if (length > 0) return std::span<char>(line, static_cast<std::size_t>(length));
        if (length == -2) return failure("read");
        if (length == -1) break;
        YIMEN_TRY_STATUS(receive());
    }
    YIMEN_TRY(const ResultPtr end, wait());
    YIMEN_TRY([[maybe_unused]] const ResultPtr nothing, wait());
    busy_ = false;
    if (::PQresultStatus(end.get()) != PGRES_COMMAND_OK) return failure("read", end.get());
    return std::span<char>();
}

core::Status PgConnection::command(const std::string& text, bool copies) {
    if (::PQsendQuery(raw(), text.c_str()) == 0) return failure("send");
    busy_ = true;
    YIMEN_TRY(const ResultPtr result, wait());
    const ExecStatusType status = ::PQresultStatus(result.get());
    if (copies && status == PGRES_COPY_BOTH) return {};
    if (copies || (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)) return failure("command", result.get());
    YIMEN_TRY([[maybe_unused]] const ResultPtr end, wait());
    busy_ = false;
    return {};
}

std::optional<std::string> PgConnection::single(const ResultPtr& result) {
    if (!result || ::PQntuples(result.get()) == 0 || ::PQgetisnull(result.get(), 0, 0) != 0) return std::nullopt;
    return std::string(::PQgetvalue(result.get(), 0, 0), static_cast<std::size_t>(::PQgetlength(result.get(), 0, 0)));
}

std::string pgQuote(std::string_view identifier) {
    std::string out = "\"";
    for (const char c : identifier) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
    return out;
}

std::string pgQuoteTable(std::string_view table) {
    const std::size_t dot = table.find('.');
    if (dot == std::string_view::npos) return pgQuote(table);
    return pgQuote(table.substr(0, dot)) + "." + pgQuote(table.substr(dot + 1));
}

std::string pgLiteral(std::string_view text) {
    std::string out = "E'";
    for (const char c : text) out.append(c == '\'' || c == '\\' ? 2 : 1, c);
    return out + '\'';
}

}  // namespace yimen::sync
