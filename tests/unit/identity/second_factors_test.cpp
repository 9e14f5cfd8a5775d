#include "identity/second_factors.h"

#include <map>
#include <set>

#include "identity/totp.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using core::Secret;
using std::chrono::seconds;
using test::together;

namespace {

/// Keeps seeds in memory and can refuse, as a vault whose audit log does not answer.
class MemoryKeeper final : public SeedKeeper {
public:
    core::Status put(PersonId person, const Secret& seed) override {
        if (down) return core::makeError(ErrorCode::kUnavailable, "down");
        seeds[person] = seed;
        return {};
    }
    core::Result<Secret> open(PersonId person, const std::string& why) override {
        const std::lock_guard lock(mutex);
        reasons.push_back(why);
        if (down || !seeds.contains(person)) return core::makeError(ErrorCode::kUnavailable, "down");
        return seeds[person];
    }
    core::Status remove(PersonId person) override {
        if (seeds.erase(person) == 0) return core::makeError(ErrorCode::kNotFound, "none");
        return {};
    }
    std::mutex mutex;
    std::map<PersonId, Secret> seeds;
    std::vector<std::string> reasons;
    bool down = false;
};

class SecondFactorsTest : public ::testing::Test {
protected:
    store::PersonRecord personOf(PersonId id) { return **world.stores.people->get(id); }

    /// The code an app shows for the key of `setup` at the present time, so many steps away.
    std::string codeOf(const SecondFactorSetup& setup, int steps = 0) { return codeOf(seedOf(setup), steps); }
    std::string codeOf(const core::Bytes& seed, int steps) {
        return hotp(seed, static_cast<std::uint64_t>(totpStepAt(world.clock.wall()) + steps));
    }
    /// What an app reads from the text; decoding it here checks the spelling too.
    static core::Bytes seedOf(const SecondFactorSetup& setup) {
        core::Bytes bytes;
        std::uint32_t pending = 0;
        unsigned bits = 0;
        for (const char c : setup.base32.reveal()) {
            pending = pending << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(pending >> bits & 0xffU));
        }
        return bytes;
    }
    core::Result<SecondFactors::RecoveryCodes> confirm(const SecondFactorSetup& setup, const std::string& code,
                                                       const SessionId& session = {1, 2}) {
        const Secret typed(code);
        return factors.confirm({zhang, session, setup.ticket, typed, "我的手机"});
    }
    /// Sets one up; the step of the confirming code is used then.
    core::Bytes enrol(SecondFactors::RecoveryCodes* codes = nullptr) {
        const auto setup = factors.begin(personOf(zhang), {1, 2});
        auto done = confirm(*setup, codeOf(*setup));
        EXPECT_TRUE(done.ok());
        if (codes != nullptr) *codes = std::move(*done);
        return seedOf(*setup);
    }
    CodeVerdict type(const std::string& code, const std::string& ip = "10.1.2.3", std::string_view cookie = {}) {
        const Secret typed(code);
        return factors.verify({zhang, "zhang", {ip, {}, {}}, cookie, typed});
    }
    static std::string other(std::string code) {
        code.front() = code.front() == '9' ? '0' : static_cast<char>(code.front() + 1);
        return code;
    }

    test::World world;
    MemoryKeeper keeper;
    ThrottleLimits limits;
    LoginThrottle throttle{limits, world.clock, *world.stores.locks};
    DeviceCookies devices{world.sealer, world.clock, world.random, DeviceCookies::kCodePurpose};
    PersonId zhang = world.person("zhang");
    PersonId li = world.person("li");
    SecondFactors factors{{1, seconds(600), 10, "示范区"},
                          {world.stores, keeper, throttle, devices, world.sealer, world.clock, world.random}};
};

}  // namespace

TEST_F(SecondFactorsTest, StoresNothingBeforeTheFirstRightCode) {
    const auto setup = factors.begin(personOf(zhang), {1, 2});
    ASSERT_TRUE(setup.ok());
    EXPECT_FALSE(factors.status(zhang)->has_value());
    EXPECT_EQ(confirm(*setup, other(codeOf(*setup))).error().code, ErrorCode::kUnauthenticated);
    EXPECT_TRUE(keeper.seeds.empty());
    ASSERT_TRUE(confirm(*setup, codeOf(*setup)).ok()) << "a slip costs nothing";
    EXPECT_EQ(keeper.seeds[zhang].reveal(), core::asText(seedOf(*setup)));
    EXPECT_EQ((*factors.status(zhang))->name, "我的手机");
    EXPECT_EQ((*factors.status(zhang))->recoveryCodes, 10);
}

