#include "store/sqlite/guard.h"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

namespace yimen::store::sqlite {

using core::ErrorCode;

TEST(Guarded, KeepsValuesOutOfErrors) {
    const auto done = guarded("name.of.it", []() -> core::Status { throw Poco::IOException("secret value"); });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().describe().find("secret value"), std::string::npos);
    EXPECT_NE(done.error().detail.find("name.of.it"), std::string::npos);
    const auto other = guarded("n", []() -> core::Status { throw std::runtime_error("secret value"); });
    EXPECT_EQ(other.error().code, ErrorCode::kInternal);
    EXPECT_EQ(other.error().describe().find("secret value"), std::string::npos);
}

}  // namespace yimen::store::sqlite
