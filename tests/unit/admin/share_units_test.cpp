#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

TEST(DirectoryUnits, AreTheTreeOfToday) {
    ShareHub world;
    world.signIn("a", world.community, "clerk");
    const std::vector<std::string> expected{"210299001", "210299001001"};
    EXPECT_EQ(world.units.codesUnder("210299001"), expected);
    EXPECT_TRUE(world.units.codesUnder("none").empty());
    EXPECT_TRUE(world.units.exists("D04"));
    EXPECT_FALSE(world.units.exists(""));
    EXPECT_EQ(world.units.unitNamed("区民政局"), "D04");
    EXPECT_EQ(world.units.unitNamed(""), "");
}

TEST(DirectoryUnits, HoldPostsOfPartsToThem) {
    ShareHub world;
    const auto person = world.signIn("a", world.community, "clerk");
    const auto directory = world.hub.context.hub.directory.current();
    const auto today = identity::dayAt(world.hub.world.clock.wall(), std::chrono::minutes(480));
    identity::Post post = *directory->postsOf(person, today).front();
    EXPECT_EQ(territoryOf(*directory, post, today), "210299001001");
    post.org = world.owner;
    EXPECT_EQ(territoryOf(*directory, post, today), std::nullopt) << "a department works for the whole district";
}

}  // namespace
}  // namespace yimen::admin::test
