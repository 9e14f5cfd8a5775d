#include "net/response_filter.h"

#include <gtest/gtest.h>

#include <set>

#include "net/head_parser.h"

namespace yimen::net {
namespace {

TEST(AppendHead, LeavesOutWhatBelongsToTheConnection) {
    const std::string bytes =
        "HTTP/1.0 404 Nicht da\r\nContent-Length: 3\r\nConnection: X-Gone\r\nX-Gone: 1\r\nX-Kept:  a b \r\n"
        "Keep-Alive: timeout=5\r\n\r\n";
    std::vector<Field> fields;
    ResponseHead head;
    ASSERT_TRUE(parseResponse(bytes, {}, fields, head));
    std::string out;
    appendHead(head, out);
    EXPECT_EQ(out, "HTTP/1.1 404 Nicht da\r\nX-Kept: a b\r\n");
}

TEST(UpstreamError, HasAWordAndAStatusForEach) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(UpstreamError::kBadResponse); ++i) {
        const auto error = static_cast<UpstreamError>(i);
        words.insert(toString(error));
        EXPECT_GE(statusFor(error), 502);
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(UpstreamError::kBadResponse) + 1);
    EXPECT_EQ(statusFor(UpstreamError::kReadTimeout), 504);
    EXPECT_EQ(statusFor(UpstreamError::kUnavailable), 503);
    EXPECT_EQ(statusFor(UpstreamError::kTls), 502);
}

}  // namespace
}  // namespace yimen::net
