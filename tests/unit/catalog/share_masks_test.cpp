#include "catalog/share_masks.h"

#include <gtest/gtest.h>

#include "crypto/key_ring.h"

namespace yimen::catalog {
namespace {

class ShareMasksTest : public ::testing::Test {
protected:
    core::SystemRandom random;
    crypto::KeyRing keys = crypto::KeyRing::ephemeral(random);
    ShareMasks masks{keys.deriveActive("share_masks")};
};

TEST_F(ShareMasksTest, ShowAPart) {
    EXPECT_EQ(masks.masked(Mask::kPlain, "张三丰", "s"), "张三丰");
    EXPECT_EQ(masks.masked(Mask::kName, "张三丰", "s"), "张**");
    EXPECT_EQ(masks.masked(Mask::kIdNumber, "210299195001011234", "s"), "210299********1234");
    EXPECT_EQ(masks.masked(Mask::kPhone, "13800001234", "s"), "138****1234");
    EXPECT_EQ(masks.masked(Mask::kAddress, "大连市甘井子区机场街道迎客路5号", "s"), "大连市甘井子区机场街道*****");
    EXPECT_EQ(masks.masked(Mask::kAddress, "大连市中山区人民路", "s"), "大连市中山区***");
    EXPECT_EQ(masks.masked(Mask::kAddress, "迎客路5号", "s"), "*****") << "nothing that may stay";
    EXPECT_EQ(masks.masked(Mask::kAddress, "机场街道", "s"), "机场街道*");
    EXPECT_EQ(masks.masked(Mask::kIdNumber, "123", "s"), "***") << "too short to show a part of";
}

TEST_F(ShareMasksTest, HashesByKeyAndScope) {
    const std::string hash = masks.masked(Mask::kHash, "210299195001011234", "unit D15");
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(masks.masked(Mask::kHash, "210299195001011234", "unit D15"), hash);
    EXPECT_NE(masks.masked(Mask::kHash, "210299195001011235", "unit D15"), hash);
    EXPECT_NE(masks.masked(Mask::kHash, "210299195001011234", "unit D16"), hash);
    EXPECT_NE(ShareMasks(keys.deriveActive("another")).masked(Mask::kHash, "210299195001011234", "unit D15"), hash);
}

TEST_F(ShareMasksTest, NamesRowsWithoutMixingUpTheirKeys) {
    const std::string name = masks.rowName({"ab", "c"}, "share 1");
    EXPECT_EQ(name.size(), 32U);
    EXPECT_NE(masks.rowName({"a", "bc"}, "share 1"), name);
    EXPECT_NE(masks.rowName({"ab", "c"}, "share 2"), name);
}

}  // namespace
}  // namespace yimen::catalog
