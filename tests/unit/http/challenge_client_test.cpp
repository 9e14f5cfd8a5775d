#include "http/challenge_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/bytes.h"
#include "crypto/digest.h"
#include "unit/http/canned_server.h"

namespace yimen::http {
namespace {

using core::ErrorCode;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string challenge(const std::string& how) {
    return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: " + how + "\r\n\r\n";
}

/// The value of one member of the request's Authorization field, quoted or not.
std::string member(const std::string& request, const std::string& name) {
    auto at = request.find(" " + name + "=");
    if (at == std::string::npos) return {};
    at += name.size() + 2;
    const bool quoted = request[at] == '"';
    return request.substr(at + quoted, request.find_first_of(quoted ? "\"" : ",\r", at + quoted) - at - quoted);
}

std::string md5(const std::string& text) {
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kMd5, core::asBytes(text)));
}

/// RFC 7616 3.4.1 with qop=auth.
std::string digestResponse(const std::string& request, const std::string& a1, const std::string& a2) {
    return md5(md5(a1) + ":" + member(request, "nonce") + ":" + member(request, "nc") + ":" +
               member(request, "cnonce") + ":auth:" + md5(a2));
}

class Challenged : public testing::Test {
protected:
    core::SystemClock clock_;

    ChallengeClient client(const CannedServer& server, ChallengeAccount::Scheme scheme, const std::string& user) {
        return {{{server.url()}, "", "", 1}, clock_, {scheme, user, core::Secret("s3cret!")}};
    }
    static ClientRequest get(const core::Url& url) {
        ClientRequest request;
        request.url = url;
        return request;
    }
};

TEST_F(Challenged, ProvesItselfByTheDigestOfTheServersNonce) {
    const CannedServer server({challenge(R"(Digest realm="data", qop="auth", nonce="n-1", algorithm=MD5)"), kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kDigest, "yimen");
    const auto answer = asked.send(get(server.url("/rows?page=1")));
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    EXPECT_EQ(answer->status, 200);
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_THAT(requests[0], Not(HasSubstr("Authorization"))) << "nothing is proved before it is asked for";
    EXPECT_EQ(member(requests[1], "uri"), "/rows?page=1");
    EXPECT_EQ(member(requests[1], "response"), digestResponse(requests[1], "yimen:data:s3cret!", "GET:/rows?page=1"));
    EXPECT_THAT(requests[1], Not(HasSubstr("s3cret!")));
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(Challenged, RenewsAStaleNonceInSilence) {
    const CannedServer server({challenge(R"(Digest realm="data", qop="auth", nonce="n-1")"), kOk,
                               challenge(R"(Digest realm="data", qop="auth", nonce="n-2", stale=true)"), kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kDigest, "yimen");
    for (int i = 0; i < 2; ++i) {
        const auto answer = asked.send(get(server.url("/rows")));
        ASSERT_TRUE(answer.ok()) << answer.error().describe();
        EXPECT_EQ(answer->status, 200);
    }
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(member(requests[3], "nonce"), "n-2");
    EXPECT_EQ(member(requests[3], "response"), digestResponse(requests[3], "yimen:data:s3cret!", "GET:/rows"));
}

TEST_F(Challenged, ARefusedAccountIsAnAnswerAfterOneAttempt) {
    const std::string refusal = challenge(R"(Digest realm="data", qop="auth", nonce="n-1")");
    const CannedServer server({refusal, refusal, kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kDigest, "yimen");
    const auto answer = asked.send(get(server.url("/rows")));
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    EXPECT_EQ(answer->status, 401);
    EXPECT_EQ(server.requests().size(), 2U) << "a second attempt could lock the account";
}

TEST_F(Challenged, NeverSendsAPasswordToAServerThatAsksForItInClear) {
    const CannedServer server({challenge("Basic realm=\"data\""), kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kDigest, "yimen");
    const auto answer = asked.send(get(server.url("/rows")));
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    EXPECT_EQ(answer->status, 401);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Challenged, BeginsNtlmWithTheFirstRequestAndKeepsToOneConnection) {
    // MS-NLMP 2.2.1.2: a CHALLENGE_MESSAGE without target information.
    const std::string type2 = "TlRMTVNTUAACAAAAAAAAADgAAAAFggIAASNFZ4mrze8AAAAAAAAAAAAAAAA4AAAABgGxHQAAAA8=";
    const CannedServer server({challenge("NTLM"), challenge("NTLM " + type2), kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kNtlm, "DIST\\yimen");
    const auto answer = asked.send(get(server.url("/rows")));
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    const auto requests = server.requests();
    ASSERT_GE(requests.size(), 2U);
    EXPECT_THAT(requests[0], HasSubstr("Authorization: NTLM TlRMTVNTUAAB"));
    EXPECT_EQ(server.connections(), 1) << "the proof belongs to the connection";
}

TEST_F(Challenged, KeepsToItsOrigins) {
    const CannedServer server({kOk});
    auto asked = client(server, ChallengeAccount::Scheme::kDigest, "yimen");
    const auto answer = asked.send(get(core::Url::parse("http://127.0.0.1:9/").value()));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::kDenied);
    EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace yimen::http
