#include "net/chunk_codec.h"

#include <gtest/gtest.h>

#include <string>

#include "net/body_reader.h"

namespace yimen::net {
namespace {

using Outcome = ChunkDecoder::Outcome;

struct Decoded {
    Outcome outcome = Outcome::kMore;
    std::string body;
    std::string rest;
};

/// Feeds `text` in pieces of `step` bytes, in place as the connections do.
Decoded decode(const std::string& text, std::size_t step = std::string::npos) {
    ChunkDecoder decoder;
    Decoded result;
    for (std::size_t at = 0; at < text.size() && result.outcome == Outcome::kMore;) {
        std::string piece = text.substr(at, step);
        const ChunkDecoder::Step done = decoder.decode(piece.data(), piece.size(), piece.data());
        result.body.append(piece, 0, done.produced);
        result.outcome = done.outcome;
        at += done.consumed;
        result.rest = text.substr(at);
    }
    return result;
}

TEST(ChunkDecoder, ReadsChunksHoweverTheyAreCut) {
    const std::string text = "5\r\nhello\r\n1;a=b\r\n \r\n00A\r\n0123456789\r\n0\r\nX-T: v\r\n\r\nGET";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        const Decoded result = decode(text, step);
        EXPECT_EQ(result.outcome, Outcome::kDone) << step;
        EXPECT_EQ(result.body, "hello 0123456789") << step;
        EXPECT_EQ(result.rest, "GET") << step;
    }
}

TEST(ChunkDecoder, RefusesEverySlackSyntax) {
    for (const std::string& text : {
             std::string("5\nhello\r\n0\r\n\r\n"),
             std::string("5\r\nhello\n0\r\n\r\n"),
             std::string("5\r\nhello0\r\n\r\n"),
             std::string("5 \r\nhello\r\n"),
             std::string(" 5\r\nhello\r\n"),
             std::string("+5\r\nhello\r\n"),
             std::string("-1\r\n"),
             std::string("0x5\r\nhello\r\n"),
             std::string("\r\n5\r\nhello\r\n"),
             std::string(";a\r\n"),
             std::string("g\r\n"),
             std::string("5\r\nhello!\r\n0\r\n\r\n"),
             std::string("5\rhello\r\n"),
             std::string("0\r\n\n"),
             std::string("0\r\n\rX"),
             std::string("0\n\r\n"),
             std::string("0\r\nX : y\r\n\r\n"),
             std::string("0\r\n X: y\r\n\r\n"),
             std::string("0\r\nnocolon\r\n\r\n"),
             std::string("0\r\nX: \x01\r\n\r\n"),
             std::string("0\r\nX: y\n\r\n"),
             std::string("1;a\x01\r\n"),
             std::string("1;a\nb\r\n"),
             std::string("1000000000000000\r\n"),
             std::string("5\r\nhello\r\r\n"),
             "1;" + std::string(300, 'a') + "\r\n",
             "0\r\nX: " + std::string(9000, 'a') + "\r\n\r\n",
         }) {
        EXPECT_EQ(decode(text).outcome, Outcome::kBad) << text;
        EXPECT_EQ(decode(text, 1).outcome, Outcome::kBad) << text;
    }
}

TEST(ChunkDecoder, WaitsForTheLastByte) {
    const std::string text = "3\r\nabc\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(decode(text.substr(0, size)).outcome, Outcome::kMore) << size;
    }
}

TEST(ChunkWriter, WritesWhatTheDecoderReads) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{65536}}) {
        char line[20];
        std::string text(line, writeChunkSize(size, line));
        text.append(size, 'x').append("\r\n").append(kLastChunk);
        const Decoded result = decode(text);
        EXPECT_EQ(result.outcome, Outcome::kDone);
        EXPECT_EQ(result.body.size(), size);
    }
}

TEST(BodyReader, StopsAtTheLength) {
    BodyReader reader;
    reader.start(BodyKind::kLength, 5);
    std::string data = "abcdefgh";
    const BodyReader::Step step = reader.take(data.data(), data.size());
    EXPECT_EQ(step.consumed, 5U);
    EXPECT_EQ(step.produced, 5U);
    EXPECT_TRUE(reader.done());
}

TEST(BodyReader, EndsOnCloseOnlyWhenFramedSo) {
    BodyReader reader;
    reader.start(BodyKind::kUntilClose, 0);
    EXPECT_TRUE(reader.endOnClose());
    reader.start(BodyKind::kLength, 1);
    EXPECT_FALSE(reader.endOnClose());
    reader.start(BodyKind::kChunked, 0);
    EXPECT_FALSE(reader.endOnClose());
}

}  // namespace
}  // namespace yimen::net
