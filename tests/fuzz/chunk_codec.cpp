// However the bytes are cut, the decoder says the same; and what libhttp-parser makes of an accepted body is the same.
#include "net/chunk_codec.h"

#include <http_parser.h>

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace yimen::net;

namespace {

struct Decoded {
    ChunkDecoder::Outcome outcome = ChunkDecoder::Outcome::kMore;
    std::string body;
    std::size_t used = 0;
};

Decoded decode(const std::string& text, std::size_t step) {
    ChunkDecoder decoder;
    Decoded result;
    while (result.used < text.size() && result.outcome == ChunkDecoder::Outcome::kMore) {
        std::string piece = text.substr(result.used, step);
        const ChunkDecoder::Step done = decoder.decode(piece.data(), piece.size(), piece.data());
        if (done.produced > done.consumed || done.consumed > piece.size()) std::abort();
        result.body.append(piece, 0, done.produced);
        result.used += done.consumed;
        result.outcome = done.outcome;
    }
    return result;
}

void comparePeer(const std::string& text, const Decoded& ours) {
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    struct Peer {
        std::string body;
        bool complete = false;
    } peer;
    parser.data = &peer;
    settings.on_body = [](http_parser* p, const char* at, std::size_t size) {
        static_cast<Peer*>(p->data)->body.append(at, size);
        return 0;
    };
    settings.on_message_complete = [](http_parser* p) {
        static_cast<Peer*>(p->data)->complete = true;
        http_parser_pause(p, 1);
        return 0;
    };
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string all = head + text.substr(0, ours.used);
    http_parser_execute(&parser, &settings, all.data(), all.size());
    const bool refused = HTTP_PARSER_ERRNO(&parser) != HPE_OK && HTTP_PARSER_ERRNO(&parser) != HPE_PAUSED;
    if (!refused && (!peer.complete || peer.body != ours.body)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string text(data + 1, data + size);
    const Decoded whole = decode(text, text.size() + 1);
    const Decoded pieces = decode(text, 1U + data[0] % 7U);
    if (whole.outcome != pieces.outcome || whole.body != pieces.body || whole.used != pieces.used) std::abort();
    if (whole.outcome == ChunkDecoder::Outcome::kDone) comparePeer(text, whole);
    return 0;
}
