#include "sync/targets/sqlite/inquirer.h"

#include <sqlite3.h>

#include <string_view>

namespace yimen::sync::sqlite {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr int kBusyTimeoutMs = 10'000;
constexpr int kStepsBetweenLooks = 10'000;

struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// What a question may do: read, and call functions that neither load code nor touch files.
bool mayDo(int action, std::string_view function) {
    if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE) return true;
    if (action != SQLITE_FUNCTION) return false;
    return function != "load_extension" && function != "readfile" && function != "writefile" && function != "edit";
}

struct Deadline {
    std::chrono::steady_clock::time_point end;
};

int look(void* deadline) {
    return std::chrono::steady_clock::now() >= static_cast<Deadline*>(deadline)->end ? 1 : 0;
}

core::Error failure(sqlite3* handle, int code) {
    if (code == SQLITE_INTERRUPT) {
        return makeError(ErrorCode::kTimeout, "查询超时 / the query took longer than its limit");
    }
    if (code == SQLITE_AUTH) return makeError(ErrorCode::kDenied, "只允许查询 / a query may only read");
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_CANTOPEN || code == SQLITE_IOERR) {
        return makeError(ErrorCode::kUnavailable, "共享库暂不可用 / the shared database cannot be read now",
                         sqlite3_errstr(code));
    }
    return makeError(ErrorCode::kInvalidInput, "查询有误 / the shared database does not understand the query: " +
                                                   std::string(sqlite3_errmsg(handle)));
}

class SqliteInquirer final : public Inquirer {
public:
    explicit SqliteInquirer(std::string path) : path_(std::move(path)) {}

    core::Result<std::vector<InquiryRow>> ask(const Inquiry& inquiry) override {
        YIMEN_TRY_STATUS(checkInquiry(inquiry));
        sqlite3* opened = nullptr;
        int code = sqlite3_open_v2(path_.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
        const std::unique_ptr<sqlite3, Close> handle(opened);
        if (code != SQLITE_OK) return failure(opened, code);
        sqlite3_busy_timeout(opened, kBusyTimeoutMs);
        Deadline deadline{std::chrono::steady_clock::now() + inquiry.time};
        sqlite3_progress_handler(opened, kStepsBetweenLooks, look, &deadline);
        sqlite3_set_authorizer(
            opened,
            [](void*, int action, const char*, const char* function, const char*, const char*) {
                return mayDo(action, function == nullptr ? "" : function) ? SQLITE_OK : SQLITE_DENY;
            },
            nullptr);
        const std::string sql = inquirySql(inquiry);
        sqlite3_stmt* made = nullptr;
        code = sqlite3_prepare_v2(opened, sql.c_str(), static_cast<int>(sql.size()) + 1, &made, nullptr);
        const std::unique_ptr<sqlite3_stmt, Close> statement(made);
        if (code != SQLITE_OK) return failure(opened, code);
        std::vector<InquiryRow> out;
        while ((code = sqlite3_step(made)) == SQLITE_ROW) {
            if (out.size() == inquiry.rows) {
                return makeError(ErrorCode::kTooLarge,
                                 "结果超过 / the query finds more than " + std::to_string(inquiry.rows) + " rows");
            }
            out.push_back(row(made));
        }
        if (code != SQLITE_DONE) return failure(opened, code);
        return out;
    }

    std::string_view dialect() const noexcept override { return "sqlite"; }

private:
    static InquiryRow row(sqlite3_stmt* statement) {
        InquiryRow out(static_cast<std::size_t>(sqlite3_column_count(statement)));
        for (std::size_t i = 0; i < out.size(); ++i) {
            const int column = static_cast<int>(i);
            if (sqlite3_column_type(statement, column) == SQLITE_NULL) continue;
            const void* bytes = sqlite3_column_blob(statement, column);
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            out[i] = bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
        }
        return out;
    }

    const std::string path_;
};

}  // namespace

std::shared_ptr<Inquirer> makeInquirer(std::string path) {
    return std::make_shared<SqliteInquirer>(std::move(path));
}

}  // namespace yimen::sync::sqlite
