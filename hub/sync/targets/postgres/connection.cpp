#include "sync/targets/postgres/connection.h"

#include <array>
#include <charconv>
#include <cstring>

namespace yimen::sync::postgres {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr Oid kBytea = 17;
constexpr Oid kUnknown = 0;

constexpr const char* kSession =
    "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET timezone = '<+08>-08'; "
    "SET standard_conforming_strings = on; SET synchronous_commit = on; SET jit = off; "
    "SET client_min_messages = warning";

std::string fieldOf(const PGresult* answer, int code) {
    const char* text = answer == nullptr ? nullptr : PQresultErrorField(answer, code);
    return text == nullptr ? std::string() : std::string(text);
}

/// Parameters of one statement as libpq takes them; views into `values` and its own texts.
class Bound {
public:
    explicit Bound(const std::vector<SqlValue>& values) {
        texts_.reserve(values.size());
        for (const SqlValue& value : values) {
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                add(texts_.emplace_back(std::to_string(*number)), kUnknown, false);
            } else if (const auto* text = std::get_if<std::string>(&value)) {
                add(*text, kUnknown, false);
            } else if (const auto* bytes = std::get_if<SqlBytes>(&value)) {
                add(bytes->bytes, kBytea, true);
            } else {
                data.push_back(nullptr);
                lengths.push_back(0);
                formats.push_back(0);
                types.push_back(kUnknown);
            }
        }
    }
    std::vector<const char*> data;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::vector<Oid> types;

private:
    void add(const std::string& text, Oid type, bool binary) {
        data.push_back(text.c_str());
        lengths.push_back(static_cast<int>(text.size()));
        formats.push_back(binary ? 1 : 0);
        types.push_back(type);
    }
    std::vector<std::string> texts_;
};

bool begins(const std::string& state, const char* prefix) {
    return state.rfind(prefix, 0) == 0;
}

}  // namespace

bool ServerFault::isOfRow() const noexcept {
    // Data exception, integrity constraint, row too wide for an index.
    return begins(state, "22") || begins(state, "23") || begins(state, "54");
}

core::Result<std::unique_ptr<Connection>> Connection::open(const core::Secret& conninfo) {
    // What conninfo says itself stands later and wins.
    const std::array<const char*, 9> keys{"application_name",    "connect_timeout",  "keepalives_idle",
                                          "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                                          "client_encoding",     "dbname",           nullptr};
    const std::array<const char*, 9> values{
        "yimen", "10", "30", "10", "3", "60000", "UTF8", conninfo.revealTerminated(), nullptr};
    auto out = std::make_unique<Connection>(Private(), PQconnectdbParams(keys.data(), values.data(), 1));
    PGconn* connection = out->connection_.get();
    if (PQstatus(connection) != CONNECTION_OK) return out->failure(nullptr);
    PQsetNoticeProcessor(
        connection, [](void*, const char*) {}, nullptr);
    if (std::strcmp(PQparameterStatus(connection, "server_encoding"), "UTF8") != 0) {
        return makeError(ErrorCode::kInvalidInput,
                         "共享库的编码必须是 UTF8 / the shared database must have the encoding UTF8");
    }
    Answer set(PQexec(connection, kSession));
    YIMEN_TRY_STATUS(out->settled(set));
    return out;
}

core::Error Connection::failure(const PGresult* answer) {
    fault_ = {fieldOf(answer, PG_DIAG_SQLSTATE), fieldOf(answer, PG_DIAG_COLUMN_NAME),
              fieldOf(answer, PG_DIAG_CONSTRAINT_NAME)};
    const std::string& state = fault_.state;
    if (PQstatus(connection_.get()) != CONNECTION_OK || state.empty()) {
        return makeError(ErrorCode::kUnavailable, "共享库没有应答 / the server of the shared database does not answer",
                         state.empty() ? "connection lost" : state);
    }
    if (fault_.isUnique()) return makeError(ErrorCode::kConflict, "主键已存在 / the key is there already", state);
    if (fault_.isOfRow()) {
        return makeError(ErrorCode::kInvalidInput,
                         "共享库拒绝了该值 / the shared database refuses a value (" + state + ")", fault_.constraint);
    }
    const std::string detail = state + ": " + fieldOf(answer, PG_DIAG_MESSAGE_PRIMARY);
    if (state == "53100") {
        return makeError(ErrorCode::kUnavailable,
                         "共享库的磁盘已满 / the disk of the shared database is full: make room on its server", detail);
    }
    for (const char* passing : {"08", "53", "57", "58", "40", "55", "25006"}) {
        if (begins(state, passing)) {
            return makeError(ErrorCode::kUnavailable,
                             "共享库暂不可用 / the shared database cannot do it now; try again", detail);
        }
    }
    return makeError(ErrorCode::kInternal, "共享库拒绝了操作 / the shared database refused an operation", detail);
}

core::Status Connection::settled(Answer& answer) {
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) return {};
    return failure(answer.get());
}

