#include "adapter/digest_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string kChallenge =
    R"({"request":{"target":"/emg/"},"response":{"status":401,"headers":[["WWW-Authenticate","Digest realm=\"EMG\", qop=\"auth\", nonce=\"n\", algorithm=MD5"]]}})";

struct Emergency : EngineHarness {
    explicit Emergency(const std::string& exchanges) : EngineHarness("ln-emergency", "[" + exchanges + "]") {
        secret("username", "u");
        secret("password", "p");
    }
};

TEST(DigestEngine, TakesTheAlgorithmThatIsOffered) {
    Emergency emergency(kChallenge + R"(,{"request":{"target":"/emg/"},"response":{"status":200}})");
    ASSERT_TRUE(emergency.signOn()->ok());
    EXPECT_THAT(emergency.next("/emg/a")["Authorization"], HasSubstr("algorithm=MD5"));
    EXPECT_THAT(emergency.next("/emg/a?b=1")["Authorization"], HasSubstr("uri=\"/emg/a?b=1\""));
}

TEST(DigestEngine, TriesAnAccountOnce) {
    Emergency emergency(kChallenge + "," + kChallenge);
    EXPECT_EQ(emergency.signOn()->outcome, Outcome::kBadPassword);
    EXPECT_EQ(emergency.client->left(), 0U);
    EXPECT_THAT(emergency.client->faults(), IsEmpty());
}

TEST(DigestEngine, SendsNoAccountToASystemInTrouble) {
    Emergency emergency(R"({"request":{"target":"/emg/"},"response":{"status":503}})");
    EXPECT_EQ(emergency.signOn()->outcome, Outcome::kUnreachable);
    EXPECT_THAT(emergency.client->faults(), IsEmpty());
}

TEST(DigestEngine, LearnsFromTraffic) {
    Emergency emergency(kChallenge + R"(,{"request":{"target":"/emg/"},"response":{"status":200}})");
    ASSERT_TRUE(emergency.signOn()->ok());
    const std::vector<HeaderRef> stale{
        {"WWW-Authenticate", R"(Digest realm="EMG", qop="auth", nonce="n2", stale=true, algorithm=MD5)"}};
    EXPECT_EQ(emergency.absorb(401, stale), Verdict::kRetry);
    EXPECT_THAT(emergency.next("/emg/")["Authorization"], HasSubstr("nonce=\"n2\""));
    const std::vector<HeaderRef> other{{"WWW-Authenticate", "Basic realm=x"}};
    EXPECT_EQ(emergency.absorb(401, other), Verdict::kExpired);
}

TEST(DigestEngine, HasNothingToEndInTheSystem) {
    Emergency emergency(kChallenge + R"(,{"request":{"target":"/emg/"},"response":{"status":200}})");
    ASSERT_TRUE(emergency.signOn()->ok());
    EXPECT_TRUE(emergency.system->engine().signOff(emergency.context()).ok());
    EXPECT_EQ(emergency.next("/emg/")["error"], "unauthenticated");
}

}  // namespace
}  // namespace yimen::adapter
