#include "store/sqlite/sqlite_stores.h"

#include <sys/stat.h>

#include <fstream>

#include "unit/store/backend.h"

namespace yimen::store::sqlite {

using core::ErrorCode;
using test::TempFolder;

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

}  // namespace yimen::store::sqlite
