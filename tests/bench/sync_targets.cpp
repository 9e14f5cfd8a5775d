// Rows per second and CPU (this process and the PostgreSQL server) of the shared database: first load, re-sync of what
// is there, merge of new rows into a filled table. Usage: bench_sync_targets sqlite|postgres [rows=1000000] [rounds=1]
// Prints one JSON object per measurement; for
// PostgreSQL also that of two psql joined by a pipe, the physical reference.
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>

#include "support/postgres_server.h"
#include "sync/targets/postgres_database.h"
#include "sync/targets/sqlite_database.h"

namespace yimen::sync {
namespace {

class NoSealer final : public Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view) override { return std::string(plain); }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view) override { return std::string(sealed); }
};

double ownCpu() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// CPU of the server of `folder` and all its children, dead ones too.
double serverCpu(const std::string& folder) {
    std::ifstream file(folder + "/data/postmaster.pid");
    long pid = 0;
    file >> pid;
    double ticks = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream stat(entry.path() / "stat");
        std::string line;
        if (!std::getline(stat, line) || line.rfind(')') == std::string::npos) continue;
        long parent = 0;
        unsigned long user = 0, system = 0;
        long childUser = 0, childSystem = 0;
        if (std::sscanf(line.c_str() + line.rfind(')') + 2,
                        "%*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &parent, &user, &system,
                        &childUser, &childSystem) != 5) {
            continue;
        }
        const long own = std::strtol(entry.path().filename().c_str(), nullptr, 10);
        if (own == pid) ticks += static_cast<double>(user + system) + static_cast<double>(childUser + childSystem);
        if (parent == pid) ticks += static_cast<double>(user + system);
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

ItemTable people() {
    ItemTable item;
    item.code = "BENCH";
    item.table = "people";
    item.system = "rk";
    const auto field = [&](const char* name, FieldType type, bool key = false) {
        item.schema.fields.push_back({name, name, type, key, key});
    };
    field("id", FieldType::kInteger, true);
    field("id_no", FieldType::kText);
    field("name", FieldType::kText);
    field("sex", FieldType::kText);
    field("born", FieldType::kDate);
    field("nation", FieldType::kText);
    field("address", FieldType::kText);
    field("street", FieldType::kText);
    field("phone", FieldType::kText);
    field("state", FieldType::kText);
    field("income", FieldType::kDecimal);
    field("updated", FieldType::kDateTime);
    return item;
}

/// Rows `first`.. of the made-up register: 12 columns, about 190 bytes.
Batch made(std::uint64_t first, std::size_t count) {
    Batch batch;
    batch.reset(12);
    std::array<char, 64> text{};
    for (std::uint64_t id = first; id < first + count; ++id) {
        const std::size_t row = batch.addRow(Op::kUpsert, id);
        const auto set = [&](std::size_t column, std::string_view value) { (void)batch.set(row, column, value); };
        const auto put = [&](std::size_t column, int size) {
            set(column, {text.data(), static_cast<std::size_t>(size)});
        };
        char* const out = text.data();
        const std::size_t most = text.size();
        const unsigned long n = id;
        put(0, std::snprintf(out, most, "%lu", n));
        put(1, std::snprintf(out, most, "3201021970%08lu", n % 100000000));
        put(2, std::snprintf(out, most, "王小明%lu", n % 9973));
        set(3, n % 2 == 0 ? "男" : "女");
        put(4, std::snprintf(out, most, "19%02lu-%02lu-%02lu", 50 + n % 50, 1 + n % 12, 1 + n % 28));
        set(5, "汉族");
        put(6, std::snprintf(out, most, "东门街道新建路%lu号%lu室", n % 997, n % 89));
        set(7, "东门街道办事处");
        put(8, std::snprintf(out, most, "138%08lu", n % 100000000));
        set(9, n % 7 == 0 ? "迁出" : "在册");
        put(10, std::snprintf(out, most, "%lu.%lu", n % 100000, 1 + n % 9));
        put(11, std::snprintf(out, most, "2026-%02lu-%02luT08:%02lu:00+08:00", 1 + n % 12, 1 + n % 28, n % 60));
    }
    return batch;
}

struct Bench {
    SharedDatabase shared;
    test::PostgresServer* server = nullptr;
    const char* kind = "";
    ItemTable item = people();

    bool pass(const char* what, const std::vector<Batch>& batches, bool complete) {
        auto run = shared.runs->begin(item.code, complete ? ReadMode::kFull : ReadMode::kIncremental, "m");
        auto taken = shared.target->takeOver(item.code, "", run->id);
        auto writer = shared.target->writer(item, complete);
        const double client = ownCpu();
        const double pg = server == nullptr ? 0 : serverCpu(server->folder());
        const auto from = std::chrono::steady_clock::now();
        Counters sum;
        for (const Batch& batch : batches) {
            Commit commit;
            commit.rows = &batch;
            commit.read = batch.rows();
            commit.complete = complete;
            auto added = (*writer)->commit(taken->claim, commit);
            if (!added.ok()) {
                std::fprintf(stderr, "%s\n", added.error().describe().c_str());
                return false;
            }
            sum += *added;
        }
        const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
        const double clientUsed = ownCpu() - client;
        const double pgUsed = server == nullptr ? 0 : serverCpu(server->folder()) - pg;
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        std::printf(
            "{\"target\":\"%s\",\"what\":\"%s\",\"rows\":%lu,\"inserted\":%lu,\"updated\":%lu,\"unchanged\":%lu,"
            "\"wall_s\":%.2f,\"client_cpu_s\":%.2f,\"server_cpu_s\":%.2f,\"rows_per_s\":%.0f,"
            "\"rows_per_cpu_s\":%.0f,\"max_rss_mb\":%ld}\n",
            kind, what, sum.read, sum.inserted, sum.updated, sum.unchanged, wall, clientUsed, pgUsed,
            static_cast<double>(sum.read) / wall, static_cast<double>(sum.read) / (clientUsed + pgUsed),
            usage.ru_maxrss / 1024);
        std::fflush(stdout);
        return shared.runs->finish(run->id, RunState::kDone, "").ok();
    }
};

/// The physical reference: the same rows from one plain table into another through two psql and a pipe, text COPY.
bool pipe(const test::PostgresServer& server, const std::string& schema, std::uint64_t rows) {
    const std::string path = "SET search_path = " + schema + "; ";
    const std::string fields = "id, id_no, name, sex, born, nation, address, street, phone, state, income, updated";
    if (!server.sql(path + "CREATE TABLE source AS SELECT " + fields + " FROM people WHERE id < " +
                    std::to_string(rows) + "; CREATE TABLE plain (LIKE source, PRIMARY KEY (id))")) {
        return false;
    }
    const std::string psql = "/usr/lib/postgresql/15/bin/psql -X -q -h " + server.folder() +
                             " -U yimen -d postgres -c '" + "SET search_path = " + schema + "' -c ";
    const auto children = [] {
        rusage usage{};
        ::getrusage(RUSAGE_CHILDREN, &usage);
        return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    };
    const double client = children();
    const double pg = serverCpu(server.folder());
    const auto from = std::chrono::steady_clock::now();
    const std::string command = psql + "'COPY source TO STDOUT' | " + psql + "'COPY plain FROM STDIN'";
    if (std::system(command.c_str()) != 0) return false;
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    const double clientUsed = children() - client;
    const double pgUsed = serverCpu(server.folder()) - pg;
    std::printf(
        "{\"target\":\"psql\",\"what\":\"COPY text pipe from table to table\",\"rows\":%lu,\"wall_s\":%.2f,"
        "\"client_cpu_s\":%.2f,\"server_cpu_s\":%.2f,\"rows_per_cpu_s\":%.0f}\n",
        rows, wall, clientUsed, pgUsed, static_cast<double>(rows) / (clientUsed + pgUsed));
    std::fflush(stdout);
    return true;
}

int measure(const std::string& kind, std::uint64_t rows) {
    const core::SystemClock clock;
    TargetOptions options;
    options.clock = &clock;
    options.sealer = std::make_shared<NoSealer>();
    Bench bench;
    bench.kind = kind.c_str();
    std::string folder = (std::filesystem::temp_directory_path() / "yimen-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return 1;
    std::unique_ptr<test::PostgresServer> server;
    std::string conninfo;
    if (kind == "postgres") {
        server = std::make_unique<test::PostgresServer>("-c shared_buffers=512MB -c max_wal_size=8GB");
        if (!server->ok()) return 1;
        bench.server = server.get();
        conninfo = server->freshSchema();
        bench.shared = std::move(postgres::open(core::Secret(conninfo), options)).value();
    } else {
        bench.shared = std::move(sqlite::open(folder + "/shared.db", options)).value();
    }
    if (!bench.shared.target->prepare(bench.item).ok()) return 1;
    std::vector<Batch> first;
    std::vector<Batch> more;
    for (std::uint64_t at = 0; at < rows; at += Batch::kMaxRows) {
        first.push_back(made(at, Batch::kMaxRows));
        more.push_back(made(at + rows, Batch::kMaxRows));
    }
    const auto reference = [&] {
        if (!server) return true;
        const auto begin = conninfo.rfind('=') + 1;
        return pipe(*server, conninfo.substr(begin, conninfo.size() - begin - 1), rows);
    };
    const bool good = bench.pass("first load", first, true) && reference() &&
                      bench.pass("re-sync, nothing changed", first, true) &&
                      bench.pass("new rows into a filled table, incremental", more, false) &&
                      bench.pass("re-sync of half of it, nothing changed", more, true);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return good ? 0 : 1;
}

}  // namespace
}  // namespace yimen::sync

int main(int argc, char** argv) {
    const std::string kind = argc > 1 ? argv[1] : "sqlite";
    const std::uint64_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 1;
    for (int round = 0; round < rounds; ++round) {
        if (yimen::sync::measure(kind, rows) != 0) return 1;
    }
    return 0;
}