TEST_F(SecondFactorsTest, BindsTheSetUpToPersonSessionAndTime) {
    const auto setup = factors.begin(personOf(zhang), {1, 2});
    EXPECT_EQ(confirm(*setup, codeOf(*setup), {1, 3}).error().code, ErrorCode::kDenied);
    const Secret typed(codeOf(*setup));
    EXPECT_EQ(factors.confirm({li, {1, 2}, setup->ticket, typed, "x"}).error().code, ErrorCode::kDenied);
    const Secret changed(std::string(setup->ticket.reveal()) + "A");
    EXPECT_EQ(factors.confirm({zhang, {1, 2}, changed, typed, "x"}).error().code, ErrorCode::kDenied);
    EXPECT_EQ(factors.confirm({zhang, {1, 2}, setup->ticket, typed, ""}).error().code, ErrorCode::kInvalidInput);
    world.clock.advance(seconds(601));
    EXPECT_EQ(confirm(*setup, codeOf(*setup)).error().code, ErrorCode::kDenied);
    EXPECT_TRUE(keeper.seeds.empty());
}

TEST_F(SecondFactorsTest, IsSetUpOnceAndNotReplacedByAnOlderPage) {
    const auto old = factors.begin(personOf(zhang), {1, 2});
    const auto seed = enrol();
    EXPECT_EQ(factors.begin(personOf(zhang), {1, 2}).error().code, ErrorCode::kConflict);
    EXPECT_EQ(confirm(*old, codeOf(*old)).error().code, ErrorCode::kConflict);
    EXPECT_EQ(keeper.seeds[zhang].reveal(), core::asText(seed));
}

TEST_F(SecondFactorsTest, LeavesNothingHalfDoneWhenTheVaultRefuses) {
    const auto setup = factors.begin(personOf(zhang), {1, 2});
    keeper.down = true;
    EXPECT_EQ(confirm(*setup, codeOf(*setup)).error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(factors.status(zhang)->has_value());
}

TEST_F(SecondFactorsTest, TakesACodeOnceWhereverItIsTyped) {
    const auto seed = enrol();
    EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kUsed) << "the one it was set up with";
    world.clock.advance(seconds(60));
    const std::string code = codeOf(seed, 0);
    EXPECT_EQ(type(code).result, CodeResult::kOk);
    EXPECT_EQ(type(code).result, CodeResult::kUsed);
    EXPECT_EQ(type(code, "192.0.2.7").result, CodeResult::kUsed);
    EXPECT_EQ(type(codeOf(seed, -1)).result, CodeResult::kUsed) << "older than the one that was accepted";
    EXPECT_EQ((*factors.status(zhang))->lastUsedAt, world.clock.wall());
    EXPECT_EQ(keeper.reasons.back(), "step_up");
}

TEST_F(SecondFactorsTest, LetsOneOfManyParallelTriesWithOneCodeThrough) {
    const auto seed = enrol();
    world.clock.advance(seconds(30));
    const std::string code = codeOf(seed, 0);
    std::atomic<int> passed{0};
    together(4, [&](int i) {
        if (type(code, "10.0." + std::to_string(i) + ".1").result == CodeResult::kOk) ++passed;
    });
    EXPECT_EQ(passed.load(), 1);
}

TEST_F(SecondFactorsTest, AcceptsAClockThatIsOffByTheWindowOnly) {
    const auto seed = enrol();
    world.clock.advance(seconds(300));
    EXPECT_EQ(type(codeOf(seed, -2)).result, CodeResult::kWrong);
    EXPECT_EQ(type(codeOf(seed, -1)).result, CodeResult::kOk);
    EXPECT_EQ(type(codeOf(seed, 2)).result, CodeResult::kWrong);
    EXPECT_EQ(type(codeOf(seed, 1)).result, CodeResult::kOk);
    EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kUsed) << "before the step that was accepted";
}

