// One process per measurement, so that whoever started it learns its CPU time and its peak of memory from wait4().
//   bench_sync_item run FOLDER CONNINFO [MAX_KEYS [changes]]
//                                                    the one item of FOLDER/data.yaml, read completely (or its changes)
//                                                    from PostgreSQL into the shared database at CONNINFO, as `yimen
//                                                    sync run` does it
//   bench_sync_item claims CONNINFO HOST DATABASE SCHEMA ROUNDS
//                                                    leases of jobs a second, 8 nodes: ours, FOR UPDATE without SKIP
//                                                    LOCKED, in turn; then how long a dead node's job stays unclaimed
// Prints one line of JSON.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "sync/mapping/mapper.h"
#include "sync/runner/item_runner.h"
#include "sync/sources/pg_connection.h"
#include "sync/sources/postgres_source.h"
#include "sync/targets/postgres_database.h"

namespace yimen::sync {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

class NoSealer final : public Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view) override { return std::string(plain); }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view) override { return std::string(sealed); }
};

int complain(const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.describe().c_str());
    return 1;
}

TargetOptions optionsFor(const core::Clock& clock) {
    TargetOptions options;
    options.clock = &clock;
    options.sealer = std::make_shared<NoSealer>();
    return options;
}

int runItem(const std::string& folder, const std::string& conninfo, std::size_t maxKeys, ReadMode mode) {
    const core::SystemClock clock;
    TargetOptions options = optionsFor(clock);
    if (maxKeys > 0) options.maxKeys = maxKeys;
    auto shared = postgres::open(core::Secret(conninfo), options);
    if (!shared.ok()) return complain(shared.error());
    const auto data = readSystemData(folder);
    if (!data.ok()) return complain(data.error());
    MemoryBudget budget(std::size_t{512} << 20U);
    ItemRunner runner(RunnerParts{*shared,
                                  budget,
                                  [&](const SystemData& system, const ItemSpec& item) {
                                      const SecretLookup none = [](const std::string&) {
                                          return core::Result<core::Secret>(core::Secret());
                                      };
                                      return readPostgresSource(system.source, item.read, none, clock);
                                  },
                                  [&](const ItemSpec& item, const std::vector<SourceField>& columns) {
                                      return compileMapper(item, columns, clock);
                                  },
                                  {}});
    Progress progress;
    RunOptions how;
    how.mode = mode;
    const auto run = runner.run(*data, data->items[0], how, progress);
    if (!run.ok()) return complain(run.error());
    const Counters& sum = run->counters;
    std::printf(
        "{\"state\":\"%s\",\"error\":\"%s\",\"read\":%lu,\"inserted\":%lu,\"updated\":%lu,\"unchanged\":%lu,"
        "\"rejected\":%lu,\"deduped\":%lu,\"deleted\":%lu,\"removed\":%lu}\n",
        std::string(toString(run->state)).c_str(), run->error.c_str(), sum.read, sum.inserted, sum.updated,
        sum.unchanged, sum.rejected, sum.deduped, sum.deleted, sum.removed);
    return run->state == RunState::kDone ? 0 : 1;
}

constexpr int kNodes = 8;
constexpr int kJobs = 260;  // as many as there are items
constexpr int kTimes = 6;   // the table is emptied so often in a round

/// Claims a second of eight nodes that each hold a connection of their own, until all jobs are claimed; they are given
/// back outside of the time.
template <typename Claim>
double rate(std::vector<Claim>& nodes, const std::function<void()>& giveBack) {
    Steady::duration took{};
    for (int time = 0; time < kTimes; ++time) {
        giveBack();
        std::atomic<int> claimed{0};
        const auto from = Steady::now();
        std::vector<std::thread> threads;
        for (Claim& claim : nodes) {
            threads.emplace_back([&] {
                while (claimed < kJobs) claimed += claim() ? 1 : 0;
            });
        }
        for (std::thread& thread : threads) thread.join();
        took += Steady::now() - from;
    }
    return kTimes * kJobs / std::chrono::duration<double>(took).count();
}

