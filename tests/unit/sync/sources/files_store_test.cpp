#include "sync/sources/files_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace yimen::sync {
namespace {

TEST(FilesStore, MatchesNames) {
    EXPECT_TRUE(matchesPattern("hot_2026.csv", "hot_*.csv"));
    EXPECT_TRUE(matchesPattern("a.csv.csv", "*.csv"));
    EXPECT_TRUE(matchesPattern("R1.txt", "R?.t*t"));
    EXPECT_FALSE(matchesPattern("hot_2026.csv.tmp", "hot_*.csv"));
    EXPECT_FALSE(matchesPattern("", "?"));
    EXPECT_TRUE(matchesPattern("", "*"));
}

TEST(FilesStore, ShowsRegularFilesOnlyAndFollowsNoLink) {
    const std::string folder = ::testing::TempDir() + "files_store_" + std::to_string(getpid());
    std::filesystem::create_directories(folder + "/sub");
    ASSERT_TRUE(core::replaceFile(folder + "/a.csv", "x", 0600).ok());
    ASSERT_TRUE(core::replaceFile(folder + "/.hidden", "x", 0600).ok());
    std::filesystem::create_symlink("/etc/passwd", folder + "/link.csv");
    LocalFolder local(folder);
    const auto entries = local.list();
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().name, "a.csv");
    EXPECT_EQ(entries->front().size, 1U);
    EXPECT_TRUE(local.open("a.csv").ok());
    EXPECT_FALSE(local.open("link.csv").ok());
    std::filesystem::remove_all(folder);
    EXPECT_EQ(local.list().error().code, core::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace yimen::sync
