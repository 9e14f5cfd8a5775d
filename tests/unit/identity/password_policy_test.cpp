#include "identity/password_policy.h"

#include <gtest/gtest.h>

namespace yimen::identity {

namespace {

const PasswordSubject kZhang{"zhangw88", "张伟", "13912345678"};

std::string verdict(const std::string& password, PasswordRules rules = {}) {
    const auto done = PasswordPolicy(rules).check(core::Secret(password), kZhang);
    return done.ok() ? "" : done.error().message;
}
bool refusedFor(const std::string& password, const std::string& word) {
    return verdict(password).find(word) != std::string::npos;
}

}  // namespace

TEST(PasswordPolicy, AcceptsWhatNobodyGuesses) {
    EXPECT_EQ(verdict("Blau7-Kelch&Mond"), "");
    EXPECT_EQ(verdict("k7XmQ2vt+%e=Rw9Z"), "");
    EXPECT_EQ(verdict("海上生明月,Tianya9共此时"), "");
}

TEST(PasswordPolicy, CountsCharactersNotBytes) {
    EXPECT_TRUE(refusedFor("海上Aa1,", "characters")) << "six characters, ten bytes";
    EXPECT_TRUE(refusedFor("", "characters"));
    EXPECT_TRUE(refusedFor("Kq7-" + std::string(200, 'x') + "mt", "characters"));
}

TEST(PasswordPolicy, AsksForSeveralClasses) {
    EXPECT_TRUE(refusedFor("kelchmondblauruh", "at least 3"));
    PasswordRules lax;
    lax.minClasses = 1;
    EXPECT_EQ(verdict("kelchmondblauruh", lax), "");
}

TEST(PasswordPolicy, RefusesWhatEverybodyGuesses) {
    for (const char* common : {"Password123!", "P@ssw0rd2026", "Admin@123456", "Qwerty123456!", "1qaz2WSX3edc",
                               "Abcd1234!@", "Aa123456789", "Woaini1314!", "AAAaaa111!!!", "Welcome2@@@"}) {
        EXPECT_TRUE(refusedFor(common, "common")) << common;
    }
    PasswordRules lax;
    lax.refuseCommon = false;
    EXPECT_EQ(verdict("P@ssw0rd2026", lax), "");
}

TEST(PasswordPolicy, RefusesWhatIsKnownAboutThePerson) {
    for (const char* personal : {"Zhangwei-7Kelch", "zhAngWe1-7Kelch", "Kelch-zhangw88-Q", "Kelch-345678-Qm",
                                 "张伟Kelch-7Qmond", "Zw9!8571-2640"}) {
        EXPECT_TRUE(refusedFor(personal, "your name")) << personal;
    }
    EXPECT_EQ(PasswordPolicy().check(core::Secret("Zhangwei-7Kelch"), {"li", "李娜", ""}).ok(), true);
}

TEST(PasswordPolicy, RefusesWhatIsNoText) {
    EXPECT_TRUE(refusedFor("Kelch-7\nMondruh", "control"));
    EXPECT_TRUE(refusedFor("Kelch-7\xff\xfeMondruh", "not valid text") ||
                refusedFor("Kelch-7\xff\xfeMondruh", "valid"));
}

TEST(PasswordPolicy, NamesEveryBrokenRuleButNeverThePassword) {
    const std::string message = verdict("zhangwei");
    EXPECT_NE(message.find("characters"), std::string::npos);
    EXPECT_NE(message.find("at least"), std::string::npos);
    EXPECT_NE(message.find("your name"), std::string::npos);
    EXPECT_EQ(message.find("zhangwei"), std::string::npos);
}

TEST(PasswordPolicy, KnowsWhenAPasswordIsTooOld) {
    PasswordPolicy policy;
    const auto set = core::fromUnixSeconds(1000);
    EXPECT_FALSE(policy.expired(set, set + std::chrono::days(90) - std::chrono::seconds(1)));
    EXPECT_TRUE(policy.expired(set, set + std::chrono::days(90)));
    PasswordRules never;
    never.maxAgeDays = 0;
    EXPECT_FALSE(PasswordPolicy(never).expired(set, set + std::chrono::days(9000)));
}

}  // namespace yimen::identity
