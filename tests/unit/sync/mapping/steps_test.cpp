#include "sync/mapping/steps.h"

#include <gmock/gmock.h>

#include <random>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

const char* const kCodes = "  t: {\"1\": one}\n  division: {\"210211\": 甘井子区}\n";

std::string one(const std::string& keys, const std::optional<std::string>& text) {
    return MapFixture::one(keys, text, kCodes);
}

TEST(Steps, TellNullFromEmpty) {
    EXPECT_EQ(one("type: text", ""), "");
    EXPECT_EQ(one("type: text", std::nullopt), "<null>");
    EXPECT_EQ(one("type: text, nulls: [\"\"]", "  "), "<null>");
    EXPECT_EQ(one("type: integer", " "), "<null>");
    EXPECT_EQ(one("type: text, required: true", " "), "!required");
    EXPECT_EQ(one("type: text, trim: false", " a "), " a ");
}

TEST(Steps, ReadNullTexts) {
    EXPECT_EQ(one("type: decimal, nulls: [\"9999.9\"]", "9999.9"), "<null>");
    EXPECT_EQ(one("type: date, nulls: [\"0000-00-00\"]", "0000-00-00"), "<null>");
    EXPECT_EQ(one("type: date", "0000-00-00"), "!date");
}

TEST(Steps, LookUpCodes) {
    EXPECT_EQ(one("code: t", " 1 "), "one");
    EXPECT_EQ(one("code: t", "2"), "!code_table");
    EXPECT_EQ(one("code: t, unknown: keep", "2"), "2");
    EXPECT_EQ(one("code: t, unknown: null", "2"), "<null>");
    EXPECT_EQ(one("code: t, unknown: \"null\", default: other", "2"), "other");
}

TEST(Steps, MakeTypes) {
    EXPECT_EQ(one("type: integer", "１２"), "12");
    EXPECT_EQ(one("type: integer", "1.5"), "!type");
    EXPECT_EQ(one("type: decimal, scale: 0.01", "150"), "1.5");
    EXPECT_EQ(one("type: boolean", "是"), "true");
    EXPECT_EQ(one("type: boolean", "2"), "!type");
    EXPECT_EQ(one("type: json", " { \"b\" : 1.10 , \"a\" : [ ] } "), "{\"b\":1.10,\"a\":[]}");
    EXPECT_EQ(one("type: json", "{\"a\":1"), "!type");
    EXPECT_EQ(one("type: json", "12345678901234567890.10"), "12345678901234567890.10");
    EXPECT_EQ(one("type: datetime, zone: UTC", "2026-06-30T08:00:00+08:00"), "2026-06-30T00:00:00+00:00");
}

TEST(Steps, CheckIdentifiersInFullWidth) {
    EXPECT_EQ(one("check: id_card", "１１０１０５１９４９１２３１００２ｘ"), "11010519491231002X");
    EXPECT_EQ(one("check: id_card", ""), "<null>");
    EXPECT_EQ(one("check: credit_code", "91350100M000100Y4Z"), "!credit_code");
    EXPECT_EQ(one("check: division", "210211008"), "210211008");
    EXPECT_EQ(one("check: division", "210299"), "!division");
    EXPECT_EQ(one("check: phone", "139 1234 5678"), "13912345678");
    EXPECT_EQ(one("check: id_card, mask: id_no", "11010519491231002x"), "110105********002X");
}

TEST(Steps, RefuseADefaultThatTheFieldCannotHave) {
    EXPECT_EQ(one("type: integer, default: \"0\"", std::nullopt), "0");
    for (const char* keys :
         {"type: integer, default: none", "type: date, default: 2026/01/01", "type: decimal, default: \"1.0\""}) {
        MapFixture f(
            dataYaml("      - {to: id, from: a, key: true}\n      - {to: v, from: a, " + std::string(keys) + "}\n"),
            {"a"});
        const auto status = f.compile();
        ASSERT_FALSE(status.ok()) << keys;
        EXPECT_THAT(status.error().message, testing::HasSubstr("in its canonical form"));
    }
}

/// Random bytes in: never a crash, and every row is accounted for (the fixture counts them).
TEST(Steps, AccountForEveryRowOfRandomBytes) {
    MapFixture f(dataYaml("      - {to: id, from: a, type: integer, key: true}\n"
                          "      - {to: d, from: b, type: datetime, date: [iso, excel, yyyy年M月d日, unix_ms]}\n"
                          "      - {to: n, from: c, type: decimal, scale: 0.37, nulls: [\"-\"]}\n"
                          "      - {to: i, from: d, check: id_card}\n      - {to: u, from: e, check: credit_code}\n"
                          "      - {to: p, from: f, check: phone, mask: phone}\n      - {to: j, from: g, type: json}\n"
                          "      - {to: s, split: {from: h, by: \",\", part: 2}, ascii: true, code: t, unknown: keep}\n"
                          "      - {to: x, expression: \"H.sub(row.h, 2, -2)\"}\n",
                          "    quality:\n      - {rule: length, field: s, max: 3, severity: fix}\n"
                          "      - {rule: pattern, field: s, pattern: \"^[%w]*$\", severity: warn}\n",
                          kCodes),
                 {"a", "b", "c", "d", "e", "f", "g", "h"});
    std::mt19937 random(20261121);
    const std::string_view pieces[] = {"0",    "1",  "9",  "-",  ".",  ",", "e",        "X",
                                       "2026", "年", "月", "１", "　", " ", "\xE5",     std::string_view("\0", 1),
                                       "{",    "}",  "\"", "T",  ":",  "+", "\xEF\xBC", "1101051949"};
    std::vector<RowTexts> rows;
    for (int i = 0; i < 20'000; ++i) {
        RowTexts row;
        for (int c = 0; c < 8; ++c) {
            std::string text;
            for (std::size_t n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
            row.push_back(random() % 8 == 0 ? std::optional<std::string>() : text);
        }
        if (i % 4 == 0) row = {"5", "1", "1", {}, {}, {}, "1", "a,b"};
        rows.push_back(std::move(row));
    }
    for (std::size_t first = 0; first < rows.size(); first += 5000) {
        const std::vector<RowTexts> part(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                         rows.begin() + static_cast<std::ptrdiff_t>(first + 5000));
        ASSERT_TRUE(f.map(part).ok());
        EXPECT_GE(f.out.rows.rows(), 1250U);
        EXPECT_GT(f.out.rejected.size(), 2000U);
    }
}

}  // namespace
}  // namespace yimen::sync
