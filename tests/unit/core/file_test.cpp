#include "core/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "core/random.h"

namespace yimen::core {
namespace {

class File : public testing::Test {
protected:
    File() : folder_(testing::TempDir() + "yimen-file-" + SystemRandom().hex(8)) {
        std::filesystem::create_directory(folder_);
    }
    ~File() override { std::filesystem::remove_all(folder_); }
    std::string folder_;
    std::string path_ = folder_ + "/f";
};

TEST_F(File, ReplaceKeepsTheModeAndLeavesNothingBeside) {
    ASSERT_TRUE(replaceFile(path_, "one", 0600).ok());
    ASSERT_TRUE(replaceFile(path_, std::string(100000, 'x'), 0640).ok());
    EXPECT_EQ(readFile(path_, 100000).value(), std::string(100000, 'x'));
    struct stat info {};
    ASSERT_EQ(::stat(path_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0640U);
    EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(File, AFailedReplaceKeepsTheOldFile) {
    ASSERT_TRUE(replaceFile(path_, "old", 0600).ok());
    std::filesystem::create_directory(path_ + ".new");  // in the way of the new file
    EXPECT_FALSE(replaceFile(path_, "new", 0600).ok());
    EXPECT_EQ(readFile(path_, 100).value(), "old");
    EXPECT_FALSE(replaceFile(folder_ + "/none/f", "x", 0600).ok());
}

TEST_F(File, ReadingIsLimitedAndNamesWhatIsWrong) {
    ASSERT_TRUE(replaceFile(path_, "12345", 0600).ok());
    EXPECT_EQ(readFile(path_, 5).value(), "12345");
    EXPECT_EQ(readFile(path_, 4).error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(readFile(folder_ + "/none", 5).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(readFile(folder_, 5).error().code, ErrorCode::kUnavailable);
    const auto error = readFile(folder_ + "/none", 5).error();
    EXPECT_EQ(error.message.find(folder_), std::string::npos) << "the message shows a path of the machine";
    EXPECT_NE(error.detail.find(folder_), std::string::npos);
    ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
    EXPECT_FALSE(readFile(folder_ + "/pipe", 5).ok());  // must not wait for a writer
}

TEST_F(File, WriteAllReportsAFullDisk) {
    const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(full.valid());
    EXPECT_EQ(writeAll(full.get(), "x").error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(writeAll(-1, "x").ok());
}

TEST_F(File, ADescriptorIsClosedOnceAndMoves) {
    FileDescriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int number = first.get();
    FileDescriptor second(std::move(first));
    EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(second.get(), number);
    second = FileDescriptor();
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(ParentDirectory, CutsTheLastPart) {
    EXPECT_EQ(parentDirectory("a/b/c"), "a/b");
    EXPECT_EQ(parentDirectory("c"), ".");
    EXPECT_EQ(parentDirectory("/c"), "/");
}

}  // namespace
}  // namespace yimen::core
