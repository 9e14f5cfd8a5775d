#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "support/postgres_server.h"
#include "sync/targets/postgres/connection.h"
#include "sync/targets/postgres_database.h"
#include "sync/targets/sqlite/connection.h"
#include "sync/targets/sqlite_database.h"

namespace yimen::sync {

inline void PrintTo(const Counters& c, std::ostream* out) {
    *out << "{read " << c.read << ", inserted " << c.inserted << ", updated " << c.updated << ", unchanged "
         << c.unchanged << ", rejected " << c.rejected << ", deduped " << c.deduped << ", deleted " << c.deleted
         << ", removed " << c.removed << "}";
}

/// Seals so that the plain text cannot be found in what is stored, and only opens in the same context.
class TestSealer final : public Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view context) override {
        if (broken) return core::makeError(core::ErrorCode::kUnavailable, "no key");
        std::string out = std::string(context) + '\0';
        for (const char c : plain) out += static_cast<char>(c ^ 0x55);
        return out;
    }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view context) override {
        if (sealed.substr(0, context.size()) != context) {
            return core::makeError(core::ErrorCode::kCorrupt, "sealed for something else");
        }
        std::string out;
        for (const char c : sealed.substr(context.size() + 1)) out += static_cast<char>(c ^ 0x55);
        return out;
    }
    bool broken = false;
};

/// A database of its own that several SharedDatabase objects can open, as several hubs would.
class SqliteBackend {
public:
    SqliteBackend() {
        std::string name = (std::filesystem::temp_directory_path() / "yimen-sync-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~SqliteBackend() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    SqliteBackend(const SqliteBackend&) = delete;
    SqliteBackend& operator=(const SqliteBackend&) = delete;
    core::Result<SharedDatabase> open(TargetOptions options) {
        return sqlite::open((folder_ / "shared.db").string(), std::move(options));
    }
    /// A connection without migrations, to make a database as an older hub did.
    core::Result<std::unique_ptr<SqlSession>> bare() {
        YIMEN_TRY(auto session,
                  sqlite::Connection::open((folder_ / "shared.db").string(), std::make_shared<std::mutex>()));
        return std::unique_ptr<SqlSession>(std::move(session));
    }
    static constexpr bool kPostgres = false;

private:
    std::filesystem::path folder_;
};

class PostgresBackend {
public:
    PostgresBackend() {
        EXPECT_TRUE(test::PostgresServer::shared().ok()) << test::PostgresServer::shared().why();
        conninfo_ = test::PostgresServer::shared().freshSchema();
    }
    core::Result<SharedDatabase> open(TargetOptions options) {
        return postgres::open(core::Secret(conninfo_), std::move(options));
    }
    core::Result<std::unique_ptr<SqlSession>> bare() {
        YIMEN_TRY(auto session, postgres::Connection::open(core::Secret(conninfo_)));
        return std::unique_ptr<SqlSession>(std::move(session));
    }
    bool sql(const std::string& text) {
        return test::PostgresServer::shared().sql(
            "SET search_path = " +
            conninfo_.substr(conninfo_.rfind('=') + 1, conninfo_.size() - conninfo_.rfind('=') - 2) + "; " + text);
    }
    static constexpr bool kPostgres = true;

private:
    std::string conninfo_;
};

using Cells = std::vector<const char*>;  ///< nullptr: null
struct Row {
    Cells cells;
    Op op = Op::kUpsert;
};

inline Batch batchOf(const std::vector<Row>& rows, std::size_t columns) {
    Batch batch;
    batch.reset(columns);
    for (const Row& row : rows) {
        const std::size_t number = batch.addRow(row.op, batch.rows() + 1);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (row.cells[i] == nullptr) continue;
            EXPECT_TRUE(batch.set(number, i, row.cells[i]));
        }
    }
    return batch;
}

/// Every row of an item as one text: cells joined by '|', null as "~", rows by '\n'. Read in small pages.
inline std::string allRows(ItemRows& rows, const ItemTable& item, std::optional<std::int64_t> asOf = std::nullopt,
                           std::size_t limit = 7) {
    std::string out;
    std::vector<std::string> after;
    for (;;) {
        auto page = rows.page(item, after, limit, asOf);
        EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().describe());
        if (!page.ok()) return out;
        for (std::size_t row = 0; row < page->rows.rows(); ++row) {
            for (std::size_t i = 0; i < page->rows.columns(); ++i) {
                if (i > 0) out += '|';
                out += page->rows.isNull(row, i) ? "~" : std::string(page->rows.text(row, i));
            }
            out += '\n';
        }
        if (page->end) return out;
        after = page->after;
    }
}

