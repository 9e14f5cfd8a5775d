// Clients that go away, long bodies, back-pressure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "forward_chain.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

TEST(ClientGone, ClosesTheUpstreamConnection) {
    ForwardChain chain;
    chain.request(kGet);
    chain.client.abort();
    chain.upstream.readAll();
    EXPECT_TRUE(chain.upstream.peerClosed());
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(1));
    EXPECT_TRUE(chain.server.dispatcher().ended()[0].clientAborted);
}

TEST(ClientGone, HalfCloseStillGetsItsAnswer) {
    ForwardChain chain;
    chain.request(kGet);
    chain.client.finishWriting();
    std::this_thread::sleep_for(20ms);
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readAll().ends_with("\r\n\r\nok"));
    EXPECT_TRUE(chain.client.peerClosed());
}

TEST(Body, EarlyAnswerToALongUploadReachesTheClient) {
    ForwardChain chain;
    chain.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    chain.upstream.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
    const std::string answer = chain.client.readUntil("\r\n\r\nbig");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << "the rest of the body will not be read";
}

TEST(Body, OverTheLimitIsRefused) {
    net::ServerConfig config;
    config.limits.maxBodyBytes = 10;
    ForwardChain chain(config);
    chain.client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 413 "));
    EXPECT_FALSE(chain.listener.accept(50ms).open());
    RawSocket chunked = chain.server.client();
    chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'x') +
                 "\r\n");
    EXPECT_TRUE(chunked.readUntil("\r\n\r\n").starts_with("HTTP/1.1 413 "));
}

std::size_t residentKiB() {
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    long total = 0;
    long resident = 0;
    const int read = std::fscanf(file, "%ld %ld", &total, &resident);
    std::fclose(file);
    return read == 2 ? static_cast<std::size_t>(resident) * 4 : 0;
}

TEST(BackPressure, KeepsMemoryFlatWithASlowReader) {
    ForwardChain chain;
    chain.request(kGet);
    constexpr std::size_t kSize = 100 * 1000 * 1000;
    std::thread writer([&] {
        chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
        const std::string block(1000 * 1000, 'x');
        for (std::size_t sent = 0; sent < kSize; sent += block.size()) chain.upstream.send(block);
    });
    chain.client.readUntil("\r\n\r\n");
    std::this_thread::sleep_for(300ms);  // the client does not read: everything must stop
    const std::size_t before = residentKiB();
    std::size_t got = 0;
    std::size_t most = before;
    while (got < kSize && !chain.client.peerClosed()) {
        got += chain.client.readSome(256 * 1024).size();
        most = std::max(most, residentKiB());
    }
    writer.join();
    EXPECT_EQ(got, kSize);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep freed memory
    EXPECT_LT(most - before, 4096U) << "KiB";
#endif
}

TEST(BackPressure, StopsReadingAnUploadTheUpstreamDoesNotTake) {
    ForwardChain chain;
    constexpr std::size_t kSize = 50 * 1000 * 1000;
    chain.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    std::thread writer([&] {
        const std::string block(1000 * 1000, 'x');
        for (std::size_t sent = 0; sent < kSize; sent += block.size()) chain.client.send(block);
    });
    std::this_thread::sleep_for(300ms);
    EXPECT_LT(chain.server.metric(net::Counter::kBytesIn), 20U * 1000 * 1000) << "kernel buffers only";
    std::size_t got = 0;
    while (got < kSize && !chain.upstream.peerClosed()) got += chain.upstream.readSome(1 << 20).size();
    EXPECT_EQ(got, kSize);
    writer.join();
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace yimen::test
