#include "sync/sources/request_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

using ::testing::ElementsAre;

std::optional<std::string> values(std::string_view name) {
    if (name == "a") return "x y";
    if (name == "b") return "";
    return std::nullopt;
}

TEST(RequestText, FillsPlacesThroughFilters) {
    EXPECT_EQ(*fillText("{{{a}}} {b}.", values), "{x y} .");
    EXPECT_EQ(*fillText("{a|encode}", values), "x%20y");
    EXPECT_EQ(*fillText("{a|md5|upper}", values), "C8D1AE9296335B1CFC3D0D1B47B664A7");
    EXPECT_EQ(*fillText("{a|base64|encode}", values), "eCB5");
    EXPECT_EQ(*fillText("{a} {c}", values), std::nullopt);
}

TEST(RequestText, RefusesABrokenText) {
    for (const char* bad : {"{a", "a}", "{a|rot13}"}) EXPECT_FALSE(fillText(bad, values).ok()) << bad;
    EXPECT_FALSE(textNames("{x|nothing}").ok());
    EXPECT_THAT(*textNames("{x} {{y}} {z|md5}"), ElementsAre("x", "z"));
}

}  // namespace
}  // namespace yimen::sync
