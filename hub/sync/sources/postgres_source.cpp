#include "sync/sources/postgres_source.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/json.h"
#include "sync/sources/pg_copy_lines.h"
#include "sync/sources/pg_statements.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Result;

/// Text of a batch: rows wider than 400 bytes come in smaller batches, so that a pipeline of six with cells of a
/// megabyte stays within 64 MB. Of ordinary rows a batch holds all it may.
constexpr std::size_t kEnoughBytes = std::size_t{4} << 20U;

class PostgresReader final : public Reader {
public:
    PostgresReader(PgConnection connection, PgPlan plan, PgPosition at, bool incremental)
        : connection_(std::move(connection)),
          plan_(std::move(plan)),
          at_(std::move(at)),
          incremental_(incremental),
          lines_(plan_.columns.size()) {}

    Result<ReadState> read(Batch& into) override {
        while (!into.full() && into.textBytes() < kEnoughBytes) {
            YIMEN_TRY(const std::span<char> line, connection_.nextLine());
            if (line.data() == nullptr) return finish();
            switch (lines_.add(line, ++origin_, into)) {
                case PgCopyLines::Outcome::kAdded:
                    continue;
                case PgCopyLines::Outcome::kTooLarge:
                    return core::makeError(ErrorCode::kTooLarge, "单元格超过 64 MiB / a cell of record " +
                                                                     std::to_string(origin_) + " is too large");
                case PgCopyLines::Outcome::kMalformed:
                    return core::makeError(ErrorCode::kUpstream,
                                           "数据库的应答无效 / PostgreSQL gave another number of columns than before");
            }
        }
        const std::size_t row = into.rows() - 1;
        at_.key.clear();
        for (const std::size_t column : plan_.key) at_.key.emplace_back(into.text(row, column));
        if (incremental_) at_.watermark = std::string(into.text(row, *plan_.watermark));
        ReadState state;
        state.position = at_.text();
        return state;
    }

    void interrupt() noexcept override { connection_.interrupt(); }

private:
    ReadState finish() {
        PgPosition end;
        end.from = at_.bound;
        ReadState state;
        state.position = end.text();
        state.end = true;
        return state;
    }

    PgConnection connection_;
    const PgPlan plan_;
    PgPosition at_;
    const bool incremental_;
    PgCopyLines lines_;
    std::uint64_t origin_ = 0;
};

class PostgresSource final : public Source {
public:
    PostgresSource(PgAddress address, PostgresRead read) : address_(std::move(address)), read_(std::move(read)) {}

    bool canRead(ReadMode mode) const noexcept override { return mode == ReadMode::kFull || !read_.watermark.empty(); }

    Result<std::vector<SourceField>> describe() override {
        YIMEN_TRY(PgConnection connection, PgConnection::open(address_));
        YIMEN_TRY(const PgPlan plan, makePgPlan(connection, read_));
        return plan.columns;
    }

    Result<std::vector<Partition>> partitions(ReadMode mode) override {
        if (!canRead(mode)) {
            return core::makeError(ErrorCode::kInvalidInput,
                                   "没有水位列，只能整读 / no watermark is declared: read it completely");
        }
        return std::vector<Partition>{{"", ""}};
    }

    Result<std::optional<Partition>> range(const Range& range) override {
        return std::optional(
            Partition{"range", core::writeJson({{"column", range.column}, {"from", range.from}, {"to", range.to}})});
    }

    Result<std::unique_ptr<Reader>> open(const Partition& partition, ReadMode mode, Position from) override {
        YIMEN_TRY(PgConnection connection, PgConnection::open(address_));
        YIMEN_TRY(PgPlan plan, makePgPlan(connection, read_));
        if (!partition.bound.empty()) YIMEN_TRY_STATUS(limitPgPlan(plan, partition.bound));
        YIMEN_TRY(PgPosition at, PgPosition::parse(from));
        if (!at.bound && plan.watermark) {
            YIMEN_TRY(at.bound, pgBound(connection, plan));
        }
        const bool incremental = mode == ReadMode::kIncremental;
        const std::string sql = incremental ? pgChangesSql(plan, at) : pgCompleteSql(plan, at);
        // COPY takes no parameters, but costs a third less than rows of an answer.
        YIMEN_TRY_STATUS(connection.copyOut("COPY (" + sql + ") TO STDOUT"));
        return std::unique_ptr<Reader>(
            std::make_unique<PostgresReader>(std::move(connection), std::move(plan), std::move(at), incremental));
    }

private:
    const PgAddress address_;
    const PostgresRead read_;
};

}  // namespace

Result<std::vector<std::string>> pgPrimaryKey(PgConnection& connection, const std::string& table) {
    YIMEN_TRY(const auto rows,
              connection.query("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND"
                               " a.attnum = ANY(i.indkey) WHERE i.indrelid = $1::regclass AND i.indisprimary"
                               " ORDER BY array_position(i.indkey, a.attnum)",
                               {pgQuoteTable(table)}));
    std::vector<std::string> out;
    out.reserve(static_cast<std::size_t>(::PQntuples(rows.get())));
    for (int i = 0; i < ::PQntuples(rows.get()); ++i) out.emplace_back(::PQgetvalue(rows.get(), i, 0));
    return out;
}

Result<std::unique_ptr<Source>> makePostgresSource(const PgAddress& address, PostgresRead read) {
    if (read.table.empty() == read.query.empty()) {
        return core::makeError(ErrorCode::kInvalidInput,
                               "read 需要 table 或 query 之一 / read needs either table or query");
    }
    return std::unique_ptr<Source>(std::make_unique<PostgresSource>(address, std::move(read)));
}

}  // namespace yimen::sync
