#include "sync/formats/workbook.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(Workbook, IsToldByItsContentAndNotByItsName) {
    EXPECT_EQ(sniffWorkbook("PK\x03\x04rest"), WorkbookKind::kXlsx);
    EXPECT_EQ(sniffWorkbook("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), WorkbookKind::kXls);
    EXPECT_EQ(sniffWorkbook("\xEF\xBB\xBF\r\n <table>"), WorkbookKind::kHtml);
    EXPECT_EQ(sniffWorkbook("a,b"), WorkbookKind::kUnknown);
    EXPECT_EQ(sniffWorkbook(""), WorkbookKind::kUnknown);
}

}  // namespace
}  // namespace yimen::sync
