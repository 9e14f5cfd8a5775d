#include "sync/mapping/messages.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

TEST(FaultMessage, ShowsValuesOfFieldsThatAreNotPersonal) {
    FieldSpec spec;
    spec.field = {"area", "面积", FieldType::kDecimal, false, false};
    const FaultText text{"type", "不是数字", "not a number"};
    EXPECT_EQ(faultMessage(spec, text, "x\n"), "面积：不是数字（值“x?”） / area: not a number (value 'x?')");
    EXPECT_EQ(faultMessage(spec, text, {}), "面积：不是数字 / area: not a number");
    spec.personal = Personal::kAddress;
    EXPECT_EQ(faultMessage(spec, text, "x"), "面积：不是数字 / area: not a number");
    spec.personal = Personal::kNone;
    spec.mask = MaskKind::kName;
    EXPECT_EQ(faultMessage(spec, text, "x"), "面积：不是数字 / area: not a number");
}

}  // namespace
}  // namespace yimen::sync::mapping
