#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.h"

namespace yimen::config {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

struct Fixture {
    explicit Fixture(std::string_view text) : document(YamlDocument::parse(text, "t.yaml").value()) {}
    std::vector<std::string> messages() const {
        std::vector<std::string> out;
        for (const auto& error : errors.all()) out.push_back(error.message);
        return out;
    }
    YamlDocument document;
    YamlErrors errors;
    MapReader map{document.root(), errors};
};

TEST(MapReader, GivesValuesAndDefaults) {
    Fixture f("name: hub\nport: 8443\non: true\nidle: 30m\nmax: 1MiB\ntags: [a, b]\n");
    EXPECT_EQ(f.map.requireText("name"), "hub");
    EXPECT_EQ(f.map.integer("port", 1), 8443);
    EXPECT_EQ(f.map.integer("ports", 7), 7);
    EXPECT_TRUE(f.map.boolean("on", false));
    EXPECT_EQ(f.map.duration("idle", milliseconds(1)), std::chrono::minutes(30));
    EXPECT_EQ(f.map.byteSize("max", 1), 1048576U);
    EXPECT_THAT(f.map.texts("tags"), ElementsAre("a", "b"));
    EXPECT_EQ(f.map.text("none", "fallback"), "fallback");
    f.map.finish();
    EXPECT_TRUE(f.errors.empty());
    EXPECT_TRUE(f.errors.status().ok());
}

TEST(MapReader, NotesEachUnknownKeyWithItsPlaceAndANearName) {
    Fixture f("adress: x\nzzzzz: 1\n");
    f.map.text("address", "");
    f.map.integer("port", 1);
    f.map.finish();
    EXPECT_THAT(f.messages(), ElementsAre("t.yaml:1:1: unknown key 'adress': did you mean 'address'?",
                                          "t.yaml:2:1: unknown key 'zzzzz'; known here: address, port"));
}

TEST(MapReader, CollectsAllErrorsAndReturnsFallbacks) {
    Fixture f("port: 99999\nname: 5\nidle: soon\nmax: big\non: maybe\ntags: x\n");
    EXPECT_EQ(f.map.integer("port", 80, {1, 65535}), 80);
    EXPECT_EQ(f.map.requireText("name"), "");
    EXPECT_EQ(f.map.duration("idle", milliseconds(5)), milliseconds(5));
    EXPECT_EQ(f.map.byteSize("max", 9), 9U);
    EXPECT_TRUE(f.map.boolean("on", true));
    EXPECT_TRUE(f.map.texts("tags").empty());
    EXPECT_EQ(f.map.requireText("missing"), "");
    f.map.finish();
    ASSERT_EQ(f.errors.all().size(), 7U);
    EXPECT_EQ(f.messages()[0], "t.yaml:1:7: 'port' must be from 1 to 65535");
    EXPECT_THAT(f.messages()[6], HasSubstr("the key 'missing' is missing"));
    EXPECT_THAT(f.errors.status().error().message, HasSubstr("\n"));
}

TEST(MapReader, RangesHoldAtTheirEnds) {
    Fixture f("a: 1\nb: 65535\nc: 0\nd: 1s\ne: 999ms\n");
    EXPECT_EQ(f.map.integer("a", 7, {1, 65535}), 1);
    EXPECT_EQ(f.map.integer("b", 7, {1, 65535}), 65535);
    EXPECT_EQ(f.map.integer("c", 7, {1, 65535}), 7);
    EXPECT_EQ(f.map.duration("d", milliseconds(7), {1000, 2000}), milliseconds(1000));
    EXPECT_EQ(f.map.duration("e", milliseconds(7), {1000, 2000}), milliseconds(7));
    EXPECT_EQ(f.errors.all().size(), 2U);
}

TEST(MapReader, ChoicesAreClosed) {
    enum class Algorithm { kSm3, kSha256 };
    Fixture f("a: sha256\nb: sha265\nc: [sm3]\n");
    const auto choose = [&](std::string_view key) {
        return f.map.choice(key, Algorithm::kSm3, {{"sm3", Algorithm::kSm3}, {"sha256", Algorithm::kSha256}});
    };
    EXPECT_EQ(choose("a"), Algorithm::kSha256);
    EXPECT_EQ(choose("b"), Algorithm::kSm3);
    EXPECT_EQ(choose("c"), Algorithm::kSm3);
    EXPECT_EQ(choose("absent"), Algorithm::kSm3);
    EXPECT_THAT(f.messages(), ElementsAre("t.yaml:2:4: 'sha265' is not one of: sm3, sha256 (did you mean 'sha256'?)",
                                          "t.yaml:3:4: a text is expected here"));
}

TEST(MapReader, ANodeThatIsNoMapIsOneError) {
    Fixture f("- a\n");
    EXPECT_EQ(f.map.requireText("name"), "");
    f.map.finish();
    EXPECT_THAT(f.messages(), ElementsAre("t.yaml:1:1: a map (key: value) is expected here"));
}

TEST(MapReader, NullCountsAsAnEmptyMap) {
    Fixture f("");
    EXPECT_EQ(f.map.integer("port", 5), 5);
    f.map.finish();
    EXPECT_TRUE(f.errors.empty());
}

TEST(YamlErrors, StopsCollectingAtItsLimit) {
    YamlErrors errors;
    for (int i = 0; i < 1000; ++i) errors.add(core::makeError(core::ErrorCode::kInvalidInput, "x"));
    EXPECT_EQ(errors.all().size(), YamlErrors::kMaxErrors);
}

TEST(NearestWord, FindsSlipsAndLeavesStrangersAlone) {
    EXPECT_EQ(nearestWord("lisener", {"limits", "listener"}), "listener");
    EXPECT_EQ(nearestWord("prot", {"port", "path"}), "port");
    EXPECT_EQ(nearestWord("banana", {"port", "path"}), "");
    EXPECT_EQ(nearestWord(std::string(100000, 'x'), {"port"}), "");
}

}  // namespace
}  // namespace yimen::config
