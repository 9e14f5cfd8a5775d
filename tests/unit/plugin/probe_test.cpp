#include <gmock/gmock.h>

#include "plugin/library_file.h"
#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

class ProbeTest : public PluginFolder {};

TEST_F(ProbeTest, PassesAGoodLibraryAndNoFileThatIsNone) {
    EXPECT_TRUE(probeLibrary(put("memory", "memory")).ok());
    const std::string path = dir_ + "/text.so";
    ASSERT_TRUE(core::replaceFile(path, "no library", 0644).ok());
    const auto probed = probeLibrary(path);
    ASSERT_FALSE(probed.ok());
    EXPECT_THAT(probed.error().message, ::testing::HasSubstr("file too short"));
}

TEST_F(ProbeTest, SaysHowTheProcessEnded) {
    EXPECT_EQ(probeLibrary(put("refused_THROWS_AT_LOAD", "a")).error().code, core::ErrorCode::kDenied);
    EXPECT_THAT(probeLibrary(put("refused_THROWS_AT_LOAD", "a")).error().message, ::testing::HasSubstr("signal 6"));
}

}  // namespace
}  // namespace yimen::plugin
