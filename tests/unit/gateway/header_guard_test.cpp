#include "gateway/header_guard.h"

#include <gtest/gtest.h>

namespace yimen::gateway {
namespace {

TEST(HeaderGuard, RefusesIdentityInEverySpelling) {
    const HeaderGuard guard({"X-Staff-Number", "Sso-*"});
    for (const char* name :
         {"X-Remote-User",   "x-remote-user",    "X_Remote_User",  "X-REMOTE_USER",    "x_remote-org",   "X-Remote-Sig",
          "X-Forwarded-For", "x_forwarded_user", "Forwarded",      "X-Real-IP",        "X_REAL_IP",      "Remote-User",
          "REMOTE_USER",     "X-Yimen-Person",   "X-Original-URL", "X-Rewrite-Url",    "x-staff_number", "SSO_Name",
          "X-Staff-Number",  "X-Client-Cert",    "Content_Length", "Transfer_Encoding"}) {
        EXPECT_EQ(guard.fateOf(name), FieldFate::kForged) << name;
    }
}

TEST(HeaderGuard, DropsHopByHopAndTheBrowsersOwnCredentials) {
    const HeaderGuard guard;
    for (const char* name : {"Connection", "keep-alive", "TE", "Trailer", "Transfer-Encoding", "Content-Length",
                             "Upgrade", "Proxy-Authorization", "Authorization", "Host", "Expect"}) {
        EXPECT_EQ(guard.fateOf(name), FieldFate::kDrop) << name;
    }
}

TEST(HeaderGuard, PassesOrdinaryFields) {
    const HeaderGuard guard;
    for (const char* name : {"Accept", "User-Agent", "X-Requested-With", "Content-Type", "If-None-Match", "Range",
                             "X-CSRFToken", "Sec-Fetch-Mode", "SOAPAction"}) {
        EXPECT_EQ(guard.fateOf(name), FieldFate::kPass) << name;
    }
    EXPECT_EQ(guard.fateOf("Cookie"), FieldFate::kCookie);
    EXPECT_EQ(guard.fateOf("referer"), FieldFate::kReferer);
    EXPECT_EQ(guard.fateOf("Origin"), FieldFate::kOrigin);
    EXPECT_EQ(guard.fateOf(std::string(200, 'x')), FieldFate::kPass);
}

}  // namespace
}  // namespace yimen::gateway
