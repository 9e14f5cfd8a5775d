#include "sync/sources/http_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/bytes.h"
#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::answer;
using fixture::field;
using fixture::Outside;
using fixture::specOf;
using ::testing::HasSubstr;
using ::testing::Not;

core::Result<HttpAnswer> call(Outside& outside, const std::string& source, const std::string& read) {
    auto spec = specOf(source, read);
    EXPECT_TRUE(spec.ok()) << (spec.ok() ? "" : spec.error().message);
    return HttpExchange(std::make_shared<const HttpSpec>(std::move(spec).value()), outside.parts())
        .call({}, "answer 1");
}

constexpr const char* kRead = "request: {path: /x}\nformat: json\ncolumns: [a]\n";

TEST(HttpExchange, KnowsErrorsThatComeWithStatus200) {
    std::string body;
    Outside outside([&](const auto&) { return answer(body); });
    const std::string source =
        "errors: {at: /code, good: [\"0\"], message: /msg, kinds: {AUTH_FAILED: unauthenticated, \"429\": "
        "throttled}}\n";
    body = R"({"code":"AUTH_FAILED","msg":"bad key","a":1})";
    const auto refused = call(outside, source, kRead);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kUnauthenticated);
    EXPECT_EQ(refused.error().message, "answer 1: the system answered with error AUTH_FAILED: bad key");
    body = R"({"code":429})";
    EXPECT_EQ(call(outside, source, kRead).error().code, core::ErrorCode::kThrottled);
    body = R"({"code":77})";
    EXPECT_EQ(call(outside, source, kRead).error().code, core::ErrorCode::kUpstream);
    body = R"({"code":0,"a":1})";
    EXPECT_TRUE(call(outside, source, kRead).ok());
}

TEST(HttpExchange, NamesTheKindOfAStatus) {
    int status = 0;
    Outside outside([&](const auto&) { return answer("{}", status); });
    for (const auto& [given, code] : {std::pair{401, core::ErrorCode::kUnauthenticated},
                                      {403, core::ErrorCode::kDenied},
                                      {404, core::ErrorCode::kUpstream},
                                      {429, core::ErrorCode::kThrottled},
                                      {302, core::ErrorCode::kUnauthenticated},
                                      {503, core::ErrorCode::kUnavailable}}) {
        status = given;
        EXPECT_EQ(call(outside, "", kRead).error().code, code) << given;
    }
}

TEST(HttpExchange, OpensADocumentInsideTheDocument) {
    const std::string inner = core::toBase64(core::asBytes(R"({"list":[{"a":"x"},{"a":"y"}]})"));
    Outside outside([&](const auto&) { return answer("{\"data\":\"" + inner + "\"}"); });
    auto opened = call(
        outside, "",
        "request: {path: /x}\nformat: json\ncolumns: [a]\nrecords: /list\nunwrap: {at: /data, encoding: base64}\n");
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    ASSERT_TRUE(opened->document.records->bind({"a"}, true).ok());
    Batch batch;
    batch.reset(1);
    std::vector<Reject> rejected;
    Rows rows{batch, rejected};
    ASSERT_TRUE(opened->document.records->read(rows).ok());
    EXPECT_EQ(batch.rows(), 2U);
    EXPECT_EQ(batch.text(1, 0), "y");
}

/// A session that has to be renewed once.
class Session final : public HttpSignOn {
public:
    core::Result<std::vector<http::ClientField>> fields(bool renew) override {
        if (renew) ++number;
        return std::vector<http::ClientField>{{"Authorization", "Bearer t" + std::to_string(number)}};
    }
    int number = 0;
};

TEST(HttpExchange, RenewsTheSessionOfASignOnOnce) {
    Outside outside([](const auto& request) {
        return answer("{\"a\":1}", field(request, "Authorization") == "Bearer t1" ? 200 : 401);
    });
    outside.signOn = std::make_shared<Session>();
    EXPECT_TRUE(call(outside, "auth: {kind: sign_on}\n", kRead).ok());
    EXPECT_EQ(outside.system->requests.size(), 2U);
    outside.signOn = nullptr;
    EXPECT_EQ(call(outside, "auth: {kind: sign_on}\n", kRead).error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