/// The same claim without SKIP LOCKED, on the same table.
bool claimNaively(PgConnection& connection, std::int64_t now) {
    const auto got = connection.query(
        "UPDATE sync_job SET owner = $1, lease_until = $2, fence = fence + 1 WHERE item = (SELECT item FROM sync_job "
        "WHERE next_run > 0 AND next_run <= $3 AND paused = 0 AND lease_until <= $3 ORDER BY next_run, item LIMIT 1 "
        "FOR UPDATE) RETURNING item, fence",
        {"node", std::to_string(now + 60'000), std::to_string(now)});
    if (!got.ok()) std::exit(complain(got.error()));
    return PgConnection::single(*got).has_value();
}

double takenOverAfter(SharedDatabase& node, std::chrono::milliseconds lease) {
    if (!node.board->declare({{"dead", 1}}).ok()) std::exit(1);
    const auto dies = node.jobs->claim("dead", lease);
    if (!dies.ok() || !*dies) std::exit(1);
    const auto from = Steady::now();
    while (true) {
        const auto next = node.jobs->claim("heir", lease);
        if (!next.ok()) std::exit(complain(next.error()));
        if (*next) break;
        std::this_thread::sleep_for(10ms);
    }
    return std::chrono::duration<double>(Steady::now() - from).count() / std::chrono::duration<double>(lease).count();
}

int claims(const std::string& conninfo, const PgAddress& address, const std::string& schema, int rounds) {
    const core::SystemClock clock;
    std::vector<SharedDatabase> nodes;
    std::vector<PgConnection> plain;
    for (int i = 0; i < kNodes; ++i) {
        auto shared = postgres::open(core::Secret(conninfo), optionsFor(clock));
        auto connection = PgConnection::open(address);
        if (!shared.ok()) return complain(shared.error());
        if (!connection.ok()) return complain(connection.error());
        const auto set = connection->query("SET search_path = " + schema);
        if (!set.ok()) return complain(set.error());
        nodes.push_back(std::move(*shared));
        plain.push_back(std::move(*connection));
    }
    std::vector<std::pair<std::string, std::int64_t>> jobs;
    for (int i = 0; i < kJobs; ++i) jobs.emplace_back("item" + std::to_string(i), 1);
    if (!nodes[0].board->declare(jobs).ok()) return 1;
    const auto now = [&] { return core::toUnixMicros(clock.wall()) / 1000; };
    std::vector<std::function<bool()>> ours;
    std::vector<std::function<bool()>> naive;
    for (int i = 0; i < kNodes; ++i) {
        ours.emplace_back([&, i] {
            const auto lease = nodes[static_cast<std::size_t>(i)].jobs->claim("node", 60s);
            if (!lease.ok()) std::exit(complain(lease.error()));
            return lease->has_value();
        });
        naive.emplace_back([&, i] { return claimNaively(plain[static_cast<std::size_t>(i)], now()); });
    }
    const auto giveBack = [&] {
        const auto done = plain[0].query("UPDATE sync_job SET owner = '', lease_until = 0");
        if (!done.ok()) std::exit(complain(done.error()));
    };
    std::string pairs;
    for (int round = 0; round < rounds; ++round) {
        const double skipping = rate(ours, giveBack);
        const double waiting = rate(naive, giveBack);
        pairs += (pairs.empty() ? "[" : ",[") + std::to_string(skipping) + "," + std::to_string(waiting) + "]";
    }
    std::printf("{\"claims\":[%s],\"leases_until_taken_over\":%.2f}\n", pairs.c_str(), takenOverAfter(nodes[0], 2s));
    return 0;
}

}  // namespace
}  // namespace yimen::sync

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() >= 3 && words[0] == "run") {
        using yimen::sync::ReadMode;
        return yimen::sync::runItem(words[1], words[2],
                                    words.size() > 3 ? std::strtoul(words[3].c_str(), nullptr, 10) : 0,
                                    words.size() > 4 ? ReadMode::kIncremental : ReadMode::kFull);
    }
    if (words.size() == 6 && words[0] == "claims") {
        yimen::sync::PgAddress address;
        address.host = words[2];
        address.user = "yimen";
        address.database = words[3];
        return yimen::sync::claims(words[1], address, words[4], std::atoi(words[5].c_str()));
    }
    std::fputs(
        "usage: bench_sync_item run FOLDER CONNINFO [MAX_KEYS [changes]] | claims CONNINFO HOST DATABASE SCHEMA "
        "ROUNDS\n",
        stderr);
    return 2;
}
