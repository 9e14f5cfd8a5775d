#include "lua/host_functions.h"

#include <gtest/gtest.h>

namespace yimen::lua {
namespace {

core::Result<Value> twice(std::span<const Value> arguments) {
    if (arguments.empty() || arguments[0].text() == nullptr) {
        return core::makeError(core::ErrorCode::kInvalidInput, "text expected");
    }
    const std::string one(arguments[0].textOr(""));
    return Value(one + one);
}

class HostFunctionsTest : public testing::Test {
protected:
    core::SystemClock clock_;
    State state_{Limits(), clock_, {{"crypto", "twice", twice}, {"crypto", "again", twice}, {"", "plain", twice}}};

    core::Result<Value> run(const std::string& body) {
        YIMEN_TRY(auto chunk, Chunk::compile("return function(a)\n" + body + "\nend", "hooks.lua"));
        YIMEN_TRY(const int module, state_.load(chunk));
        return state_.call(*state_.function(module, ""), {});
    }
    std::string text(const std::string& body) {
        const auto result = run(body);
        return result.ok() ? std::string(result->textOr("not text")) : "error: " + result.error().message;
    }
};

TEST_F(HostFunctionsTest, AreCalledInTheirLibraryOrAsGlobals) {
    EXPECT_EQ(text("return crypto.twice('ab') .. crypto.again('c') .. plain('d')"), "ababccdd");
}

TEST_F(HostFunctionsTest, HandTheirErrorsOver) {
    EXPECT_EQ(text("local v, e = crypto.twice(1) return tostring(v) .. e"), "niltext expected");
    EXPECT_EQ(text("crypto.twice(1) return crypto.twice('x')"), "xx");
}

TEST_F(HostFunctionsTest, StandInReadOnlyLibraries) {
    EXPECT_FALSE(run("crypto.twice = nil").ok());
    EXPECT_FALSE(run("crypto.other = 1").ok());
}

TEST_F(HostFunctionsTest, MayReturnWhatTheyWereGiven) {
    // The answer of one call is the argument of the next: neither may be lost when the other is made.
    EXPECT_EQ(text("return plain(plain(plain('a')))"), "aaaaaaaa");
}

}  // namespace
}  // namespace yimen::lua
