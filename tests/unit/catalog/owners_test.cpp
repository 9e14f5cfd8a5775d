#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

TEST(Owners, AreFoundByFileByNameOrOtherwise) {
    ShareWorld world;
    const auto owner = [&](const std::string& provider) {
        DataItem item;
        item.provider = provider;
        return world.owners.of(item, world.units);
    };
    EXPECT_EQ(owner("区民政局/街道"), "D04") << "by owners.yaml";
    EXPECT_EQ(owner("区民政局"), "D04") << "by its name";
    EXPECT_EQ(owner("国务院办公厅/国家信息中心"), "D11") << "otherwise";
    world.units.parents.clear();
    EXPECT_EQ(Owners().of(world.catalog.items().front(), world.units), "") << "nobody";
}

TEST(Owners, RefuseAFileThatIsNotInOrder) {
    const store::test::TempFolder folder;
    EXPECT_TRUE(Owners::load(folder.file("none.yaml")).ok());
    std::FILE* file = std::fopen(folder.file("bad.yaml").c_str(), "w");
    std::fputs("otherwise: x\nprovider: {}\n", file);
    std::fclose(file);
    EXPECT_NE(Owners::load(folder.file("bad.yaml")).error().message.find("bad.yaml:2:1"), std::string::npos);
}

}  // namespace
}  // namespace yimen::catalog::test
