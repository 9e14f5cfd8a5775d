#pragma once

#include <http_parser.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "net/head.h"

namespace yimen::net {

/// What libhttp-parser read.
struct PeerHead {
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields;
    bool complete = false;
    bool inValue = true;
    bool chunked = false;
    std::uint64_t contentLength = 0;
};

inline PeerHead& peerOf(http_parser* parser) {
    return *static_cast<PeerHead*>(parser->data);
}

inline http_parser_settings peerSettings() {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = [](http_parser* parser, const char* at, std::size_t size) {
        peerOf(parser).target.append(at, size);
        return 0;
    };
    settings.on_header_field = [](http_parser* parser, const char* at, std::size_t size) {
        PeerHead& head = peerOf(parser);
        if (head.inValue) head.fields.emplace_back();
        head.inValue = false;
        head.fields.back().first.append(at, size);
        return 0;
    };
    settings.on_header_value = [](http_parser* parser, const char* at, std::size_t size) {
        PeerHead& head = peerOf(parser);
        head.inValue = true;
        head.fields.back().second.append(at, size);
        return 0;
    };
    settings.on_headers_complete = [](http_parser* parser) {
        PeerHead& head = peerOf(parser);
        head.complete = true;
        head.chunked = (parser->flags & F_CHUNKED) != 0;
        head.contentLength = parser->content_length;
        return 0;  // what it refuses about the framing it refuses only after this
    };
    return settings;
}

inline std::string trimEnd(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    return text;
}

/// Aborts when the other parser accepts the same bytes and reads something else. Methods it does not know, and targets
/// and framing it refuses, are no contradiction: it takes "Transfer-Encodingx" for a second Transfer-Encoding, and
/// then refuses the request because the last coding is not chunked.
inline void checkPeerRequest(const std::string& bytes, const RequestHead& ours) {
    static const http_parser_settings settings = peerSettings();
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    PeerHead theirs;
    parser.data = &theirs;
    http_parser_execute(&parser, &settings, bytes.data(), bytes.size());
    if (!theirs.complete || HTTP_PARSER_ERRNO(&parser) != HPE_OK) return;
    const bool absolute = !theirs.target.empty() && theirs.target.front() != '/';
    bool same = absolute || theirs.target == ours.target;
    same = same && theirs.fields.size() == ours.fields.size();
    for (std::size_t i = 0; same && i < theirs.fields.size(); ++i) {
        same = theirs.fields[i].first == ours.fields[i].name &&
               trimEnd(theirs.fields[i].second) == std::string(ours.fields[i].value);
    }
    same = same && theirs.chunked == (ours.bodyKind == BodyKind::kChunked);
    if (ours.bodyKind == BodyKind::kLength) same = same && theirs.contentLength == ours.contentLength;
    if (!same) std::abort();
}

}  // namespace yimen::net
