// The XML of a sheet inside a workbook that is good otherwise.
#include "sync/formats/workbook.h"
#include "sync_reading.h"
#include "unit/sync/formats/zipped.h"

using namespace yimen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string book =
        sync::fixture::xlsx({std::string(data, data + size), "<si><t>a</t></si><si><t>b</t></si>",
                             "<workbookPr date1904=\"1\"/>", "<cellXfs><xf numFmtId=\"14\"/></cellXfs>"});
    auto grid = sync::readWorkbook(book, {"数据", "f", std::nullopt, std::size_t{1} << 20U});
    if (!grid.ok()) return 0;
    sync::GridReader reader(std::move(grid).value(), {}, "f");
    fuzz::readAll(reader);
    return 0;
}
