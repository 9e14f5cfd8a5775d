#include "adapter/digest_auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace yimen::adapter {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

AuthChallenge challengeOf(const std::string& text) {
    const auto all = parseChallenges(text);
    return all.empty() ? AuthChallenge() : all.front();
}

/// The parameters of an Authorization value.
std::string parameter(const std::string& header, const std::string& name) {
    return challengeOf(header).get(name);
}

TEST(DigestAuth, EqualsTheExampleOfRfc7616Section391) {
    // User Mufasa, realm http-auth@example.org, GET /dir/index.html.
    const std::string a2 = digestHash("MD5", "GET:/dir/index.html");
    const std::string a1 = digestA1("MD5", "Mufasa", "http-auth@example.org", "Circle of Life");
    const std::string tail =
        ":7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth:";
    EXPECT_EQ(digestHash("MD5", a1 + tail + a2), "8ca523f5e9506fed4657c9700eebdbec");
    const std::string b1 = digestA1("SHA-256", "Mufasa", "http-auth@example.org", "Circle of Life");
    const std::string b2 = digestHash("SHA-256", "GET:/dir/index.html");
    EXPECT_EQ(digestHash("SHA-256", b1 + tail + b2),
              "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestAuth, ReadsSeveralChallengesOfOneField) {
    const auto all = parseChallenges(
        R"(Basic realm="a, b", Digest realm="EMG", qop="auth,auth-int", nonce="x\"y", algorithm=MD5,NTLM)");
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].get("realm"), "a, b");
    EXPECT_EQ(all[1].scheme, "Digest");
    EXPECT_EQ(all[1].get("nonce"), "x\"y");
    EXPECT_EQ(all[2].scheme, "NTLM");
}

TEST(DigestAuth, SurvivesBrokenChallenges) {
    for (const char* text : {"", ",", "Digest", "Digest realm", "Digest realm=", "Digest realm=\"open", "=x",
                             "Digest ,,,=", "\"x\"", "Digest a=\"\\"}) {
        (void)parseChallenges(text);
        (void)parseAuthParameters(text);
    }
}

TEST(DigestAuth, ChoosesByPreferenceAndRefusesWhatItCannotAnswer) {
    const HeaderRef md5{"WWW-Authenticate", R"(Digest realm="r", qop="auth", nonce="m", algorithm=MD5)"};
    const HeaderRef sha{"www-authenticate", R"(Digest realm="r", qop="auth", nonce="s", algorithm=SHA-256)"};
    const HeaderRef integrity{"WWW-Authenticate", R"(Digest realm="r", qop="auth-int", nonce="i")"};
    const HeaderRef unknown{"WWW-Authenticate", R"(Digest realm="r", qop="auth", nonce="u", algorithm=SHA-512-256)"};
    const std::vector<HeaderRef> both{md5, sha};
    EXPECT_EQ(chooseDigest(both, "SHA-256")->get("nonce"), "s");
    EXPECT_EQ(chooseDigest(both, "MD5")->get("nonce"), "m");
    const std::vector<HeaderRef> none{integrity, unknown};
    EXPECT_FALSE(chooseDigest(none, "MD5").has_value());
}

class Nonces : public testing::Test {
protected:
    static constexpr const char* kChallenge = R"(Digest realm="r", qop="auth", nonce="first", algorithm=MD5)";
    DigestState state_{{"u", core::Secret("a1"), "MD5", "seed"}, challengeOf(kChallenge)};
    core::MonoTime now_{seconds(100)};

    Verdict answer(int status, const std::string& name, const std::string& value) {
        const std::vector<HeaderRef> headers{{name, value}};
        return state_.absorb({status, headers, "/"}, now_);
    }
    std::string info(const std::string& sent, const std::string& more = "") {
        return "cnonce=\"" + parameter(sent, "cnonce") + "\", qop=auth" + more;
    }
};

TEST_F(Nonces, CountsUpWhenAnswersComeBack) {
    for (int i = 1; i <= 3; ++i) {
        const auto sent = state_.authorize("GET", "/", now_);
        EXPECT_EQ(parameter(sent, "nonce"), "first");
        EXPECT_EQ(parameter(sent, "nc"), "0000000" + std::to_string(i));
        EXPECT_EQ(answer(200, "Authentication-Info", info(sent)), Verdict::kOk);
    }
}

TEST_F(Nonces, LendsEachNonceToOneRequest) {
    const auto one = state_.authorize("GET", "/1", now_);
    const auto two = state_.authorize("GET", "/2", now_);  // overtakes nothing, but none is free: shared
    EXPECT_EQ(parameter(two, "nonce"), "first");
    EXPECT_EQ(answer(401, "WWW-Authenticate", R"(Digest realm="r", qop="auth", nonce="second", algorithm=MD5)"),
              Verdict::kRetry);
    const auto again = state_.authorize("GET", "/2", now_);
    EXPECT_EQ(parameter(again, "nonce"), "second");
    EXPECT_EQ(parameter(again, "nc"), "00000001");
    EXPECT_EQ(answer(200, "Authentication-Info", info(one)), Verdict::kOk);
    const auto three = state_.authorize("GET", "/3", now_);
    EXPECT_EQ(parameter(three, "nonce"), "first");
}

TEST_F(Nonces, TakesARefusalWithoutReasonAsTheEnd) {
    const auto sent = state_.authorize("GET", "/", now_);
    EXPECT_EQ(answer(401, "WWW-Authenticate", R"(Digest realm="r", qop="auth", nonce="second", algorithm=MD5)"),
              Verdict::kExpired);
    EXPECT_EQ(answer(401, "WWW-Authenticate", "Basic realm=x"), Verdict::kExpired);
}

TEST_F(Nonces, RetriesAStaleNonceWithTheNewOne) {
    state_.authorize("GET", "/", now_);
    EXPECT_EQ(
        answer(401, "WWW-Authenticate", R"(Digest realm="r", qop="auth", nonce="new", stale=TRUE, algorithm=MD5)"),
        Verdict::kRetry);
    EXPECT_EQ(parameter(state_.authorize("GET", "/", now_), "nonce"), "new");
}

TEST_F(Nonces, FollowsNextNonce) {
    const auto sent = state_.authorize("GET", "/", now_);
    answer(200, "Authentication-Info", info(sent, ", nextnonce=\"n2\""));
    const auto next = state_.authorize("GET", "/", now_);
    EXPECT_EQ(parameter(next, "nonce"), "n2");
    EXPECT_EQ(parameter(next, "nc"), "00000001");
    EXPECT_NE(parameter(next, "cnonce"), parameter(sent, "cnonce"));
}

TEST_F(Nonces, TakesALostLeaseBackAfterItsTime) {
    state_.authorize("GET", "/lost", now_);
    const auto later = state_.authorize("GET", "/", now_ + DigestState::kLease + seconds(1));
    EXPECT_EQ(parameter(later, "nc"), "00000002");
    now_ += DigestState::kLease + seconds(2);
    EXPECT_EQ(answer(401, "WWW-Authenticate", kChallenge), Verdict::kExpired) << "nothing was shared";
}

TEST_F(Nonces, QuotesWhatMustBeQuoted) {
    DigestState state({R"(do"main\u)", core::Secret("a1"), "MD5", "seed"}, challengeOf(kChallenge));
    EXPECT_THAT(state.authorize("GET", "/", now_), HasSubstr(R"(username="do\"main\\u")"));
}

}  // namespace
}  // namespace yimen::adapter
