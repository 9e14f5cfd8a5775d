#include "adapter/template_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

core::Result<std::string> expand(std::string_view text) {
    return expandTemplate(text, [](std::string_view name) -> std::optional<std::string> {
        if (name == "user") return "王 a";
        if (name == "password") return "abc";
        return std::nullopt;
    });
}

TEST(TemplateText, FillsPlacesAndKeepsTheRest) {
    EXPECT_EQ(expand("CN={user}/O=zsq").value(), "CN=王 a/O=zsq");
    EXPECT_EQ(expand("{{{password}}}").value(), "{abc}");
    EXPECT_EQ(expand("").value(), "");
}

TEST(TemplateText, AppliesFiltersInOrder) {
    EXPECT_EQ(expand("{password|md5}").value(), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(expand("{password|sm3}").value(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    EXPECT_EQ(expand("{password|md5|upper}").value(), "900150983CD24FB0D6963F7D28E17F72");
    EXPECT_EQ(expand("{user|encode}").value(), "%E7%8E%8B%20a");
}

TEST(TemplateText, NeverFillsWhatAValueContains) {
    const auto filled = expandTemplate(
        "{a}{b}", [](std::string_view name) -> std::optional<std::string> { return name == "a" ? "{b}" : "secret"; });
    EXPECT_EQ(filled.value(), "{b}secret");
}

TEST(TemplateText, SaysWhatIsWrongWithoutValues) {
    EXPECT_THAT(expand("{nobody}").error().message, HasSubstr("'nobody'"));
    EXPECT_THAT(expand("{password|rot13}").error().message, HasSubstr("rot13"));
    for (const char* text : {"{", "}", "{user", "user}", "{}", "{|md5}"}) EXPECT_FALSE(expand(text).ok()) << text;
}

TEST(TemplateText, NamesWhatItAsksFor) {
    EXPECT_THAT(templateNames("{a|md5}-{b}{{c}}").value(), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace yimen::adapter
