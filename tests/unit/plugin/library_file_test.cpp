#include "plugin/library_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using ::testing::HasSubstr;

class LibraryFileTest : public PluginFolder {};

TEST_F(LibraryFileTest, GivesTheDigest) {
    const std::string path = put("memory", "memory");
    const auto digest = checkLibraryFile(path);
    ASSERT_TRUE(digest.ok()) << digest.error().describe();
    EXPECT_EQ(*digest, digestOf(path));
}

TEST_F(LibraryFileTest, RefusesWhatOthersCanWrite) {
    const std::string path = put("memory", "memory");
    for (const mode_t mode : {0646U, 0664U}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        const auto digest = checkLibraryFile(path);
        ASSERT_FALSE(digest.ok());
        EXPECT_THAT(digest.error().message, HasSubstr("writable by group or others"));
    }
}

TEST_F(LibraryFileTest, RefusesLinksAndFolders) {
    const std::string path = put("memory", "memory");
    std::filesystem::create_symlink(path, dir_ + "/link.so");
    EXPECT_THAT(checkLibraryFile(dir_ + "/link.so").error().message, HasSubstr("symbolic link"));
    std::filesystem::create_directory(dir_ + "/folder.so");
    EXPECT_FALSE(checkLibraryFile(dir_ + "/folder.so").ok());
    EXPECT_EQ(checkLibraryFile(dir_ + "/none.so").error().code, core::ErrorCode::kNotFound);
}

TEST_F(LibraryFileTest, RefusesLargeFiles) {
    const std::string path = put("memory", "memory");
    std::filesystem::resize_file(path, kMaxLibraryBytes + 1);
    EXPECT_EQ(checkLibraryFile(path).error().code, core::ErrorCode::kTooLarge);
}

TEST_F(LibraryFileTest, WantsAFolderOfItsOwner) {
    EXPECT_TRUE(checkPluginFolder(dir_).ok());
    EXPECT_FALSE(checkPluginFolder("plugins").ok());
    EXPECT_FALSE(checkPluginFolder(put("memory", "memory")).ok());
    ASSERT_EQ(::chmod(dir_.c_str(), 0777), 0);
    EXPECT_FALSE(checkPluginFolder(dir_).ok());
}

}  // namespace
}  // namespace yimen::plugin
