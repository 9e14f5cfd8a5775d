#include "sync/sources/http_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::specOf;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string faults(const std::string& source, const std::string& read) {
    const auto spec = specOf(source, read);
    return spec.ok() ? "" : spec.error().message;
}

constexpr const char* kGood = "request: {path: /x}\nformat: json\ncolumns: [a]\n";

TEST(HttpSpec, NamesThePlaceOfEveryFault) {
    EXPECT_EQ(faults("", kGood), "");
    EXPECT_THAT(faults("auth: {kind: bearer, token: plain-text}\n", kGood),
                AllOf(HasSubstr("data.yaml:3:"), HasSubstr("never written here"), Not(HasSubstr("plain-text"))));
    EXPECT_THAT(faults("auth: {kind: bearer, token: \"env:NO\"}\n", kGood), HasSubstr("no such secret"));
    EXPECT_THAT(faults("", "request: {path: x, query: {a: \"{pagee}\"}}\nformat: jsn\n"),
                AllOf(HasSubstr("a path begins with /"), HasSubstr("nothing is called {pagee}"), HasSubstr("json")));
    EXPECT_THAT(faults("", std::string(kGood) + "pagging: {how: page}\n"), HasSubstr("paging"));
    EXPECT_THAT(faults("", std::string(kGood) + "paging: {how: window}\n"), HasSubstr("watermark with initial"));
    EXPECT_THAT(faults("", std::string(kGood) + "paging: {how: sequence, field: seq}\n"),
                HasSubstr("\"seq\" is not one of"));
    EXPECT_THAT(faults("", std::string(kGood) + "watermark: {zone: Mars, initial: soon}\n"),
                AllOf(HasSubstr("+08:00"), HasSubstr("2020-01-31")));
    EXPECT_THAT(faults("sign: {secret: \"env:KEY\", text: \"{body}\"}\n", kGood),
                HasSubstr("either header or parameter"));
    EXPECT_THAT(faults("errors: {at: /code, kinds: {\"1\": odd}}\n", kGood), HasSubstr("throttled"));
}

TEST(HttpSpec, ReadsEveryPart) {
    const auto spec = specOf("timeout: 5s\nauth: {kind: sign_on}\n", R"(
request: {path: /p, query: {n: 5}}
paging: {how: cursor, next: {header: X-Next}, expired: {status: [410, 409], codes: [GONE]}}
watermark: {format: unix_ms, zone: "+00:00", overlap: 5m, lag: 10s, initial: 2020-01-01}
format: json
records: /d
columns: [a, {name: b, at: /c/d}]
max_document: 1MiB
)");
    ASSERT_TRUE(spec.ok()) << spec.error().message;
    EXPECT_EQ(spec->limits.totalTimeout, std::chrono::seconds(5));
    EXPECT_EQ(spec->limits.maxBodyBytes, 1U << 20U);
    EXPECT_EQ(spec->request.query[0].second, "5");
    EXPECT_EQ(spec->paging.next.header, "X-Next");
    EXPECT_EQ(spec->paging.expiredStatus, (std::vector<int>{410, 409}));
    EXPECT_EQ(core::toUnixSeconds(*spec->watermark->initial), 1'577'836'800);
    EXPECT_EQ(spec->format.columns[1].at, "/c/d");
}

}  // namespace
}  // namespace yimen::sync
