// However the bytes are cut, the reader says the same; text it gives is valid UTF-8.
#include "sync/formats/csv_reader.h"

#include "core/unicode.h"
#include "sync_reading.h"

using namespace yimen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string text(data + 2, data + size);
    sync::CsvOptions options;
    options.dialect.excelMarks = (data[0] & 1U) != 0;
    options.dialect.delimiter = (data[0] & 2U) != 0 ? '|' : ',';
    if ((data[0] & 4U) != 0) options.trailer = "EOF {count}";
    const auto charset = (data[0] & 8U) != 0 ? sync::Charset::kGb18030 : sync::Charset::kUtf8;
    const auto read = [&](std::size_t step) {
        fuzz::Pieces bytes(text, step);
        sync::CsvReader reader(std::make_unique<sync::TextStream>(bytes, charset), options, "f");
        return fuzz::readAll(reader);
    };
    const std::string whole = read(1 << 20);
    if (!core::isValidUtf8(whole)) std::abort();
    if (whole != read(1U + data[1])) std::abort();
    return 0;
}
