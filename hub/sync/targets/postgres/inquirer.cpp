#include "sync/targets/postgres/inquirer.h"

#include "sync/targets/postgres/connection.h"

namespace yimen::sync::postgres {

namespace {

using core::ErrorCode;
using core::makeError;

/// The server's words for what is wrong with a question; they name columns and functions, never a value of a row.
core::Error failure(const Connection& connection, core::Error error) {
    const std::string& state = connection.fault().state;
    if (state == "57014") return makeError(ErrorCode::kTimeout, "查询超时 / the query took longer than its limit");
    if (state == "25006" || state == "42501" || state == "0A000") {
        return makeError(ErrorCode::kDenied, "只允许查询 / a query may only read", error.detail);
    }
    if (state.starts_with("42") || state.starts_with("22")) {
        return makeError(ErrorCode::kInvalidInput,
                         "查询有误 / the shared database does not understand the query: " + error.detail);
    }
    return error;
}

class PostgresInquirer final : public Inquirer {
public:
    explicit PostgresInquirer(core::Secret conninfo) : conninfo_(std::move(conninfo)) {}

    core::Result<std::vector<InquiryRow>> ask(const Inquiry& inquiry) override {
        YIMEN_TRY_STATUS(checkInquiry(inquiry));
        YIMEN_TRY(auto connection, Connection::open(conninfo_));
        for (const std::string& setting : {std::string("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                                           "SET LOCAL statement_timeout = " + std::to_string(inquiry.time.count()),
                                           std::string("SET LOCAL jit = off")}) {
            YIMEN_TRY([[maybe_unused]] const auto set, connection->run(setting));
        }
        std::vector<InquiryRow> out;
        const auto done =
            connection->each(inquirySql(inquiry), {}, [&](const std::vector<SqlCell>& cells) -> core::Status {
                if (out.size() == inquiry.rows) {
                    return makeError(ErrorCode::kTooLarge,
                                     "结果超过 / the query finds more than " + std::to_string(inquiry.rows) + " rows");
                }
                out.push_back(cells);
                return {};
            });
        if (done.ok()) return out;
        if (done.error().code == ErrorCode::kTooLarge) return done.error();
        return failure(*connection, done.error());
    }

    std::string_view dialect() const noexcept override { return "postgresql"; }

private:
    const core::Secret conninfo_;
};

}  // namespace

std::shared_ptr<Inquirer> makeInquirer(core::Secret conninfo) {
    return std::make_shared<PostgresInquirer>(std::move(conninfo));
}

}  // namespace yimen::sync::postgres
