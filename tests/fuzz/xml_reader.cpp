// Two looks at one document agree: the columns that are found are columns that can be read.
#include "sync/formats/xml_reader.h"

#include "sync_reading.h"

using namespace yimen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    sync::XmlReader reader(std::string(data, data + size), "a/r", {}, "f");
    if (!reader.columns().ok()) return 0;
    fuzz::readAll(reader);
    return 0;
}