TEST_F(SecondFactorsTest, TakesEachRecoveryCodeOnceHoweverItIsTyped) {
    SecondFactors::RecoveryCodes codes;
    enrol(&codes);
    ASSERT_EQ(codes.size(), 10U);
    std::set<std::string> different;
    for (const Secret& code : codes) different.emplace(code.reveal());
    EXPECT_EQ(different.size(), 10U);
    std::string typed(codes[0].reveal());
    EXPECT_EQ(typed.size(), 19U);
    const CodeVerdict first = type(typed);
    EXPECT_EQ(first.result, CodeResult::kOk);
    EXPECT_TRUE(first.recovery);
    EXPECT_EQ(type(typed).result, CodeResult::kWrong);
    std::string lower;
    for (const char c : codes[1].reveal()) {
        if (c != '-') lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    EXPECT_EQ(type(lower).result, CodeResult::kOk);
    EXPECT_EQ((*factors.status(zhang))->recoveryCodes, 8);
    const auto renewed = factors.renewRecoveryCodes(zhang);
    ASSERT_TRUE(renewed.ok());
    EXPECT_EQ(type(std::string(codes[2].reveal())).result, CodeResult::kWrong) << "the former ones are void";
    EXPECT_EQ(type(std::string(renewed->front().reveal())).result, CodeResult::kOk);
}

TEST_F(SecondFactorsTest, LocksASourceThatGuessesAndNotTheBrowserThatIsKnown) {
    const auto seed = enrol();
    world.clock.advance(seconds(30));
    const std::string known = type(codeOf(seed, 0)).deviceCookie;
    ASSERT_FALSE(known.empty());
    world.clock.advance(seconds(30));
    for (int i = 0; i < limits.lockAfter; ++i) {
        EXPECT_EQ(type(other(codeOf(seed, 0)), "203.0.113.9").result, CodeResult::kWrong) << i;
        world.clock.advance(seconds(20));
    }
    EXPECT_EQ(type(codeOf(seed, 0), "203.0.113.9").result, CodeResult::kLocked) << "not even with the right code";
    const CodeVerdict mine = type(codeOf(seed, 0), "203.0.113.9", known);
    EXPECT_EQ(mine.result, CodeResult::kOk) << "in the same network, in a browser where a code was right";
    EXPECT_TRUE(mine.deviceCookie.empty()) << "it has its cookie";
}

TEST_F(SecondFactorsTest, CountsGuessesFromEverywhereTogetherUnlessACodeWasRightThere) {
    limits.accountFailures = 6;
    LoginThrottle strict{limits, world.clock, *world.stores.locks};
    SecondFactors guarded{{1, seconds(600), 10, "示范区"},
                          {world.stores, keeper, strict, devices, world.sealer, world.clock, world.random}};
    const auto seed = enrol();
    const DeviceCookies ofPasswords{world.sealer, world.clock, world.random};
    const auto tryFrom = [&](int network, const std::string& code, const std::string& cookie) {
        const Secret typed(code);
        return guarded.verify({zhang, "zhang", {"198.51." + std::to_string(network) + ".1", {}, {}}, cookie, typed});
    };
    world.clock.advance(seconds(30));
    for (int i = 0; i < limits.accountFailures; ++i) {
        // A fresh device cookie of a password sign-in for every try: who knows the password can have any number.
        EXPECT_EQ(tryFrom(i, other(codeOf(seed, 0)), *ofPasswords.issue("zhang")).result, CodeResult::kWrong) << i;
    }
    EXPECT_EQ(tryFrom(99, codeOf(seed, 0), *ofPasswords.issue("zhang")).result, CodeResult::kThrottled);
    EXPECT_EQ(tryFrom(98, codeOf(seed, 0), *devices.issue("zhang")).result, CodeResult::kOk);
}

TEST_F(SecondFactorsTest, CountsNothingWhenItCouldNotCheck) {
    const auto seed = enrol();
    world.clock.advance(seconds(30));
    keeper.down = true;
    for (int i = 0; i < 2 * limits.lockAfter; ++i) EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kUnavailable);
    keeper.down = false;
    EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kOk);
}

TEST_F(SecondFactorsTest, IsGoneAltogetherAfterItsRemoval) {
    const auto seed = enrol();
    world.clock.advance(seconds(30));
    ASSERT_TRUE(factors.remove(zhang).ok());
    EXPECT_TRUE(keeper.seeds.empty());
    EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kNotEnrolled);
    EXPECT_EQ(factors.remove(zhang).error().code, ErrorCode::kNotFound);
    enrol();
    EXPECT_EQ(type(codeOf(seed, 0)).result, CodeResult::kWrong) << "codes of the former key";
}

TEST_F(SecondFactorsTest, HoldsNoRecoveryCodeInTheStore) {
    SecondFactors::RecoveryCodes codes;
    enrol(&codes);
    EXPECT_FALSE(*world.stores.secondFactors->useRecoveryCode(zhang, std::string(codes[0].reveal()), {}));
    EXPECT_EQ(type(std::string(codes[0].reveal())).result, CodeResult::kOk);
    for (const auto result : {CodeResult::kOk, CodeResult::kWrong, CodeResult::kUsed, CodeResult::kThrottled,
                              CodeResult::kLocked, CodeResult::kNotEnrolled, CodeResult::kUnavailable}) {
        EXPECT_FALSE(wordOf(result).empty());
    }
}

}  // namespace yimen::identity
