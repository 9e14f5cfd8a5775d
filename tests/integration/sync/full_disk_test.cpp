#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <utility>

#include "integration/sync/worker.h"

namespace yimen::sync {
namespace {

constexpr int kBatches = 24;
constexpr int kRows = 20;
constexpr std::size_t kBodyBytes = 40'000;

ItemTable wideItem() {
    ItemTable item;
    item.code = "ZS-WIDE";
    item.table = "wide_rows";
    item.system = "demo";
    item.schema.fields = {{"id", "", FieldType::kText, true, true}, {"body", "", FieldType::kText, false, false}};
    return item;
}

/// A text that no compression makes smaller, the same for the same number.
std::string bodyOf(int number) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::mt19937 random(static_cast<unsigned>(number));
    std::string out(kBodyBytes, ' ');
    for (char& letter : out) letter = kLetters[random() % kLetters.size()];
    return out;
}

std::string keyOf(int number) {
    return std::to_string(100'000 + number);
}

/// Goes on where the last commit stands; the first error, or nothing when all batches are in.
core::Status load(SharedDatabase& shared) {
    const ItemTable item = wideItem();
    YIMEN_TRY_STATUS(shared.target->prepare(item));
    YIMEN_TRY(const Run run, shared.runs->begin(item.code, ReadMode::kFull, "m"));
    YIMEN_TRY(const auto taken, shared.target->takeOver(item.code, "", run.id));
    YIMEN_TRY(const auto writer, shared.target->writer(item, true));
    for (int number = taken.batch == 0 ? 0 : std::stoi(taken.position); number < kBatches; ++number) {
        Batch rows;
        rows.reset(2);
        for (int i = 0; i < kRows; ++i) {
            const int id = number * kRows + i;
            const std::size_t row = rows.addRow(Op::kUpsert, static_cast<std::uint64_t>(id));
            EXPECT_TRUE(rows.set(row, 0, keyOf(id)) && rows.set(row, 1, bodyOf(id)));
        }
        Commit commit;
        commit.rows = &rows;
        commit.read = kRows;
        commit.from = std::to_string(number);
        commit.after = std::to_string(number + 1);
        commit.end = number + 1 == kBatches;
        commit.complete = true;
        commit.mapVersion = "m";
        YIMEN_TRY([[maybe_unused]] const auto added, writer->commit(taken.claim, commit));
    }
    return shared.runs->finish(run.id, RunState::kDone, "");
}

/// SQLite writes in this process: its files may not grow beyond some size.
class SqliteDisk {
public:
    ~SqliteDisk() { empty(); }
    core::Result<SharedDatabase> open(TargetOptions options) { return backend_.open(std::move(options)); }
    void fill() {
        std::signal(SIGXFSZ, SIG_IGN);
        full_ = true;
        ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
        rlimit now = before_;
        now.rlim_cur = rlim_t{6} << 20U;
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
    }
    void empty() {
        if (!std::exchange(full_, false)) return;
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    }

private:
    SqliteBackend backend_;
    rlimit before_{};
    bool full_ = false;
};

/// A server whose tables do not grow while a file is there (full_disk.c).
class PostgresDisk {
public:
    PostgresDisk() {
        flag_ = std::filesystem::temp_directory_path() / ("yimen-full-" + std::to_string(::getpid()));
        ::setenv("YIMEN_FULL_DISK", flag_.c_str(), 1);
        ::setenv("LD_PRELOAD", YIMEN_FULL_DISK_LIBRARY, 1);
        server_ = std::make_unique<test::PostgresServer>();
        ::unsetenv("LD_PRELOAD");
        EXPECT_TRUE(server_->ok()) << server_->why();
        conninfo_ = server_->freshSchema();
    }
    ~PostgresDisk() { empty(); }
    PostgresDisk(const PostgresDisk&) = delete;
    PostgresDisk& operator=(const PostgresDisk&) = delete;
    core::Result<SharedDatabase> open(TargetOptions options) {
        return postgres::open(core::Secret(conninfo_), std::move(options));
    }
    void fill() { std::ofstream(flag_).put('1'); }
    void empty() {
        std::error_code ignored;
        std::filesystem::remove(flag_, ignored);
    }

private:
    std::filesystem::path flag_;
    std::unique_ptr<test::PostgresServer> server_;
    std::string conninfo_;
};

template <typename Disk>
class FullDiskTest : public ::testing::Test {};
using Disks = ::testing::Types<SqliteDisk, PostgresDisk>;
TYPED_TEST_SUITE(FullDiskTest, Disks);

TYPED_TEST(FullDiskTest, IsSaidAndNothingOfItIsLostOrCountedTwice) {
    const core::SystemClock clock;
    TypeParam disk;
    std::string expected;
    for (int id = 0; id < kBatches * kRows; ++id) expected += keyOf(id) + "|" + bodyOf(id) + "\n";
    int commits = 0;
    TargetOptions options = faultOptions(clock);
    options.failPoint = [&](std::string_view name) {
        if (name == "after_commit" && ++commits == 3) disk.fill();
    };
    SharedDatabase shared = valueOf(disk.open(options));
    const core::Status stopped = load(shared);
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, core::ErrorCode::kUnavailable) << stopped.error().describe();
    EXPECT_NE(stopped.error().message.find("disk"), std::string::npos) << stopped.error().describe();
    const Run half = valueOf(shared.runs->list("ZS-WIDE", 1)).at(0);
    EXPECT_EQ(half.counters.read, static_cast<std::uint64_t>(commits) * kRows);
    EXPECT_TRUE(half.counters.balanced());
    EXPECT_EQ(half.counters.rejected, 0U) << "no record is at fault when the disk is";
    EXPECT_EQ(allRows(*shared.rows, wideItem(), std::nullopt, 1000),
              expected.substr(0, expected.size() / kBatches * static_cast<std::size_t>(commits)));
    disk.empty();
    const core::Status done = load(shared);
    EXPECT_TRUE(done.ok()) << done.error().describe();
    EXPECT_EQ(valueOf(shared.runs->list("ZS-WIDE", 1)).at(0).counters.read, std::uint64_t{kBatches} * kRows);
    EXPECT_EQ(allRows(*shared.rows, wideItem(), std::nullopt, 1000), expected);
}

}  // namespace
}  // namespace yimen::sync
