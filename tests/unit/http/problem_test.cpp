#include <gtest/gtest.h>

#include "http/message.h"

namespace yimen::http {
namespace {

TEST(Problem, KeepsTheWordsOfOurOwnFailuresToTheLog) {
    const auto error = core::makeError(core::ErrorCode::kInternal, "table person has no column x", "SELECT");
    const Problem problem = problemOf(error, "t", false);
    EXPECT_EQ(problem.status, 500);
    EXPECT_EQ(problem.detail, "");
    const Problem input =
        problemOf(core::makeError(core::ErrorCode::kInvalidInput, "name: too long", "secret"), "t", true);
    EXPECT_EQ(input.detail, "name: too long");
    EXPECT_EQ(core::writeJson(core::Json(Response::problem(input).body)).find("secret"), std::string::npos);
}

}  // namespace
}  // namespace yimen::http
