// The response parser never reads past its input, and what it accepts reads the same when written out again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/head_parser.h"
#include "net/response_filter.h"

using namespace yimen::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const ResponseContext context{(data[0] & 1) != 0, (data[0] & 2) != 0};
    const std::string text(data + 1, data + size);
    HeadScanner scanner;
    if (scanner.scan(text) != HeadScanner::Outcome::kComplete || scanner.start() != 0) return 0;
    std::vector<Field> fields;
    ResponseHead first;
    if (!parseResponse(std::string_view(text).substr(0, scanner.end()), context, fields, first)) return 0;
    std::string again;
    appendHead(first, again);
    for (const Field& field : first.fields) {
        if (field.hop) again.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    again += "\r\n";
    std::vector<Field> fieldsAgain;
    ResponseHead second;
    const bool read = parseResponse(again, context, fieldsAgain, second);
    // The rewritten head is always HTTP/1.1; an old one may not say the same about its framing.
    if (first.http11 && (!read || second.status != first.status || second.bodyKind != first.bodyKind ||
                         second.contentLength != first.contentLength || second.fields.size() != first.fields.size())) {
        std::abort();
    }
    return 0;
}
