#include "sync/targets/sqlite/connection.h"

#include <utility>

namespace yimen::sync::sqlite {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr int kBusyTimeoutMs = 10'000;

/// Resets a statement when the work with it ends, however it ends.
class InUse {
public:
    explicit InUse(Statement& statement) : statement_(statement) {}
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse() { statement_.reset(); }

private:
    Statement& statement_;
};

}  // namespace

void Statement::bindText(int at, std::string_view text) {
    // A view without data would bind null.
    sqlite3_bind_text64(handle_, at, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
}

void Statement::bindAll(const std::vector<SqlValue>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        // "$2" is a name to SQLite, whatever its order in the text; one that does not occur is skipped.
        const int at = sqlite3_bind_parameter_index(handle_, ("$" + std::to_string(i + 1)).c_str());
        if (at == 0) continue;
        if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
            bind(at, *number);
        } else if (const auto* text = std::get_if<std::string>(&values[i])) {
            bindText(at, *text);
        } else if (const auto* bytes = std::get_if<SqlBytes>(&values[i])) {
            sqlite3_bind_blob64(handle_, at, bytes->bytes.data(), bytes->bytes.size(), SQLITE_STATIC);
        } else {
            bindNull(at);
        }
    }
}

SqlCell Statement::cell(int column) const {
    if (isNull(column)) return std::nullopt;
    const void* bytes = sqlite3_column_blob(handle_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

core::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, WriterTurn turn) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    auto out = std::make_unique<Connection>(Private(), handle, std::move(turn));
    if (code != SQLITE_OK) {
        return makeError(ErrorCode::kUnavailable, "共享库文件打不开 / the file of the shared database cannot be opened",
                         handle == nullptr ? "" : sqlite3_errmsg(handle));
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);  // first: the pragmas lock too
    YIMEN_TRY_STATUS(out->useWal());
    for (const char* pragma : {"PRAGMA synchronous=FULL", "PRAGMA cache_size=-16000"}) {
        YIMEN_TRY([[maybe_unused]] const auto set, out->run(pragma));
    }
    return out;
}

/// Two that make a new file to a WAL file at once refuse each other without asking the busy time-out.
core::Status Connection::useWal() {
    constexpr int kPauseMs = 5;
    for (int waited = 0;; waited += kPauseMs) {
        const auto set = run("PRAGMA journal_mode=WAL");
        if (set.ok()) return {};
        if (set.error().code != ErrorCode::kUnavailable || waited >= kBusyTimeoutMs) return set.error();
        sqlite3_sleep(kPauseMs);
    }
}

Connection::~Connection() {
    statements_.clear();
    sqlite3_close_v2(handle_);
}

core::Error Connection::error(int code) const {
    const std::string detail = std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + ")";
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return makeError(ErrorCode::kUnavailable, "共享库正忙 / the shared database is busy; try again", detail);
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_NOMEM:
            return makeError(ErrorCode::kUnavailable,
                             "共享库无法写入 / the shared database cannot be written: look at its disk", detail);
        case SQLITE_CONSTRAINT:
            if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
                return makeError(ErrorCode::kConflict, "主键已存在 / the key is there already", detail);
            }
            return makeError(ErrorCode::kInvalidInput, "违反约束 / a constraint of the table refuses the row", detail);
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
            return makeError(ErrorCode::kInvalidInput, "值过大或类型不符 / a value is too large or of another type",
                             detail);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return makeError(ErrorCode::kCorrupt, "共享库文件已损坏 / the file of the shared database is damaged",
                             detail);
        default:
            // The text names tables and SQL, never values.
            return makeError(ErrorCode::kInternal, "共享库拒绝了操作 / the shared database refused an operation",
                             detail + ": " + sqlite3_errmsg(handle_));
    }
}

core::Result<Statement*> Connection::prepare(const std::string& sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second.get();
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) return error(code);
    return statements_.emplace(sql, std::make_unique<Statement>(made)).first->second.get();
}

core::Status Connection::each(const std::string& sql, const std::vector<SqlValue>& values, const RowHandler& handler) {
    YIMEN_TRY(Statement * statement, prepare(sql));
    const InUse inUse(*statement);
    statement->bindAll(values);
    std::vector<SqlCell> cells(static_cast<std::size_t>(statement->columns()));
    for (;;) {
        const int code = statement->step();
        if (code == SQLITE_DONE) return {};
        if (code != SQLITE_ROW) return error(code);
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = statement->cell(static_cast<int>(i));
        YIMEN_TRY_STATUS(handler(cells));
    }
}

core::Result<SqlRows> Connection::run(const std::string& sql, const std::vector<SqlValue>& values) {
    SqlRows out;
    YIMEN_TRY_STATUS(each(sql, values, [&](const std::vector<SqlCell>& cells) -> core::Status {
        out.columns = cells.size();
        out.cells.insert(out.cells.end(), cells.begin(), cells.end());
        return {};
    }));
    out.affected = changes();
    return out;
}

core::Status Connection::begin() {
    mine_ = std::unique_lock(*turn_);
    if (statements_.size() > kMaxStatements) statements_.clear();
    auto done = run("BEGIN IMMEDIATE");
    if (done.ok()) return {};
    mine_ = {};
    return done.error();
}

core::Status Connection::commit() {
    auto done = run("COMMIT");
    if (!done.ok()) return done.error();
    mine_ = {};
    return {};
}

void Connection::rollback() noexcept {
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    mine_ = {};
}

}  // namespace yimen::sync::sqlite
