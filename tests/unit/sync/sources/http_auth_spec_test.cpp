#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/bytes.h"
#include "crypto/digest.h"
#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::Outside;
using fixture::query;
using fixture::specOf;
using ::testing::HasSubstr;

constexpr const char* kRead = "request: {path: /x, query: {name: \"张三 &\", ts: \"{timestamp}\"}}\nformat: json\n";

std::string faults(const std::string& source) {
    const auto spec = specOf(source, kRead);
    return spec.ok() ? "" : spec.error().message;
}

TEST(HttpAuthSpec, NamesWhatATokenNeeds) {
    EXPECT_THAT(faults("auth: {kind: token, user: u, password: env:KEY}\n"), HasSubstr("request"));
    EXPECT_THAT(faults("auth: {kind: token, user: u, password: env:KEY, request: {path: /l}}\n"),
                HasSubstr("where the answer has it"));
    EXPECT_THAT(faults("auth: {kind: token, user: u, password: clear, token: /t, request: {path: /l}}\n"),
                HasSubstr("never written here"));
    EXPECT_EQ(faults("auth: {kind: ntlm, user: 'D\\u', password: env:KEY}\n"), "");
    EXPECT_THAT(faults("auth: {kind: digest, password: env:KEY}\n"), HasSubstr("user"));
}

TEST(HttpAuthSpec, SignsByADigestOfATextThatHoldsTheSecret) {
    const auto spec =
        specOf("sign: {secret: env:KEY, how: digest, algorithm: md5, text: \"{query_raw}{secret}\", parameter: sign}\n",
               kRead);
    ASSERT_TRUE(spec.ok());
    Outside outside([](const auto&) { return fixture::answer(""); });
    const auto request = buildHttpRequest(*spec, outside.parts(), {}, spec->request);
    ASSERT_TRUE(request.ok());
    const std::string signedText = "name=张三 &&ts=1795219200s3cret";
    EXPECT_EQ(query(*request)["sign"],
              core::toHex(crypto::digest(crypto::DigestAlgorithm::kMd5, core::asBytes(signedText))));
}

TEST(HttpAuthSpec, RefusesADigestWithoutTheSecretAndAnHmacWithIt) {
    EXPECT_THAT(faults("sign: {secret: env:KEY, how: digest, text: \"{query}\", parameter: s}\n"),
                HasSubstr("signs nothing"));
    EXPECT_THAT(faults("sign: {secret: env:KEY, text: \"{query}{secret}\", parameter: s}\n"),
                HasSubstr("nothing is called {secret}"));
}

}  // namespace
}  // namespace yimen::sync
