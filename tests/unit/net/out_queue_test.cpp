#include "net/out_queue.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace yimen::net {
namespace {

/// A non-blocking pair with small buffers.
struct Pair {
    Pair() {
        int fds[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
        const int small = 4096;
        ::setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
        io = Transport(FileDescriptor(fds[0]));
        other = FileDescriptor(fds[1]);
    }
    std::string drain() const {
        std::string all(1 << 20, '\0');
        const ssize_t got = ::recv(other.get(), all.data(), all.size(), 0);
        all.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return all;
    }

    Transport io{FileDescriptor()};
    FileDescriptor other;
};

TEST(OutQueue, SendsAtOnceWhatFits) {
    Pair pair;
    std::unique_ptr<OutQueue> queue;
    std::uint64_t sent = 0;
    iovec parts[2] = {toVector("head "), toVector("body")};
    EXPECT_TRUE(writeOrQueue(pair.io, queue, parts, sent));
    EXPECT_EQ(queue, nullptr);
    EXPECT_EQ(sent, 9U);
    EXPECT_EQ(pair.drain(), "head body");
}

TEST(OutQueue, KeepsTheOrderOfWhatHasToWait) {
    Pair pair;
    std::unique_ptr<OutQueue> queue;
    std::uint64_t sent = 0;
    std::string expected;
    for (int i = 0; i < 50; ++i) {
        const std::string first(997, static_cast<char>('a' + i % 26));
        const std::string second(1009, static_cast<char>('A' + i % 26));
        expected += first + second;
        iovec parts[2] = {toVector(first), toVector(second)};
        ASSERT_TRUE(writeOrQueue(pair.io, queue, parts, sent));
    }
    ASSERT_NE(queue, nullptr);
    const auto tail = std::make_shared<const std::string>("skipped" + std::string(30000, 'z'));
    queue->setTail(tail, 7);
    expected += tail->substr(7);
    std::string got = pair.drain();
    while (!queue->empty()) {
        EXPECT_FALSE(queue->flush(pair.io).failed);
        got += pair.drain();
    }
    EXPECT_EQ(got, expected);
}

TEST(OutQueue, NoticesThatTheOtherSideIsGone) {
    Pair pair;
    pair.other.reset();
    std::unique_ptr<OutQueue> queue;
    std::uint64_t sent = 0;
    iovec part = toVector("x");
    EXPECT_FALSE(writeOrQueue(pair.io, queue, {&part, 1}, sent));
}

}  // namespace
}  // namespace yimen::net
