#include "sync/sources/pg_log_source.h"

#include <libpq-fe.h>

#include <optional>
#include <utility>

#include "core/json.h"
#include "sync/sources/pg_log_reader.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;
using core::Status;

constexpr int kMostWaits = 50;

/// What the server says of the slot.
struct Slot {
    Lsn confirmed = 0;
    bool lost = false;  ///< the server threw log away that the slot still needed
};

/// Passes a complete read on and keeps the place in the log beside its position.
class LoadReader final : public Reader {
public:
    LoadReader(std::unique_ptr<Reader> rows, PgLogPosition at) : rows_(std::move(rows)), at_(std::move(at)) {}

    Result<ReadState> read(Batch& into) override {
        YIMEN_TRY(ReadState state, rows_->read(into));
        at_.load = state.end ? std::nullopt : std::optional(state.position);
        state.position = at_.text();
        return state;
    }

    void interrupt() noexcept override { rows_->interrupt(); }

private:
    const std::unique_ptr<Reader> rows_;
    PgLogPosition at_;
};

class PgLogSource final : public Source {
public:
    PgLogSource(std::unique_ptr<Source> rows, PgAddress address, PostgresRead read, PgLogRead log,
                const core::Clock& clock)
        : rows_(std::move(rows)),
          address_(std::move(address)),
          read_(std::move(read)),
          log_(std::move(log)),
          clock_(clock) {}

    Result<std::vector<SourceField>> describe() override { return rows_->describe(); }
    Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{{"", ""}}; }

    Result<std::optional<Partition>> range(const Range& range) override { return rows_->range(range); }

    Result<std::unique_ptr<Reader>> open(const Partition& partition, ReadMode mode, Position from) override {
        // A range of the table is read beside the log: neither slot nor position has to do with it.
        if (!partition.bound.empty()) return rows_->open(partition, ReadMode::kFull, std::move(from));
        YIMEN_TRY(PgConnection connection, PgConnection::open(address_));
        YIMEN_TRY(PgLogPosition at, PgLogPosition::parse(from));
        YIMEN_TRY(const std::string table, publishedTable(connection));
        const bool begins = from.empty();
        if (begins) {
            YIMEN_TRY(at, begin(connection));
        } else {
            YIMEN_TRY_STATUS(check(connection, at));
        }
        if (begins || mode == ReadMode::kFull || at.load) {
            YIMEN_TRY(auto rows, rows_->open(partition, ReadMode::kFull, at.load.value_or("")));
            return std::unique_ptr<Reader>(std::make_unique<LoadReader>(std::move(rows), std::move(at)));
        }
        YIMEN_TRY(const auto columns, rows_->describe());
        PgLogReader::Plan plan{table, columnNames(columns), read_.key, 0, log_.follow};
        if (plan.key.empty()) {
            YIMEN_TRY(plan.key, pgPrimaryKey(connection, read_.table));
        }
        YIMEN_TRY(plan.upTo, place(connection, "SELECT pg_current_wal_lsn()"));
        YIMEN_TRY_STATUS(untilFree(connection));
        YIMEN_TRY(PgReplication stream, PgReplication::open(address_, log_.names, at.lsn));
        return std::unique_ptr<Reader>(std::make_unique<PgLogReader>(std::move(stream), std::move(connection),
                                                                     std::move(plan), std::move(at), clock_));
    }

