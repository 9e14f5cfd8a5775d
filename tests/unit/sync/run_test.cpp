#include "sync/run.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace yimen::sync {
namespace {

TEST(RunState, HasAWordOfItsOwnForEach) {
    std::set<std::string_view> words;
    for (const auto state : {RunState::kRunning, RunState::kDone, RunState::kPartial, RunState::kFailed,
                             RunState::kRetrying, RunState::kCancelled}) {
        words.insert(toString(state));
    }
    EXPECT_EQ(words.size(), 6U);
}

}  // namespace
}  // namespace yimen::sync
