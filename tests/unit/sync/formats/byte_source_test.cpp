#include "sync/formats/byte_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace yimen::sync {
namespace {

TEST(ByteSource, GivesEveryByteOfAFileOnceAndThenNothing) {
    const std::string path = ::testing::TempDir() + "byte_source_" + std::to_string(getpid());
    ASSERT_TRUE(core::replaceFile(path, "0123456789", 0600).ok());
    auto file = FileBytes::open(path);
    ASSERT_TRUE(file.ok());
    std::array<char, 4> room{};
    std::string all;
    for (auto count = file->read(room); *count > 0; count = file->read(room)) all.append(room.data(), *count);
    EXPECT_EQ(all, "0123456789");
    EXPECT_EQ(*file->read(room), 0U);
    std::remove(path.c_str());
    EXPECT_EQ(FileBytes::open(path).error().code, core::ErrorCode::kNotFound);
}

TEST(ByteSource, ReadsAWholeDocumentUpToItsLimit) {
    MemoryBytes small("hello");
    EXPECT_EQ(*readAllBytes(small, 5), "hello");
    MemoryBytes large("hello!");
    const auto refused = readAllBytes(large, 5);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace yimen::sync
