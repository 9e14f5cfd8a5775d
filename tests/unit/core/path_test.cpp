#include "core/path.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

std::string canonical(std::string_view path) {
    auto result = canonicalPath(path);
    return result.ok() ? *result : "refused";
}

TEST(CanonicalPath, LeavesACanonicalPathAloneWithoutCopying) {
    const std::string path = "/oa/main.nsf/(todo)";
    std::string buffer;
    const auto result = canonicalPath(path, buffer);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->data(), path.data());
}

TEST(CanonicalPath, WritesOneSpelling) {
    EXPECT_EQ(canonical("/%61dmin"), "/admin");
    EXPECT_EQ(canonical("//a///b"), "/a/b");
    EXPECT_EQ(canonical("/%e4%b8%ad"), "/%E4%B8%AD");
    EXPECT_EQ(canonical("/a%20b/"), "/a%20b/");
    EXPECT_EQ(canonical("/a;jsessionid=1"), "/a;jsessionid=1");
}

TEST(CanonicalPath, RefusesWhatTwoServersMayReadDifferently) {
    for (const char* path : {"",          "a",
                             "/a/../b",   "/..",
                             "/./a",      "/a/.",
                             "/a/..;/b",  "/a/.;x=1/b",
                             "/%2e%2e/a", "/a/%2E/b",
                             "/.%2e/a",   "/a%2fb",
                             "/a%2Fb",    "/a%5cb",
                             "/a\\b",     "/a%00",
                             "/a%0d%0a",  "/a%",
                             "/a%4",      "/a%zz",
                             "/a%252fb",  "/%252e%252e/",
                             "/a%255cb",  "/a b",
                             "/a\x01",    "/a\xe4\xb8\xad",
                             "/a%7f"}) {
        EXPECT_EQ(canonical(path), "refused") << path;
    }
}

TEST(PathIsUnder, ComparesWholeSegments) {
    EXPECT_TRUE(pathIsUnder("/a", "/a"));
    EXPECT_TRUE(pathIsUnder("/a/b", "/a"));
    EXPECT_FALSE(pathIsUnder("/ab", "/a"));
    EXPECT_FALSE(pathIsUnder("/a", "/a/"));
    EXPECT_TRUE(pathIsUnder("/anything", "/"));
    EXPECT_FALSE(pathIsUnder("/ADMIN/x", "/admin"));
    EXPECT_TRUE(pathIsUnder("/ADMIN/x", "/admin", true));
}

TEST(PathMatches, KeepsStarsInsideOneSegment) {
    EXPECT_TRUE(pathMatches("/static/app.js", "/static/*.js"));
    EXPECT_FALSE(pathMatches("/static/a/app.js", "/static/*.js"));
    EXPECT_TRUE(pathMatches("/a/b/c", "/a/*/c"));
    EXPECT_FALSE(pathMatches("/a/c", "/a/*/c"));
    EXPECT_TRUE(pathMatches("/a", "/a/**"));
    EXPECT_TRUE(pathMatches("/a/b/c", "/a/**"));
    EXPECT_FALSE(pathMatches("/ab", "/a/**"));
    EXPECT_TRUE(pathMatches("/x/api/v1", "/*/api/**"));
    EXPECT_FALSE(pathMatches("/x/y/api", "/*/api/**"));
    EXPECT_TRUE(pathMatches("/x", "/**"));
}

TEST(SplitTarget, TellsAnEmptyQueryFromNone) {
    EXPECT_FALSE(splitTarget("/a").hasQuery);
    EXPECT_TRUE(splitTarget("/a?").hasQuery);
    EXPECT_EQ(splitTarget("/a?b?c").query, "b?c");
}

}  // namespace
}  // namespace yimen::core
