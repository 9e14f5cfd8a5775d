// What the reader accepts, nlohmann's parser accepts too, unless it is about a name that stands twice or a number that
// no machine type holds.
#include "sync/formats/json_reader.h"

#include "core/json.h"
#include "sync_reading.h"

using namespace yimen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    auto document = sync::JsonDocument::parse(text, "f");
    const auto peer = core::parseJson(text, sync::JsonDocument::kMaxDepth + 2);
    if (!document.ok()) return 0;
    if (!peer.ok()) {
        const std::string& why = peer.error().describe();
        if (why.find("uplicate") == std::string::npos && why.find("twice") == std::string::npos &&
            why.find("number") == std::string::npos && why.find("deep") == std::string::npos) {
            std::abort();
        }
    }
    sync::JsonReader reader(std::move(document).value(), "", {});
    fuzz::readAll(reader);
    return 0;
}
