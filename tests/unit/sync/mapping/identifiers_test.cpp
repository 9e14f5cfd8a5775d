#include "sync/mapping/identifiers.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

template <typename Check>
std::string made(Check check, std::string_view text) {
    static TextArena arena;
    const CellText out = check(text, arena);
    return isNullCell(out) ? "!" : std::string(out);
}

TEST(IdCard, TakesTheVectorsOfTheStandard) {
    EXPECT_EQ(made(canonicalIdCard, "11010519491231002X"), "11010519491231002X");
    EXPECT_EQ(made(canonicalIdCard, "440524188001010014"), "440524188001010014");
    EXPECT_EQ(made(canonicalIdCard, "11010519491231002x"), "11010519491231002X");
    EXPECT_EQ(made(canonicalIdCard, "110105491231002"), "11010519491231002X");
}

TEST(IdCard, NoticesAnyDigitThatIsChanged) {
    for (const std::string good : {"11010519491231002X", "440524188001010014"}) {
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (char c = '0'; c <= '9'; ++c) {
                std::string text = good;
                text[i] = c;
                if (text == good) continue;
                EXPECT_EQ(made(canonicalIdCard, text), "!") << text;
            }
        }
    }
}

TEST(IdCard, WantsAPlaceAndARealDay) {
    const auto withCheck = [](std::string text) { return text + idCardCheck(text); };
    EXPECT_EQ(made(canonicalIdCard, withCheck("21021120000229001")).size(), 18U);
    EXPECT_EQ(made(canonicalIdCard, withCheck("50010120000229001")).size(), 18U);
    for (const char* text :
         {"21021119990229001", "21021120001301001", "21021100000101001", "99021120000101001", "20021120000101001"}) {
        EXPECT_EQ(made(canonicalIdCard, withCheck(text)), "!") << text;
    }
    for (const char* text : {"", "1", "11010549123100", "1101054912310022", "110105491331002", "X1010519491231002X",
                             "11010519491231002Y", "1101051949123100２"}) {
        EXPECT_EQ(made(canonicalIdCard, text), "!") << text;
    }
}

TEST(CreditCode, TakesTheVectorsOfTheStandard) {
    EXPECT_EQ(made(canonicalCreditCode, "91350100M000100Y43"), "91350100M000100Y43");
    EXPECT_EQ(made(canonicalCreditCode, "91350100m000100y43"), "91350100M000100Y43");
    EXPECT_EQ(made(canonicalCreditCode, "91350100M000100Y4Z"), "!");
    EXPECT_EQ(made(canonicalCreditCode, "91350100M000100Y44"), "!");
    EXPECT_EQ(made(canonicalCreditCode, "91350100I000100Y43"), "!");
    EXPECT_EQ(made(canonicalCreditCode, "91350100M000100Y4"), "!");
}

TEST(Division, TakesSixNineAndTwelveDigits) {
    for (const char* text : {"210211", "210211008", "210211008003", "500101"}) {
        EXPECT_EQ(made(canonicalDivision, text), text);
    }
    for (const char* text : {"", "21021", "2102110", "21021a", "990211", "100000"}) {
        EXPECT_EQ(made(canonicalDivision, text), "!") << text;
    }
}

TEST(Phone, HasOneForm) {
    EXPECT_EQ(made(canonicalPhone, "13912345678"), "13912345678");
    EXPECT_EQ(made(canonicalPhone, "+86 139 1234 5678"), "13912345678");
    EXPECT_EQ(made(canonicalPhone, "86-13912345678"), "13912345678");
    EXPECT_EQ(made(canonicalPhone, "139-1234-5678"), "13912345678");
    EXPECT_EQ(made(canonicalPhone, "041184567890"), "0411-84567890");
    EXPECT_EQ(made(canonicalPhone, "(0411)84567890-801"), "0411-84567890-801");
    EXPECT_EQ(made(canonicalPhone, "010-12345678"), "!");
    EXPECT_EQ(made(canonicalPhone, "010-62345678"), "010-62345678");
    EXPECT_EQ(made(canonicalPhone, "84567890"), "84567890");
    EXPECT_EQ(made(canonicalPhone, "400-812-3456"), "4008123456");
    EXPECT_EQ(made(canonicalPhone, "12345"), "12345");
    for (const char* text : {"", "-", "+86", "0", "12", "1391234567", "139123456789", "abc", "139123456７8",
                             "0411-8456", "13912345678/13912345679"}) {
        EXPECT_EQ(made(canonicalPhone, text), "!") << text;
    }
}

}  // namespace
}  // namespace yimen::sync::mapping
