#include "http/security_headers.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

TEST(SecurityHeaders, KeepsPersonalPagesOutOfCaches) {
    const SecurityHeaders headers{ContentPolicy{}};
    for (const ContentKind kind : {ContentKind::kPage, ContentKind::kApi}) {
        Response response = Response::html(200, "x").with("Cache-Control", "public");
        headers.apply(response, kind, true);
        EXPECT_EQ(response.headers.one("Cache-Control").value_or(""), "no-store");
    }
    Response file = Response::text(200, "x").with("Cache-Control", "public, immutable");
    headers.apply(file, ContentKind::kStatic, true);
    EXPECT_EQ(file.headers.one("Cache-Control").value_or(""), "public, immutable");
}

TEST(SecurityHeaders, SendsHstsOverTlsOnly) {
    const SecurityHeaders headers{ContentPolicy{}};
    Response plain;
    headers.apply(plain, ContentKind::kPage, false);
    EXPECT_FALSE(plain.headers.has("Strict-Transport-Security"));
    Response secure;
    headers.apply(secure, ContentKind::kPage, true);
    EXPECT_TRUE(secure.headers.has("Strict-Transport-Security"));
    EXPECT_EQ(secure.headers.first("X-Content-Type-Options"), "nosniff");
}

TEST(ContentPolicy, AllowsNothingInlineButWhatIsListed) {
    ContentPolicy policy;
    policy.scriptHashes.push_back(cspHash("alert(1)"));
    policy.formTargets.push_back("https://*.yimen.example:8443");
    const std::string text = policy.text();
    EXPECT_NE(text.find("script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), std::string::npos);
    EXPECT_NE(text.find("form-action 'self' https://*.yimen.example:8443"), std::string::npos);
    EXPECT_NE(text.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(text.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace yimen::http
