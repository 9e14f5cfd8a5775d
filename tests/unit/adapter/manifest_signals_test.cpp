#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapter/manifest_parts.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;

std::pair<Signals, std::string> read(const std::string& text, const std::string& charset = "UTF-8") {
    const auto document = config::YamlDocument::parse(text, "signals.yaml");
    EXPECT_TRUE(document.ok());
    config::YamlErrors errors;
    config::MapReader reader(document->root(), errors);
    Signals signals;
    readSignals(reader, charset, signals);
    reader.finish();
    const auto status = errors.status();
    return {std::move(signals), status.ok() ? "" : status.error().message};
}

TEST(SignalsSection, KeepsTextsAsBytesOfThePage) {
    EXPECT_EQ(read("failure: [{body_starts: 错}]", "GBK").first.failure.at(0).bodyStarts, "\xB4\xED");
    EXPECT_THAT(read("failure: [{body_contains: \"\\U0001F600\"}]", "GBK").second,
                HasSubstr("cannot be written in GBK"));
}

TEST(SignalsSection, RefusesPartsThatBelongToNothing) {
    EXPECT_THAT(read("success: [{text: x}]").second, HasSubstr("needs selector"));
    EXPECT_THAT(read("success: [{json_value: x}]").second, HasSubstr("needs json"));
    EXPECT_THAT(read("success: [{header_value: x}]").second, HasSubstr("needs header"));
    EXPECT_THAT(read("success: [{}]").second, HasSubstr("empty sign"));
}

TEST(SignalsSection, RefusesWhatIsNoStatus) {
    for (const char* status : {"99", "600", "'200'", "[200, x]", "{}"}) {
        EXPECT_NE(read(std::string("success: [{status: ") + status + "}]").second, "") << status;
    }
}

TEST(SignalsSection, RefusesUnknownSignsAndTooMany) {
    EXPECT_THAT(read("sucess: []").second, HasSubstr("success"));
    std::string many = "failure: [";
    for (int i = 0; i < 17; ++i) many += "{status: 401},";
    EXPECT_THAT(read(many + "]").second, HasSubstr("at most 16"));
}

}  // namespace
}  // namespace yimen::adapter
