#include "sync/runner/cancel_watch.h"

#include <chrono>
#include <thread>

#include "core/random.h"
#include "support/silent_peer.h"
#include "sync/sources/files_remote.h"
#include "sync/sources/files_source.h"
#include "sync/sources/http_source.h"
#include "unit/sync/runner/item_bench.h"

namespace yimen::sync {
namespace {

using namespace std::chrono_literals;

core::Result<core::Secret> password(const std::string&) {
    return core::Secret("pw");
}

/// A source whose server accepts and never answers, asked by a run that is cancelled meanwhile.
class CancelWatchTest : public ::testing::Test {
protected:
    using Make = std::function<core::Result<std::unique_ptr<Source>>(const SystemData&, const ItemSpec&)>;

    /// How long the run still took after it was cancelled.
    std::chrono::steady_clock::duration cancelled(const std::string& kind, const Make& make, const std::string& read) {
        std::string yaml = dataYaml("      - {to: id, from: a, key: true}\n", "    read: " + read + "\n");
        yaml.replace(yaml.find("{kind: files}"), 13, kind);
        folder.write("data.yaml", yaml);
        auto system = readSystemData(folder.path());
        EXPECT_TRUE(system.ok()) << system.error().message;
        if (!system.ok()) return 0s;
        SharedDatabase shared = valueOf(backend.open(options()));
        MemoryBudget budget(std::size_t{256} << 20U);
        const RunnerParts parts{shared,
                                budget,
                                make,
                                [this](const ItemSpec& item, const std::vector<SourceField>& columns) {
                                    return compileMapper(item, columns, clock);
                                },
                                {}};
        Progress progress;
        std::chrono::steady_clock::time_point asked;
        std::thread person([&] {
            std::this_thread::sleep_for(300ms);
            asked = std::chrono::steady_clock::now();
            progress.cancelled = true;
        });
        const auto run = ItemRunner(parts).run(*system, system->items[0], {ReadMode::kFull, {}}, progress);
        const auto ended = std::chrono::steady_clock::now();
        person.join();
        EXPECT_EQ(valueOf(run).state, RunState::kCancelled) << run->error;
        return ended - asked;
    }
    TargetOptions options() {
        TargetOptions out;
        out.clock = &clock;
        out.sealer = std::make_shared<TestSealer>();
        return out;
    }

    test::SilentPeer peer;
    core::ManualClock clock;
    core::SystemRandom random;
    core::SystemClock real;
    SqliteBackend backend;
    DataFolder folder;
};

TEST_F(CancelWatchTest, EndsAReadOfAnHttpSystemThatSendsNothing) {
    const Make make = [this](const SystemData& system, const ItemSpec& item) {
        return readHttpSource(system.source, item.read, password, {nullptr, &real, &random, nullptr});
    };
    const std::string at = "{kind: http, base: 'http://127.0.0.1:" + std::to_string(peer.port()) + "'}";
    const std::string read = "{request: {path: /rows}, format: json, records: /rows";
    EXPECT_LT(cancelled(at, make, read + "}"), 3s) << "while it asks for the columns";
    EXPECT_LT(cancelled(at, make, read + ", columns: [a]}"), 3s) << "while it reads";
}

TEST_F(CancelWatchTest, EndsAReadOfAFileServerThatSendsNothing) {
    const Make make = [this](const SystemData& system, const ItemSpec& item) {
        return readFilesSource(system.source, item.read, password, readRemoteFolder, real);
    };
    const std::string at = "{kind: files, server: {kind: ftp, host: 127.0.0.1, port: " + std::to_string(peer.port()) +
                           ", user: u, password: 'env:PW', timeout: 60s, connect_timeout: 60s}}";
    EXPECT_LT(cancelled(at, make, "{pattern: '*.csv', format: csv, columns: [a]}"), 3s);
}

TEST_F(CancelWatchTest, LeavesASourceAloneThatNobodyCancels) {
    class Quiet final : public Source {
    public:
        core::Result<std::vector<SourceField>> describe() override { return std::vector<SourceField>{}; }
        core::Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{}; }
        core::Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode, Position) override {
            return core::makeError(core::ErrorCode::kInternal, "");
        }
        void interrupt() noexcept override { ++interrupts; }
        std::atomic<int> interrupts{0};
    };
    Quiet source;
    Progress progress;
    {
        const CancelWatch watch(progress, source);
        std::this_thread::sleep_for(250ms);
        EXPECT_EQ(source.interrupts, 0);
        progress.cancelled = true;
        std::this_thread::sleep_for(500ms);
    }
    EXPECT_EQ(source.interrupts, 1);
}

}  // namespace
}  // namespace yimen::sync
