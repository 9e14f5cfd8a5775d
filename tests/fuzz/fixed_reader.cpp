// However the bytes are cut, the reader says the same.
#include "sync/formats/fixed_reader.h"

#include "core/unicode.h"
#include "sync_reading.h"

using namespace yimen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string text(data + 2, data + size);
    sync::FixedOptions options;
    options.columns = {{"a", 1U + (data[0] & 7U)}, {"-", 1}, {"b", 4}};
    options.lines = (data[0] & 8U) != 0;
    options.charset = (data[0] & 16U) != 0 ? sync::Charset::kGbk : sync::Charset::kUtf8;
    if ((data[0] & 32U) != 0) options.trailer = "EOF {count}";
    const auto read = [&](std::size_t step) {
        sync::FixedReader reader(std::make_unique<fuzz::Pieces>(text, step), options, "f");
        return fuzz::readAll(reader);
    };
    const std::string whole = read(1 << 20);
    if (!core::isValidUtf8(whole)) std::abort();
    if (whole != read(1U + data[1])) std::abort();
    return 0;
}
