#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/body_reader.h"
#include "net/head_parser.h"
#include "net/response_filter.h"

namespace yimen::net {

/// Where an exchange stands in the upstream's answer. A value, reused with its buffers. Internal to net.
struct ResponseRelay {
    enum class State : std::uint8_t { kHead, kPeek, kBody, kComplete };
    enum class Framing : std::uint8_t { kNone, kLength, kChunked, kUntilClose };

    State state = State::kHead;
    Framing framing = Framing::kNone;  ///< towards the client
    HeadScanner scanner;
    ResponseHead head;
    std::vector<Field> fields;
    BodyReader body;
    std::string headBytes;  ///< copy of the head, kept while peeking
    std::string peeked;
    std::size_t peekLimit = 0;
    std::unique_ptr<BodyRewriter> rewriter;
    std::string rewritten;
    unsigned interims = 0;
    bool anyByte = false;     ///< something came: no retry from here on
    bool clientEnds = false;  ///< tunnel: the client has closed its side
    bool upstreamEnds = false;

    void reset() {
        state = State::kHead;
        framing = Framing::kNone;
        scanner.reset();
        body.start(BodyKind::kNone, 0);
        headBytes.clear();
        peeked.clear();
        rewriter.reset();
        interims = 0;
        anyByte = clientEnds = upstreamEnds = false;
    }
};

}  // namespace yimen::net
