#include "sync/formats/gbk_table.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(GbkTable, HoldsLengthAndBytesOfACode) {
    const std::uint32_t zhong = gbkTable(Charset::kGbk).utf8[0xD6D0];
    EXPECT_EQ(zhong, 0x03ADB8E4U);
    EXPECT_EQ(GbkTable::lengthOf(zhong), 3U);
    EXPECT_EQ(gbkTable(Charset::kGbk).utf8[0xFFFF], 0U);
    EXPECT_EQ(GbkTable::lengthOf(gbkTable(Charset::kGb18030).utf8[0xFE51]), 4U);
}

}  // namespace
}  // namespace yimen::sync
