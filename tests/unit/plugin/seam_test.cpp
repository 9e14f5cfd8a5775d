#include "plugin/seam.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace yimen::plugin {
namespace {

TEST(CallPlugin, TurnsCodesIntoErrors) {
    EXPECT_TRUE(callPlugin("p", "read", [](YimenError*) { return YIMEN_OK; }).ok());
    EXPECT_EQ(callPlugin("p", "read", [](YimenError*) { return YIMEN_CANCELLED; }).error().code,
              core::ErrorCode::kUnavailable);
    EXPECT_EQ(callPlugin("p", "read", [](YimenError*) { return -5; }).error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(callPlugin("p", "read", [](YimenError*) { return 13; }).error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(callPlugin("p", "read", [](YimenError*) { return YIMEN_CONFLICT; }).error().code,
              core::ErrorCode::kConflict);
}

TEST(CallPlugin, CleansTheWords) {
    const auto called = callPlugin("p", "read", [](YimenError* error) {
        const std::string_view text = "a\nb\xe4\xb8";  // cut in the middle of a character
        text.copy(error->text, text.size());
        error->length = 5;
        return YIMEN_DENIED;
    });
    EXPECT_EQ(called.error().message, "p: a b");
    EXPECT_EQ(called.error().detail, "read");
}

TEST(CallPlugin, EndsExceptionsOfEveryType) {
    EXPECT_FALSE(callPlugin("p", "read", [](YimenError*) -> int { throw std::runtime_error("x"); }).ok());
    EXPECT_FALSE(callPlugin("p", "read", [](YimenError*) -> int { throw 5; }).ok());
}

}  // namespace
}  // namespace yimen::plugin
