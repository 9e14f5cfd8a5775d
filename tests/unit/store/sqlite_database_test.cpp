#include <Poco/Data/SQLite/Connector.h>
#include <sys/stat.h>

#include <fstream>

#include "store/sqlite/database.h"
#include "store/sqlite/guard.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/query.h"
#include "unit/store/backend.h"

namespace yimen::store::sqlite {

using core::ErrorCode;
using test::TempFolder;

namespace {

Poco::Data::Session rawSession(const std::string& path) {
    Poco::Data::SQLite::Connector::registerConnector();
    return Poco::Data::Session(Poco::Data::SQLite::Connector::KEY, path);
}

std::int64_t number(Poco::Data::Session& session, const char* sql) {
    std::int64_t value = -1;
    Query(session, sql).each<Poco::Int64>([&](Poco::Int64 found) { value = found; });
    return value;
}

const Migration kFirst{1, "first", {"CREATE TABLE one (a INTEGER)"}};
const Migration kSecond{2, "second", {"CREATE TABLE two (a INTEGER)", "INSERT INTO one VALUES (2)"}};
const Migration kBad{2, "bad", {"CREATE TABLE two (a INTEGER)", "this is no statement"}};

}  // namespace

TEST(Migrate, AppliesEachStepOnce) {
    const TempFolder folder;
    auto session = rawSession(folder.file("x.db"));
    const std::vector<Migration> steps{kFirst, kSecond};
    ASSERT_TRUE(migrate(session, steps).ok());
    ASSERT_TRUE(migrate(session, steps).ok());
    EXPECT_EQ(number(session, "SELECT count(*) FROM one"), 1);
    EXPECT_EQ(number(session, "SELECT max(number) FROM schema_steps"), 2);
}

TEST(Migrate, UndoesAStepThatFailsAndGoesOnFromThere) {
    const TempFolder folder;
    auto session = rawSession(folder.file("x.db"));
    const auto failed = migrate(session, std::vector<Migration>{kFirst, kBad});
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().detail.find("bad"), std::string::npos);
    EXPECT_EQ(number(session, "SELECT count(*) FROM sqlite_master WHERE name = 'two'"), 0);
    ASSERT_TRUE(migrate(session, std::vector<Migration>{kFirst, kSecond}).ok());
    EXPECT_EQ(number(session, "SELECT count(*) FROM two"), 0);
}

TEST(Migrate, RefusesANewerSchema) {
    const TempFolder folder;
    auto session = rawSession(folder.file("x.db"));
    ASSERT_TRUE(migrate(session, std::vector<Migration>{kFirst, kSecond}).ok());
    const auto refused = migrate(session, std::vector<Migration>{kFirst});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    EXPECT_NE(refused.error().message.find("newer program"), std::string::npos);
}

