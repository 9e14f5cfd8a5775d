#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class LuaConditionTest : public MatchersTest {};

TEST_F(LuaConditionTest, AFailingScriptDenies) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: d, title: d, effect: deny, systems: all, when: {lua: "return nothing.x"}}
  - {id: a, title: a, effect: allow, systems: all}
)");
    EXPECT_EQ(Question().decide(*engine).rule, "d");
}

}  // namespace
}  // namespace yimen::policy
