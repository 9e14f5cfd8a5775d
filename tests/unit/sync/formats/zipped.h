#pragma once

#include <zip.h>

#include <string>
#include <utility>
#include <vector>

namespace yimen::sync::fixture {

/// A zip file of these parts.
inline std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const memory = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(memory);
    zip_t* const archive = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, &error);
    for (const auto& [name, text] : parts) {
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
    }
    zip_close(archive);
    zip_source_open(memory);
    zip_source_seek(memory, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(memory)), '\0');
    zip_source_seek(memory, 0, SEEK_SET);
    zip_source_read(memory, bytes.data(), bytes.size());
    zip_source_close(memory);
    zip_source_free(memory);
    return bytes;
}

struct XlsxParts {
    std::string sheet = "";     ///< what stands inside <worksheet>
    std::string strings = "";   ///< what stands inside <sst>
    std::string workbook = "";  ///< workbookPr, if any
    std::string styles = "";    ///< what stands inside <styleSheet>
};

inline std::string xlsx(const XlsxParts& parts) {
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const std::string types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    return zipped({
        {"[Content_Types].xml", head + "<Types/>"},
        {"xl/workbook.xml", head + "<workbook xmlns:r=\"" + types + "\">" + parts.workbook +
                                "<sheets><sheet name=\"封面\" sheetId=\"1\" r:id=\"rId9\"/><sheet name=\"数据\" "
                                "sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         head + "<Relationships><Relationship Id=\"rId1\" Type=\"" + types +
             "/worksheet\" Target=\"worksheets/sheet1.xml\"/>" + "<Relationship Id=\"rId9\" Type=\"" + types +
             "/worksheet\" Target=\"/xl/worksheets/cover.xml\"/>" + "<Relationship Id=\"rId2\" Type=\"" + types +
             "/sharedStrings\" Target=\"sharedStrings.xml\"/>" + "<Relationship Id=\"rId3\" Type=\"" + types +
             "/styles\" Target=\"styles.xml\"/></Relationships>"},
        {"xl/sharedStrings.xml", head + "<sst>" + parts.strings + "</sst>"},
        {"xl/styles.xml", head + "<styleSheet>" + parts.styles + "</styleSheet>"},
        {"xl/worksheets/cover.xml", head + "<worksheet><sheetData/></worksheet>"},
        {"xl/worksheets/sheet1.xml", head + "<worksheet>" + parts.sheet + "</worksheet>"},
    });
}

}  // namespace yimen::sync::fixture