template <typename T>
T valueOf(core::Result<T> result) {
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().describe());
    return result.ok() ? std::move(result).value() : T{};
}

/// An item, a database and a run on its way.
template <typename Backend>
class TargetTest : public ::testing::Test {
protected:
    TargetTest() { reopen(); }

    TargetOptions options() {
        TargetOptions out;
        out.clock = &clock;
        out.sealer = sealer;
        out.failPoint = failPoint;
        out.maxKeys = maxKeys;
        return out;
    }
    void reopen() { shared = valueOf(backend.open(options())); }

    static ItemTable people() {
        ItemTable item;
        item.code = "ZS-01";
        item.table = "people";
        item.title = "人员";
        item.system = "rk";
        item.schema.fields = {{"id", "编号", FieldType::kText, true, true},
                              {"name", "姓名", FieldType::kText, false, false},
                              {"age", "年龄", FieldType::kInteger, false, false}};
        return item;
    }

    void prepare(const ItemTable& wanted) {
        item = wanted;
        const auto done = shared.target->prepare(item);
        ASSERT_TRUE(done.ok()) << done.error().describe();
    }
    /// Begins a run (or goes on with it), takes the partition over and opens a writer.
    void begin(ReadMode mode = ReadMode::kFull, const std::string& partition = "") {
        run = valueOf(shared.runs->begin(item.code, mode, "m1"));
        taken = valueOf(shared.target->takeOver(item.code, partition, run.id));
        writer = valueOf(shared.target->writer(item, mode == ReadMode::kFull));
    }
    void finish(RunState state = RunState::kDone) {
        const auto done = shared.runs->finish(run.id, state, "");
        ASSERT_TRUE(done.ok()) << done.error().describe();
    }
    core::Result<Counters> tryCommit(const std::vector<Row>& rows, const std::string& after = "p",
                                     std::vector<Reject> rejected = {}) {
        const Batch batch = batchOf(rows, item.schema.fields.size());
        Commit commit;
        commit.rows = &batch;
        commit.read = rows.size() + rejected.size();
        commit.rejected = std::move(rejected);
        commit.after = after;
        commit.mapVersion = "m1";
        commit.complete = run.mode == ReadMode::kFull;
        return writer->commit(taken.claim, commit);
    }
    Counters commit(const std::vector<Row>& rows, const std::string& after = "p", std::vector<Reject> rejected = {}) {
        const Counters out = valueOf(tryCommit(rows, after, std::move(rejected)));
        EXPECT_TRUE(out.balanced());
        return out;
    }
    std::string stored(std::optional<std::int64_t> asOf = std::nullopt) { return allRows(*shared.rows, item, asOf); }
    std::int64_t now() const { return core::toUnixMicros(clock.wall()) / 1000; }

    core::ManualClock clock;
    std::shared_ptr<TestSealer> sealer = std::make_shared<TestSealer>();
    FailPoint failPoint;
    std::size_t maxKeys = 4'000'000;
    Backend backend;
    SharedDatabase shared;
    ItemTable item;
    sync::Run run;
    TakenOver taken;
    std::unique_ptr<ItemWriter> writer;
};

using Backends = ::testing::Types<SqliteBackend, PostgresBackend>;

}  // namespace yimen::sync