SqlCell Connection::cell(const PGresult* answer, int row, int column) const {
    if (PQgetisnull(answer, row, column) != 0) return std::nullopt;
    const char* text = PQgetvalue(answer, row, column);
    if (PQftype(answer, column) != kBytea) {
        return std::string(text, static_cast<std::size_t>(PQgetlength(answer, row, column)));
    }
    std::size_t size = 0;
    unsigned char* bytes = PQunescapeBytea(static_cast<const unsigned char*>(static_cast<const void*>(text)), &size);
    std::string out(static_cast<const char*>(static_cast<const void*>(bytes)), size);
    PQfreemem(bytes);
    return out;
}

bool Connection::send(const std::string& sql, const std::vector<SqlValue>& values) {
    const Bound bound(values);
    return PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), bound.types.data(),
                             bound.data.data(), bound.lengths.data(), bound.formats.data(), 0) == 1;
}

void Connection::drain() {
    while (const Answer rest{PQgetResult(connection_.get())}) {
    }
}

core::Result<SqlRows> Connection::run(const std::string& sql, const std::vector<SqlValue>& values) {
    if (!send(sql, values)) return failure(nullptr);
    Answer answer(PQgetResult(connection_.get()));
    auto status = settled(answer);
    drain();
    if (!status.ok()) return status.error();
    SqlRows out;
    out.columns = static_cast<std::size_t>(PQnfields(answer.get()));
    const int rows = PQntuples(answer.get());
    out.cells.reserve(static_cast<std::size_t>(rows) * out.columns);
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < PQnfields(answer.get()); ++column) {
            out.cells.push_back(cell(answer.get(), row, column));
        }
    }
    const std::string_view affected = PQcmdTuples(answer.get());
    std::from_chars(affected.data(), affected.data() + affected.size(), out.affected);
    return out;
}

core::Status Connection::each(const std::string& sql, const std::vector<SqlValue>& values, const RowHandler& handler) {
    if (!send(sql, values)) return failure(nullptr);
    PQsetSingleRowMode(connection_.get());
    core::Status status;
    std::vector<SqlCell> cells;
    while (Answer answer{PQgetResult(connection_.get())}) {
        if (!status.ok()) continue;  // the rest of a stream that nobody wants any more
        status = settled(answer);
        if (!status.ok() || PQntuples(answer.get()) == 0) continue;
        cells.resize(static_cast<std::size_t>(PQnfields(answer.get())));
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cell(answer.get(), 0, static_cast<int>(i));
        status = handler(cells);
    }
    return status;
}

core::Status Connection::begin() {
    YIMEN_TRY([[maybe_unused]] const auto done, run("BEGIN"));
    return {};
}

core::Status Connection::commit() {
    Answer answer(PQexec(connection_.get(), "COMMIT"));
    YIMEN_TRY_STATUS(settled(answer));
    if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") == 0) return {};
    return makeError(ErrorCode::kInternal, "事务已回滚 / the server rolled the transaction back");
}

void Connection::rollback() noexcept {
    if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
    const Answer answer(PQexec(connection_.get(), "ROLLBACK"));
}

bool Connection::usable() noexcept {
    PGconn* connection = connection_.get();
    // A server that has closed it left its last words and then the end of the stream: two reads.
    // NOLINTNEXTLINE(misc-redundant-expression)
    if (PQconsumeInput(connection) == 0 || PQconsumeInput(connection) == 0) return false;
    if (PQstatus(connection) != CONNECTION_OK) return false;
    return PQtransactionStatus(connection) == PQTRANS_IDLE;
}

core::Status Connection::copyBegin(const std::string& sql) {
    const Answer answer(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(answer.get()) == PGRES_COPY_IN) return {};
    return failure(answer.get());
}

core::Status Connection::copySend(std::string_view bytes) {
    if (PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == 1) return {};
    return failure(nullptr);
}

core::Status Connection::copyEnd() {
    if (PQputCopyEnd(connection_.get(), nullptr) != 1) return failure(nullptr);
    Answer answer(PQgetResult(connection_.get()));
    auto status = settled(answer);
    drain();
    return status;
}

core::Status Connection::copyOut(const std::string& sql, const std::function<void(std::string_view)>& part) {
    {
        const Answer begun(PQexec(connection_.get(), sql.c_str()));
        if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return failure(begun.get());
    }
    char* buffer = nullptr;
    int size = 0;
    while ((size = PQgetCopyData(connection_.get(), &buffer, 0)) > 0) {
        part({buffer, static_cast<std::size_t>(size)});
        PQfreemem(buffer);
    }
    Answer answer(PQgetResult(connection_.get()));
    auto status = settled(answer);
    drain();
    return status;
}

}  // namespace yimen::sync::postgres
