#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/sources/files_source.h"

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

std::string faults(const std::string& source, const std::string& read) {
    const auto sourceYaml = config::YamlDocument::parse("kind: files\n" + source, "data.yaml");
    const auto readYaml = config::YamlDocument::parse(read, "data.yaml");
    const core::ManualClock clock;
    const auto none = [](const std::string&) -> core::Result<core::Secret> { return core::Secret(); };
    const auto made = readFilesSource(sourceYaml->root(), readYaml->root(), none, nullptr, clock);
    return made.ok() ? "" : made.error().message;
}

TEST(FilesSpec, NamesThePlaceOfEveryFault) {
    EXPECT_EQ(
        faults("folder: /drop\n", "pattern: \"*.csv\"\nformat: csv\nready: {marker: \"{name}.ok\", counts: true}\n"),
        "");
    EXPECT_THAT(faults("", "pattern: \"*\"\nformat: csv\n"), HasSubstr("either folder or server"));
    EXPECT_THAT(faults("folder: drop\n", "pattern: \"*\"\nformat: csv\n"), HasSubstr("data.yaml:2:"));
    EXPECT_THAT(faults("folder: /d\n", "pattern: a/b\nformat: csv\n"), HasSubstr("without /"));
    EXPECT_THAT(faults("folder: /d\n", "pattern: a\nformat: csv\nready: {marker: ok}\n"), HasSubstr("{name}.ok"));
    EXPECT_THAT(faults("folder: /d\n", "pattern: a\nformat: csv\nready: {counts: true}\n"),
                HasSubstr("counts needs a marker"));
    EXPECT_THAT(faults("server: {}\n", "pattern: a\nformat: csv\n"), HasSubstr("no remote folders"));
}

}  // namespace
}  // namespace yimen::sync
