// The kafka source's reading of JSON against nlohmann's, over random texts: what one takes the other takes, with the
// same values.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "../../plugins/kafka/json.h"

namespace yimen::kafka {
namespace {

using Json = nlohmann::json;

constexpr const char* kSeeds[] = {
    R"({"id": 1.10, "name": "网格A\n\"", "at": {"zone": "x", "y": [1, -0, 2e5, 1E-7]}, "more": {}, "t": true})",
    R"([null, false, true, [], {}, "", "\ud83d\ude00\/\b\f\r\t\\", 0, -12.5e+3])",
    R"({"a":{"b":{"c":[{"d":"e"},{"f":[[[[]]]]}]}},"a":2})",
    "  \"only a text\"  ",
};
constexpr std::string_view kAlphabet = "{}[]\",:\\u0019eE+-. \n\ttrfalsn/bd8\x01";

bool isTaken(const std::string& text) {
    try {
        JsonScanner scanner(text);
        (void)scanner.value();
        scanner.finish();
        return true;
    } catch (const BadJson&) {
        return false;
    }
}

/// nlohmann counts a number that no double holds as no number; as a text it is one.
bool isTakenByOther(const std::string& text) {
    return Json::accept(text);
}

std::string mutated(std::string text, std::mt19937& random) {
    const auto below = [&random](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    for (std::size_t times = 1 + below(3); times > 0; --times) {
        const std::size_t at = below(text.size());
        // Bytes above ASCII stay whole: the encoding is the host's to check.
        if (static_cast<unsigned char>(text[at]) >= 0x80) continue;
        switch (below(4)) {
            case 0:
                text[at] = kAlphabet[below(kAlphabet.size())];
                break;
            case 1:
                text.insert(at, 1, kAlphabet[below(kAlphabet.size())]);
                break;
            case 2:
                text.erase(at, 1);
                break;
            default:
                text.insert(at, text.substr(at, 1 + below(5)));
        }
        if (text.empty()) return "{";
    }
    return text;
}

bool isWhole(std::string_view text) {
    // A copied piece may have cut a character in two.
    return Json::accept("\"" + std::string(text) + "\"") || Json::accept(text) ||
           std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

TEST(JsonScanner, TakesWhatNlohmannTakesAndNothingElse) {
    std::mt19937 random(7);
    std::size_t good = 0;
    for (int round = 0; round < 50'000; ++round) {
        const std::string text = mutated(kSeeds[static_cast<std::size_t>(round) % std::size(kSeeds)], random);
        if (!isWhole(text)) continue;
        const bool taken = isTaken(text);
        if (taken && !isTakenByOther(text)) {
            // The one thing they may differ in: a number beyond a double.
            EXPECT_NE(text.find_first_of("eE"), std::string::npos) << text;
            continue;
        }
        ASSERT_EQ(taken, isTakenByOther(text)) << text;
        good += taken ? 1U : 0U;
    }
    EXPECT_GT(good, 2'000U);
}

TEST(JsonScanner, GivesTheMembersAsWritten) {
    std::vector<std::string> found;
    JsonScanner scanner(kSeeds[0]);
    scanner.members([&found](const std::string& name, std::string_view written) {
        found.push_back(name + "=" + std::string(written));
    });
    const Json other = Json::parse(kSeeds[0]);
    EXPECT_EQ(found.size(), other.size());
    EXPECT_EQ(found.at(0), "id=1.10");
    EXPECT_EQ(found.at(2), R"(at={"zone": "x", "y": [1, -0, 2e5, 1E-7]})");
    EXPECT_EQ(jsonUnescape(R"("\ud83d\ude00\/\b\f\r\t\\é")"), "\xF0\x9F\x98\x80/\b\f\r\t\\\xC3\xA9");
}

TEST(JsonScanner, EndsWhereItIsNestedTooDeep) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_FALSE(isTaken(deep));
    EXPECT_TRUE(isTaken(std::string(60, '[') + std::string(60, ']')));
}

TEST(JsonScanner, RefusesBrokenEscapes) {
    for (const char* text : {R"("\ud800")", R"("\ud800A")", R"("\udc00")", R"("\u12")", R"("\u12g4")", R"("\x")",
                             "\"\\\"", "\"\\", "\"", "\"\x1f\""}) {
        EXPECT_FALSE(isTaken(text)) << text;
    }
}

}  // namespace
}  // namespace yimen::kafka