TEST(Migrate, RefusesADatabaseOfAnotherProgram) {
    const TempFolder folder;
    auto session = rawSession(folder.file("x.db"));
    Query(session, "CREATE TABLE theirs (a INTEGER)").run();
    EXPECT_EQ(migrate(session, std::vector<Migration>{kFirst}).error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(number(session, "SELECT count(*) FROM sqlite_master"), 1);
}

TEST(Migrate, LetsTwoProcessesStartTogether) {
    const TempFolder folder;
    std::atomic<int> opened{0};
    test::together(4, [&](int) {
        if (open({folder.file("hub.db"), 1, 5000}).ok()) ++opened;
    });
    EXPECT_EQ(opened.load(), 4);
}

TEST(Migrations, AreNumberedFromOneWithoutAGap) {
    int expected = 1;
    for (const Migration& migration : migrations()) EXPECT_EQ(migration.number, expected++) << migration.name;
}

TEST(SqliteOpen, SaysWhatIsWrongWithAFolderThatIsNotThere) {
    const auto opened = open({"/nonexistent-folder/hub.db", 1, 100});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(opened.error().message.find("folder"), std::string::npos);
}

TEST(SqliteOpen, RefusesAFileThatIsNoDatabase) {
    const TempFolder folder;
    const std::string path = folder.file("hub.db");
    std::ofstream(path) << std::string(5000, 'x');
    EXPECT_FALSE(open({path, 1, 100}).ok());
}

TEST(SqliteOpen, KeepsTheFileFromOtherUsers) {
    const TempFolder folder;
    const std::string path = folder.file("hub.db");
    const auto stores = open({path, 1, 100});
    ASSERT_TRUE(stores.ok());
    for (const char* suffix : {"", "-wal"}) {
        struct stat found {};
        ASSERT_EQ(::stat((path + suffix).c_str(), &found), 0) << suffix;
        EXPECT_EQ(found.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST(Database, SyncsDurableWritesFullyAndKeepsForeignKeysOn) {
    const TempFolder folder;
    auto database = Database::open({folder.file("hub.db"), 1, 100});
    ASSERT_TRUE(database.ok());
    const auto look = [](std::int64_t synchronous) {
        return [synchronous](Poco::Data::Session& session) -> core::Status {
            EXPECT_EQ(number(session, "PRAGMA synchronous"), synchronous);
            EXPECT_EQ(number(session, "PRAGMA foreign_keys"), 1);
            return {};
        };
    };
    EXPECT_TRUE((*database)->write("t", Durability::kDurable, look(2)).ok());
    EXPECT_TRUE((*database)->write("t", Durability::kRelaxed, look(1)).ok());
    EXPECT_TRUE((*database)->transaction([&] { return (*database)->write("t", Durability::kRelaxed, look(2)); }).ok());
}

TEST(Database, RefusesToWriteThroughAReader) {
    const TempFolder folder;
    auto database = Database::open({folder.file("hub.db"), 1, 100});
    const auto done = (*database)->read("reader", [](Poco::Data::Session& session) -> core::Status {
        Query(session, "DELETE FROM people").run();
        return {};
    });
    ASSERT_FALSE(done.ok());
    EXPECT_NE(done.error().detail.find("reader"), std::string::npos);
}

TEST(Database, CommitsParallelWritesTogetherButEachByItself) {
    const TempFolder folder;
    auto database = Database::open({folder.file("hub.db"), 1, 100});
    ASSERT_TRUE(database.ok());
    constexpr int kThreads = 8;
    constexpr int kEach = 40;
    std::atomic<int> refused{0};
    test::together(kThreads, [&](int thread) {
        for (int i = 0; i < kEach; ++i) {
            const bool doubled = i % 4 == 3;  // every fourth write breaks a rule after having written something
            const std::string token = std::to_string(thread) + "." + std::to_string(i);
            const auto done = (*database)->write("t", Durability::kDurable, [&](Poco::Data::Session& session) {
                for (int times = doubled ? 2 : 1; times > 0; --times) {
                    Query(session, "INSERT INTO one_time_tokens VALUES (?, 'x', 0, 0)").bind(token).run();
                }
                return core::Status{};
            });
            if (!done.ok()) {
                EXPECT_EQ(done.error().code, ErrorCode::kConflict);
                EXPECT_TRUE(doubled);
                ++refused;
            }
        }
    });
    EXPECT_EQ(refused.load(), kThreads * kEach / 4);
    auto look = rawSession(folder.file("hub.db"));
    EXPECT_EQ(number(look, "SELECT count(*) FROM one_time_tokens"), kThreads * kEach * 3 / 4);
}

TEST(Database, CountsNobodysWorkWhenTheFileFails) {
    const TempFolder folder;
    auto database = Database::open({folder.file("hub.db"), 1, 100});
    ASSERT_TRUE(database.ok());
    std::atomic<int> good{0};
    test::together(4, [&](int thread) {
        const std::string token = std::to_string(thread);
        const auto done =
            (*database)->write("t", Durability::kDurable, [&](Poco::Data::Session& session) -> core::Status {
                Query(session, "INSERT INTO one_time_tokens VALUES (?, 'x', 0, 0)").bind(token).run();
                if (thread == 0) return core::makeError(ErrorCode::kUnavailable, "disk full");
                return {};
            });
        if (done.ok()) ++good;
    });
    auto look = rawSession(folder.file("hub.db"));
    EXPECT_EQ(number(look, "SELECT count(*) FROM one_time_tokens"), good.load()) << "what was answered is there";
    EXPECT_LT(good.load(), 4);
}

TEST(Database, WaitsForAnotherProcessNoLongerThanItsLimit) {
    const TempFolder folder;
    auto database = Database::open({folder.file("hub.db"), 1, 50});
    auto other = rawSession(folder.file("hub.db"));
    Query(other, "BEGIN IMMEDIATE").run();
    const auto held = (*database)->write("w", Durability::kDurable, [](auto&) { return core::Status{}; });
    ASSERT_FALSE(held.ok());
    EXPECT_EQ(held.error().code, ErrorCode::kUnavailable);
    Query(other, "ROLLBACK").run();
    EXPECT_TRUE((*database)->write("w", Durability::kDurable, [](auto&) { return core::Status{}; }).ok());
}

TEST(Guarded, KeepsValuesOutOfErrors) {
    const auto done = guarded("name.of.it", []() -> core::Status { throw Poco::IOException("secret value"); });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().describe().find("secret value"), std::string::npos);
    EXPECT_NE(done.error().detail.find("name.of.it"), std::string::npos);
    const auto other = guarded("n", []() -> core::Status { throw std::runtime_error("secret value"); });
    EXPECT_EQ(other.error().code, ErrorCode::kInternal);
    EXPECT_EQ(other.error().describe().find("secret value"), std::string::npos);
}

}  // namespace yimen::store::sqlite
