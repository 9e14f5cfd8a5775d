#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

template <typename Backend>
class SecondFactorConformance : public StoreTest<Backend> {
protected:
    PersonId enrolled(const std::string& name, const std::vector<std::string>& hashes = {"h1", "h2"}) {
        const PersonId person = this->person(name).id;
        EXPECT_TRUE(this->stores.secondFactors->create({person, "手机", fromUnixSeconds(5), {}, 40, 0}, hashes).ok());
        return person;
    }
    std::int64_t left(PersonId person) { return (*this->stores.secondFactors->get(person))->recoveryCodes; }
};
TYPED_TEST_SUITE_P(SecondFactorConformance);

TYPED_TEST_P(SecondFactorConformance, KeepsEveryFieldAfterReopening) {
    const PersonId person = this->enrolled("a");
    ASSERT_TRUE(*this->stores.secondFactors->acceptStep(person, 41, fromUnixSeconds(9)));
    const Stores again = this->reopened();
    const auto found = again.secondFactors->get(person);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->name, "手机");
    EXPECT_EQ((*found)->createdAt, fromUnixSeconds(5));
    EXPECT_EQ((*found)->lastUsedAt, fromUnixSeconds(9));
    EXPECT_EQ((*found)->lastStep, 41);
    EXPECT_EQ((*found)->recoveryCodes, 2);
    EXPECT_FALSE(*again.secondFactors->acceptStep(person, 41, fromUnixSeconds(10))) << "used before the restart";
    EXPECT_FALSE(again.secondFactors->get(person + 1)->has_value());
}

TYPED_TEST_P(SecondFactorConformance, IsMadeOnceAndForPeopleThatExist) {
    const PersonId person = this->enrolled("a");
    auto& factors = *this->stores.secondFactors;
    EXPECT_EQ(factors.create({person, "x", {}, {}, 0, 0}, {"h9"}).error().code, ErrorCode::kConflict);
    EXPECT_EQ((*factors.get(person))->name, "手机");
    EXPECT_EQ(this->left(person), 2) << "the codes of the second try are not kept either";
    EXPECT_EQ(factors.create({person + 100, "x", {}, {}, 0, 0}, {}).error().code, ErrorCode::kConflict);
}

TYPED_TEST_P(SecondFactorConformance, TakesAStepOnceAndNeverGoesBack) {
    const PersonId person = this->enrolled("a");
    auto& factors = *this->stores.secondFactors;
    EXPECT_FALSE(*factors.acceptStep(person, 40, fromUnixSeconds(9))) << "the one it was set up with";
    EXPECT_TRUE(*factors.acceptStep(person, 42, fromUnixSeconds(9)));
    EXPECT_FALSE(*factors.acceptStep(person, 42, fromUnixSeconds(9)));
    EXPECT_FALSE(*factors.acceptStep(person, 41, fromUnixSeconds(9))) << "older than one that was accepted";
    EXPECT_FALSE(*factors.acceptStep(person + 1, 50, fromUnixSeconds(9)));
}

TYPED_TEST_P(SecondFactorConformance, LetsOneOfManyParallelUsesWin) {
    const PersonId person = this->enrolled("a");
    std::atomic<int> steps{0};
    std::atomic<int> codes{0};
    together(8, [&](int) {
        if (*this->stores.secondFactors->acceptStep(person, 41, fromUnixSeconds(9))) ++steps;
        if (*this->stores.secondFactors->useRecoveryCode(person, "h1", fromUnixSeconds(9))) ++codes;
    });
    EXPECT_EQ(steps.load(), 1);
    EXPECT_EQ(codes.load(), 1);
}

TYPED_TEST_P(SecondFactorConformance, UsesARecoveryCodeOfThatPersonUp) {
    const PersonId one = this->enrolled("a");
    const PersonId other = this->enrolled("b", {"h1"});
    auto& factors = *this->stores.secondFactors;
    EXPECT_FALSE(*factors.useRecoveryCode(one, "unknown", fromUnixSeconds(9)));
    EXPECT_EQ((*factors.get(one))->lastUsedAt, core::WallTime{}) << "a wrong code is no use";
    EXPECT_TRUE(*factors.useRecoveryCode(one, "h1", fromUnixSeconds(9)));
    EXPECT_FALSE(*factors.useRecoveryCode(one, "h1", fromUnixSeconds(10)));
    EXPECT_EQ((*factors.get(one))->lastUsedAt, fromUnixSeconds(9));
    EXPECT_EQ(this->left(one), 1);
    EXPECT_EQ(this->left(other), 1) << "the same code of somebody else stays";
}

TYPED_TEST_P(SecondFactorConformance, ReplacesCodesAndRemovesEverything) {
    const PersonId person = this->enrolled("a");
    auto& factors = *this->stores.secondFactors;
    ASSERT_TRUE(factors.replaceRecoveryCodes(person, {"n1", "n2", "n3"}).ok());
    EXPECT_EQ(this->left(person), 3);
    EXPECT_FALSE(*factors.useRecoveryCode(person, "h1", fromUnixSeconds(9)));
    ASSERT_TRUE(factors.remove(person).ok());
    EXPECT_EQ(factors.remove(person).error().code, ErrorCode::kNotFound);
    EXPECT_FALSE(factors.get(person)->has_value());
    EXPECT_FALSE(*factors.useRecoveryCode(person, "n1", fromUnixSeconds(9)));
    EXPECT_EQ(factors.replaceRecoveryCodes(person, {"n1"}).error().code, ErrorCode::kConflict);
    EXPECT_TRUE(factors.create({person, "新手机", {}, {}, 1, 0}, {"n1"}).ok()) << "it can be set up again";
}

REGISTER_TYPED_TEST_SUITE_P(SecondFactorConformance, KeepsEveryFieldAfterReopening, IsMadeOnceAndForPeopleThatExist,
                            TakesAStepOnceAndNeverGoesBack, LetsOneOfManyParallelUsesWin,
                            UsesARecoveryCodeOfThatPersonUp, ReplacesCodesAndRemovesEverything);

}  // namespace yimen::store::test
