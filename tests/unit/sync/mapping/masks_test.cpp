#include "sync/mapping/masks.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

TEST(Masks, LeaveWhatMayBeShown) {
    TextArena arena;
    EXPECT_EQ(maskIdNumber("11010519491231002X", arena), "110105********002X");
    EXPECT_EQ(maskPhone("13912345678", arena), "139****5678");
    EXPECT_EQ(maskName("张三丰", arena), "张**");
    EXPECT_EQ(maskName("Li", arena), "L*");
}

TEST(Masks, HideShortTextsAltogether) {
    TextArena arena;
    EXPECT_EQ(maskIdNumber("1101050021", arena), "**********");
    EXPECT_EQ(maskPhone("12345", arena), "*****");
    EXPECT_EQ(maskName("张", arena), "*");
    EXPECT_EQ(maskName("", arena), "");
    EXPECT_EQ(maskPhone("\x80\x80", arena), "*");
}

}  // namespace
}  // namespace yimen::sync::mapping
