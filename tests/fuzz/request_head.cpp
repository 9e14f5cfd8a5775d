// What the parser accepts must have one reading: written out again in our spelling it parses to the same, and
// libhttp-parser, which is more lenient, agrees on every part.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/head_parser.h"
#include "peer_parser.h"

using namespace yimen::net;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

std::string rewritten(const RequestHead& head) {
    std::string text;
    text.append(head.method).append(" ").append(head.target).append(head.http11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    for (const Field& field : head.fields) text.append(field.name).append(": ").append(field.value).append("\r\n");
    return text + "\r\n";
}

void checkAgain(const std::string& text, const RequestHead& first, const ServerLimits& limits) {
    std::vector<Field> fields;
    RequestHead second;
    require(parseRequest(text, limits, fields, second) == HeadError::kNone);
    require(second.method == first.method && second.target == first.target && second.host == first.host);
    require(second.bodyKind == first.bodyKind && second.contentLength == first.contentLength);
    require(second.fields.size() == first.fields.size() && second.keepAlive == first.keepAlive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    HeadScanner scanner;
    if (scanner.scan(text) != HeadScanner::Outcome::kComplete) return 0;
    require(scanner.end() <= size && scanner.start() < scanner.end());
    const std::string_view head = std::string_view(text).substr(scanner.start(), scanner.end() - scanner.start());
    ServerLimits limits;
    limits.underscoreNames = true;
    std::vector<Field> fields;
    RequestHead parsed;
    if (parseRequest(head, limits, fields, parsed) != HeadError::kNone) return 0;
    checkAgain(rewritten(parsed), parsed, limits);
    checkPeerRequest(std::string(head), parsed);
    return 0;
}
