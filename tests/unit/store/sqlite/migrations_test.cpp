#include "store/sqlite/migrations.h"

#include "unit/store/sqlite/raw.h"

namespace yimen::store::sqlite {

using core::ErrorCode;
using test::TempFolder;

namespace {

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

}  // namespace yimen::store::sqlite
