#include <chrono>

#include "unit/identity/fixture.h"

namespace yimen::identity {

using store::OrgKind;

TEST(DirectoryHolder, LoadsSixThousandPeopleInTwoSeconds) {
    test::World world;
    ASSERT_TRUE(world.stores.transactor
                    ->transaction([&]() -> core::Status {
                        const OrgId district = world.organisation("D", OrgKind::kDistrict, 0);
                        std::vector<OrgId> grids;
                        for (int s = 0; s < 25; ++s) {
                            const std::string street = "D" + std::to_string(s);
                            const OrgId streetId = world.organisation(street, OrgKind::kStreet, district);
                            for (int c = 0; c < 15; ++c) {
                                const std::string community = street + "." + std::to_string(c);
                                const OrgId communityId = world.organisation(community, OrgKind::kCommunity, streetId);
                                for (int g = 0; g < 10; ++g) {
                                    grids.push_back(world.organisation(community + "." + std::to_string(g),
                                                                       OrgKind::kGrid, communityId));
                                }
                            }
                        }
                        for (std::size_t i = 0; i < 6000; ++i) {
                            const PersonId person = world.person("p" + std::to_string(i));
                            EXPECT_TRUE(world.stores.posts
                                            ->create({0, person, grids[i % grids.size()], "网格员", "grid_worker", {}})
                                            .ok());
                        }
                        return {};
                    })
                    .ok());
    DirectoryHolder holder(world.stores);
    const auto before = std::chrono::steady_clock::now();
    ASSERT_TRUE(holder.reload().ok());
    const auto took = std::chrono::steady_clock::now() - before;
    const auto directory = holder.current();
    EXPECT_EQ(directory->people().size(), 6000U);
    EXPECT_EQ(directory->organisations().size(), 1U + 25U + 375U + 3750U);
    EXPECT_EQ(directory->subtree(1, 0).size(), 4151U);
    std::printf("directory of 6,000 people and 4,151 units: %lld ms\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LT(took, std::chrono::seconds(2));
#endif
}

TEST(DirectoryHolder, KeepsTheFormerSnapshotForWhoHoldsIt) {
    test::World world;
    DirectoryHolder holder(world.stores);
    const auto before = holder.current();
    world.person("zhang");
    ASSERT_TRUE(holder.reload().ok());
    EXPECT_EQ(before->people().size(), 0U);
    EXPECT_EQ(holder.current()->people().size(), 1U);
}

TEST(DirectoryHolder, CanBeReadWhileItIsReloaded) {
    test::World world;
    world.person("zhang");
    DirectoryHolder holder(world.stores);
    ASSERT_TRUE(holder.reload().ok());
    std::atomic<int> wrong{0};
    test::together(4, [&](int index) {
        for (int i = 0; i < 50; ++i) {
            if (index == 0 && !holder.reload().ok()) ++wrong;
            if (holder.current()->personByKey("zhang") == nullptr) ++wrong;
        }
    });
    EXPECT_EQ(wrong.load(), 0);
}

}  // namespace yimen::identity
