#include "config/yaml.h"

#include <gtest/gtest.h>

#include <chrono>

namespace yimen::config {
namespace {

YamlNode root(std::string_view text) {
    auto document = YamlDocument::parse(text, "t.yaml");
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.error().describe());
    return document.ok() ? document->root() : YamlDocument::parse("", "t.yaml")->root();
}

std::string refusal(std::string_view text, const YamlLimits& limits = {}) {
    const auto document = YamlDocument::parse(text, "t.yaml", limits);
    return document.ok() ? "accepted" : document.error().message;
}

TEST(YamlDocument, ReadsMapsListsAndPositions) {
    const auto map = root("a: 1\nb:\n  - x\n  - y: [p, q]\n");
    ASSERT_TRUE(map.isMap());
    EXPECT_EQ(map.entries().size(), 2U);
    EXPECT_EQ(map.find("a")->integer().value(), 1);
    EXPECT_EQ(map.find("a")->where(), "t.yaml:1:4");
    const auto list = *map.find("b");
    ASSERT_TRUE(list.isList());
    EXPECT_EQ(list.at(1).find("y")->at(1).text().value(), "q");
    EXPECT_EQ(list.at(1).where(), "t.yaml:4:5");
    EXPECT_FALSE(map.find("c").has_value());
}

TEST(YamlDocument, EmptyTextIsNull) {
    EXPECT_TRUE(root("").isNull());
    EXPECT_TRUE(root("# only a comment\n").isNull());
}

TEST(YamlDocument, RefusesDuplicateKeysAtAnyDepth) {
    EXPECT_EQ(refusal("a: 1\nb: 2\na: 3\n"), "t.yaml:3:1: the key 'a' stands here a second time: keep one of the two");
    EXPECT_NE(refusal("x:\n  - {k: 1, k: 2}\n").find("second time"), std::string::npos);
    EXPECT_NE(refusal("a: 1\n\"a\": 2\n").find("second time"), std::string::npos);
}

TEST(YamlDocument, RefusesAnchorsAliasesMergesAndTags) {
    EXPECT_NE(refusal("a: &x [1]\n").find("anchors"), std::string::npos);
    EXPECT_NE(refusal("a: &x 1\nb: *x\n").find("t.yaml:1:"), std::string::npos);
    EXPECT_NE(refusal("a: !!int 5\n").find("tags"), std::string::npos);
    EXPECT_NE(refusal("a: !custom {}\n").find("tags"), std::string::npos);
}

TEST(YamlDocument, AnAliasBombEndsAtItsFirstAnchor) {
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c <= 'z'; ++c) {
        bomb +=
            std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + ",*" + static_cast<char>(c - 1) + "]\n";
    }
    EXPECT_NE(refusal(bomb).find("anchors"), std::string::npos);
}

TEST(YamlDocument, RefusesTabsControlsBadUtf8AndSecondDocuments) {
    EXPECT_EQ(refusal("a:\n\tb: 1\n"), "t.yaml:2:1: a tab in the indentation: use spaces");
    EXPECT_EQ(refusal("a:\n  \tb: 1\n"), "t.yaml:2:3: a tab in the indentation: use spaces");
    EXPECT_EQ(refusal(std::string("a: b\0c\n", 7)), "t.yaml:1:5: a control character: remove it");
    EXPECT_NE(refusal("a: \xC3\x28\n").find("UTF-8"), std::string::npos);
    EXPECT_NE(refusal("a: 1\n---\nb: 2\n").find("second document"), std::string::npos);
}

TEST(YamlDocument, RefusesWhatPassesItsLimits) {
    YamlLimits limits;
    limits.maxDepth = 3;
    EXPECT_EQ(refusal("[[[1]]]", limits), "accepted");
    EXPECT_NE(refusal("[[[[1]]]]", limits).find("deeper than 3"), std::string::npos);
    limits.maxNodes = 5;
    EXPECT_NE(refusal("[1,2,3,4,5,6]", limits).find("more than 5 values"), std::string::npos);
    limits.maxBytes = 4;
    EXPECT_NE(refusal("a: 12", limits).find("larger than 4 bytes"), std::string::npos);
}

