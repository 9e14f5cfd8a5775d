#include "store/sqlite/database.h"

#include "unit/store/conformance/transactor.h"
#include "unit/store/sqlite/raw.h"

namespace yimen::store::sqlite {

using core::ErrorCode;
using test::TempFolder;

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

}  // namespace yimen::store::sqlite

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, TransactorConformance, SqliteBackend);

}  // namespace yimen::store::test