private:
    /// "schema.table" as the log calls it. The hub makes no publication: that is the owner's decision.
    Result<std::string> publishedTable(PgConnection& connection) const {
        YIMEN_TRY(const auto found,
                  connection.query("SELECT t.schemaname || '.' || t.tablename FROM pg_publication_tables t"
                                   " JOIN pg_publication p ON p.pubname = t.pubname"
                                   " JOIN pg_class c ON c.oid = $2::regclass"
                                   " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                   " WHERE t.pubname = $1 AND t.schemaname = n.nspname AND t.tablename = c.relname"
                                   " AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate",
                                   {log_.names.publication, pgQuoteTable(read_.table)}));
        auto name = PgConnection::single(found);
        if (name) return std::move(*name);
        return makeError(
            ErrorCode::kInvalidInput,
            "发布中没有此表 / the publication does not hold every change of the table: let its owner run CREATE "
            "PUBLICATION " +
                pgQuote(log_.names.publication) + " FOR TABLE " + pgQuoteTable(read_.table));
    }

    /// For a read from the beginning: a slot that still has everything, made where there is none.
    Result<PgLogPosition> begin(PgConnection& connection) const {
        YIMEN_TRY(auto slot, find(connection));
        if (slot && slot->lost) {
            YIMEN_TRY([[maybe_unused]] const auto dropped,
                      connection.query("SELECT pg_drop_replication_slot($1)", {log_.names.slot}));
            slot.reset();
        }
        PgLogPosition at;
        if (slot) {
            at.lsn = slot->confirmed;
        } else {
            YIMEN_TRY(at.lsn, place(connection, "SELECT lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')",
                                    {log_.names.slot}));
        }
        YIMEN_TRY(at.system, system(connection));
        // What was committed before this place is in the table when it is read: a TRUNCATE holds its lock until then.
        YIMEN_TRY(at.loaded, place(connection, "SELECT pg_current_wal_lsn()"));
        return at;
    }

    /// Whether the log still goes on where we stopped.
    Status check(PgConnection& connection, const PgLogPosition& at) const {
        YIMEN_TRY(const auto slot, find(connection));
        YIMEN_TRY(const std::string here, system(connection));
        std::string why;
        if (!slot) {
            why = "复制槽已不存在 / the slot is gone";
        } else if (slot->lost) {
            why = "服务器已丢弃日志 / the server threw log away that was still needed";
        } else if (slot->confirmed > at.lsn) {
            why = "复制槽已前移 / the slot was made anew or moved on by somebody else";
        } else if (here != at.system) {
            why = "换了数据库 / this is another server";
        }
        if (why.empty()) return {};
        return makeError(ErrorCode::kInvalidInput,
                         why + ": " + log_.names.slot + " (" + lsnText(at.lsn) +
                             ") 其间的变更已丢失，请整读一次 / changes in between are lost, read "
                             "the item completely (--full)");
    }

    Result<std::optional<Slot>> find(PgConnection& connection) const {
        YIMEN_TRY(const auto row,
                  connection.query("SELECT coalesce(confirmed_flush_lsn, '0/0'), coalesce(wal_status, '') = 'lost',"
                                   " plugin = 'pgoutput' AND database = current_database()"
                                   " FROM pg_replication_slots WHERE slot_name = $1",
                                   {log_.names.slot}));
        if (::PQntuples(row.get()) == 0) return std::optional<Slot>{};
        const auto isTrue = [&](int column) { return *::PQgetvalue(row.get(), 0, column) == 't'; };
        if (!isTrue(2)) {
            return makeError(ErrorCode::kInvalidInput, "复制槽另有用途 / the slot '" + log_.names.slot +
                                                           "' is not one of pgoutput in this database");
        }
        return std::optional(Slot{parseLsn(::PQgetvalue(row.get(), 0, 0)).value_or(0), isTrue(1)});
    }

    /// The server takes a moment to see that the former user of the slot went.
    Status untilFree(PgConnection& connection) const {
        for (int i = 0; i < kMostWaits; ++i) {
            YIMEN_TRY(const auto row, connection.query("SELECT active, CASE WHEN active THEN pg_sleep(0.1) END"
                                                       " FROM pg_replication_slots WHERE slot_name = $1",
                                                       {log_.names.slot}));
            if (PgConnection::single(row).value_or("f") == "f") break;
        }
        return {};  // who opens it in spite of that is told
    }

    static Result<std::string> system(PgConnection& connection) {
        YIMEN_TRY(const auto row, connection.query("SELECT system_identifier FROM pg_control_system()"));
        return PgConnection::single(row).value_or("");
    }

    static Result<Lsn> place(PgConnection& connection, const std::string& sql,
                             const std::vector<std::optional<std::string>>& values = {}) {
        YIMEN_TRY(const auto row, connection.query(sql, values));
        const auto lsn = parseLsn(PgConnection::single(row).value_or(""));
        if (!lsn) return makeError(ErrorCode::kUpstream, "服务器没有日志位置 / the server gave no place in its log");
        return *lsn;
    }

    const std::unique_ptr<Source> rows_;
    const PgAddress address_;
    const PostgresRead read_;
    const PgLogRead log_;
    const core::Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<Source>> makePgLogSource(const PgAddress& address, PostgresRead read, PgLogRead log,
                                                const core::Clock& clock) {
    if (read.table.empty() || !read.watermark.empty()) {
        return makeError(ErrorCode::kInvalidInput,
                         "read.log 只用于表，不与 watermark 并用 / read.log is for a table, and needs no watermark");
    }
    YIMEN_TRY(auto rows, makePostgresSource(address, read));
    return std::unique_ptr<Source>(
        std::make_unique<PgLogSource>(std::move(rows), address, std::move(read), std::move(log), clock));
}

}  // namespace yimen::sync
