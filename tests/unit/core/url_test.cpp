#include "core/url.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(Url, ParsesIntoOneForm) {
    const auto url = Url::parse("HTTPS://Yimen.Localhost:8443/a?b=c");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(url->origin(), "https://yimen.localhost:8443");
    EXPECT_EQ(url->target(), "/a?b=c");
    EXPECT_EQ(Url::parse("http://h:80")->text(), "http://h/");
    EXPECT_EQ(Url::parse("http://[::1]:81/")->authority(), "[::1]:81");
}

TEST(Url, RefusesTricks) {
    for (const char* text :
         {"javascript:alert(1)", "//h/a", "/a", "http://u@h/", "http://u:p@h/", "http://h@evil@x/", "http:///a",
          "http://h:0/", "http://h:99999/", "http://h:8a/", "http://h\\@evil/", "http://h/a b", "http://h/#f",
          "ftp://h/", "http://.h/", "http://h..x/", "http://[::1", "http://a%41/", "http://h\n/"}) {
        EXPECT_FALSE(Url::parse(text).ok()) << text;
    }
}

TEST(Url, ResolvesAsRfc3986Section54) {
    const Url base = *Url::parse("http://a/b/c/d;p?q");
    const std::pair<const char*, const char*> cases[] = {{"g", "http://a/b/c/g"},
                                                         {"./g", "http://a/b/c/g"},
                                                         {"g/", "http://a/b/c/g/"},
                                                         {"/g", "http://a/g"},
                                                         {"//g", "http://g/"},
                                                         {"?y", "http://a/b/c/d;p?y"},
                                                         {"g?y", "http://a/b/c/g?y"},
                                                         {"", "http://a/b/c/d;p?q"},
                                                         {".", "http://a/b/c/"},
                                                         {"..", "http://a/b/"},
                                                         {"../g", "http://a/b/g"},
                                                         {"../../../g", "http://a/g"},
                                                         {"g;x=1/../y", "http://a/b/c/y"},
                                                         {"#s", "http://a/b/c/d;p?q"}};
    for (const auto& [reference, expected] : cases) {
        const auto resolved = base.resolve(reference);
        ASSERT_TRUE(resolved.ok()) << reference;
        EXPECT_EQ(resolved->text(), expected) << reference;
    }
    EXPECT_FALSE(base.resolve("javascript:x").ok());
    EXPECT_FALSE(base.resolve("/\\evil").ok());
}

TEST(Form, ReadsAndWritesPairs) {
    const auto pairs = parseForm("a=1+2&b=%E4%B8%AD&c&=x");
    ASSERT_TRUE(pairs.ok());
    ASSERT_EQ(pairs->size(), 4U);
    EXPECT_EQ((*pairs)[0].second, "1 2");
    EXPECT_EQ((*pairs)[1].second, "中");
    EXPECT_EQ(writeForm({{"a b", "中&="}}), "a%20b=%E4%B8%AD%26%3D");
    EXPECT_FALSE(parseForm("a=%4").ok());
    EXPECT_FALSE(parseForm("a&b&c", 2).ok());
}

}  // namespace
}  // namespace yimen::core