TEST(YamlDocument, NestingBombsAndBrokenTextsEndAsErrorsQuickly) {
    const auto start = std::chrono::steady_clock::now();
    for (const char c : {'[', '{', '-', '?', '"', '\'', '&', '*', '!', '|', '>', '%', '@', '`', ':', ','}) {
        const auto message = refusal(std::string(20000, c));
        EXPECT_FALSE(message.empty()) << c;
    }
    EXPECT_NE(refusal(std::string(1000, '[')).find("t.yaml:"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(YamlDocument, SyntaxErrorsSayWhere) {
    EXPECT_EQ(refusal("a: 1\nb: [1, 2\n").substr(0, 7), "t.yaml:");
    EXPECT_NE(refusal("a: b: c\n").find("t.yaml:1:"), std::string::npos);
    EXPECT_NE(refusal("{a: 1}: 2\n").find("t.yaml:1:"), std::string::npos);
    EXPECT_NE(refusal("~: 2\n").find("key"), std::string::npos);
}

TEST(YamlDocument, LoadNamesAMissingFile) {
    const auto missing = YamlDocument::load("/nonexistent/x.yaml");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, core::ErrorCode::kNotFound);
    EXPECT_NE(missing.error().message.find("x.yaml"), std::string::npos);
}

TEST(YamlNode, TypesAreExact) {
    const auto map = root("n: 12\nq: \"12\"\nb: true\nw: yes\nf: 1.5\ne:\nz: 010\ns: -3\nbig: 99999999999999999999\n");
    EXPECT_TRUE(map.find("n")->integer().ok());
    EXPECT_FALSE(map.find("n")->text().ok());
    EXPECT_EQ(map.find("q")->text().value(), "12");
    EXPECT_FALSE(map.find("q")->integer().ok());
    EXPECT_TRUE(map.find("b")->boolean().value());
    EXPECT_FALSE(map.find("b")->text().ok());
    EXPECT_FALSE(map.find("w")->boolean().ok());
    EXPECT_EQ(map.find("w")->text().value(), "yes");
    EXPECT_FALSE(map.find("f")->integer().ok());
    EXPECT_DOUBLE_EQ(map.find("f")->number().value(), 1.5);
    EXPECT_FALSE(map.find("e")->text().ok());
    EXPECT_FALSE(map.find("z")->integer().ok());
    EXPECT_EQ(map.find("s")->integer().value(), -3);
    EXPECT_FALSE(map.find("big")->integer().ok());
    EXPECT_EQ(map.find("q")->integer().error().message,
              "t.yaml:2:4: a whole number is expected here: remove the quotes");
}

TEST(YamlNode, BlocksAndQuotedWordsAreTexts) {
    const auto map = root("a: |\n  true\nb: 'null'\nc: >-\n  two\n  words\n");
    EXPECT_EQ(map.find("a")->text().value(), "true\n");
    EXPECT_EQ(map.find("b")->text().value(), "null");
    EXPECT_EQ(map.find("c")->text().value(), "two words");
}

TEST(YamlNode, ReadsDurationsAndSizesWithUnitsOnly) {
    const auto duration = [](std::string_view text) { return root(text).duration(); };
    EXPECT_EQ(duration("250ms")->count(), 250);
    EXPECT_EQ(duration("2h")->count(), 7'200'000);
    EXPECT_EQ(duration("7d")->count(), 604'800'000);
    EXPECT_EQ(duration("0")->count(), 0);
    for (const char* bad : {"5", "5 s", "1.5s", "-1s", "s", "1w", "99999999999999d", "05s", "[5s]"}) {
        EXPECT_FALSE(duration(bad).ok()) << bad;
    }
    const auto size = [](std::string_view text) { return root(text).byteSize(); };
    EXPECT_EQ(size("512").value(), 512U);
    EXPECT_EQ(size("64KiB").value(), 65536U);
    EXPECT_EQ(size("2GiB").value(), 2147483648U);
    for (const char* bad : {"64KB", "-1", "1.5MiB", "9999999999GiB", "KiB"}) EXPECT_FALSE(size(bad).ok()) << bad;
}

TEST(YamlNode, OutlivesItsDocument) {
    std::optional<YamlNode> node;
    { node = YamlDocument::parse("a: text", "t.yaml")->root().find("a"); }
    EXPECT_EQ(node->text().value(), "text");
}

}  // namespace
}  // namespace yimen::config
