#include "gateway/url_rewriter.h"

#include <gtest/gtest.h>

namespace yimen::gateway {
namespace {

const std::string kSystem = "http://10.1.2.3:8080";
const std::string kPublic = "https://oa.yimen.example";

std::string rewrite(std::string_view body, std::size_t step) {
    const UrlMap map({{kSystem, kPublic}});
    UrlRewriter rewriter(map);
    std::string out;
    for (std::size_t i = 0; i < body.size(); i += step) rewriter.write(body.substr(i, step), out);
    rewriter.finish(out);
    return out;
}

TEST(UrlRewriter, ReplacesEverySpellingWhereverTheBodyIsCut) {
    const std::string body =
        "<a href=\"http://10.1.2.3:8080/a\">x</a> {\"u\":\"http:\\/\\/10.1.2.3:8080\\/b\"} "
        "?to=http%3A%2F%2F10.1.2.3%3A8080%2Fc <img src='//10.1.2.3:8080/d'> http://10.1.2.3:8080";
    const std::string expected =
        "<a href=\"https://oa.yimen.example/a\">x</a> {\"u\":\"https:\\/\\/oa.yimen.example\\/b\"} "
        "?to=https%3A%2F%2Foa.yimen.example%2Fc <img src='//oa.yimen.example/d'> "
        "https://oa.yimen.example";
    for (std::size_t step = 1; step <= body.size(); ++step) EXPECT_EQ(rewrite(body, step), expected) << step;
}

TEST(UrlRewriter, LeavesOtherHostsAlone) {
    const std::string body =
        "http://10.1.2.3:80801/ http://10.1.2.3:8080.example/ ftp://10.1.2.3:8080/ http://10.1.2.3/ "
        "https://10.1.2.3:8080/";
    for (std::size_t step = 1; step <= body.size(); ++step) EXPECT_EQ(rewrite(body, step), body) << step;
}

TEST(UrlRewriter, KeepsBytesOfOtherCharsets) {
    const std::string body = "\xcd\xf5\xc3\xf4 http://10.1.2.3:8080/\xb2\xe2 \xff\x00h";
    EXPECT_EQ(rewrite(body, 3), "\xcd\xf5\xc3\xf4 https://oa.yimen.example/\xb2\xe2 \xff");
}

TEST(UrlMap, MapsOnlyAddressesOfTheSystem) {
    const UrlMap map({{kSystem, kPublic}});
    EXPECT_EQ(map.mapUrl("http://10.1.2.3:8080/x?y"), "https://oa.yimen.example/x?y");
    EXPECT_EQ(map.mapUrl("http://10.1.2.3:8080"), kPublic);
    EXPECT_EQ(map.mapUrl("http://10.1.2.3:8080@evil/"), "");
    EXPECT_EQ(map.mapUrl("/x"), "");
}

}  // namespace
}  // namespace yimen::gateway
