// TLS towards browsers and towards systems, and the PROXY header in front of it.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <thread>

#include "net/tls/tls_session.h"
#include "test_server.h"
#include "tls_files.h"

#pragma GCC diagnostic ignored "-Wold-style-cast"  // OpenSSL's macros

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n";

/// A blocking TLS client, or server, on a raw socket.
class TlsPeer {
public:
    TlsPeer(RawSocket socket, int version, const char* name, SSL_SESSION* session = nullptr)
        : socket_(std::move(socket)), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_min_proto_version(context_.get(), version);
        SSL_CTX_set_max_proto_version(context_.get(), version);
        SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT);
        SSL_CTX_set_cipher_list(context_.get(), "DEFAULT:@SECLEVEL=0");
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket_.fd());
        if (name != nullptr) SSL_set_tlsext_host_name(ssl_.get(), name);
        const unsigned char protocols[] = "\x02h2\x08http/1.1";
        SSL_set_alpn_protos(ssl_.get(), protocols, sizeof protocols - 1);
        if (session != nullptr) SSL_set_session(ssl_.get(), session);
        connected = SSL_connect(ssl_.get()) == 1;
    }

    /// An unclean end would make OpenSSL forget the session.
    ~TlsPeer() { SSL_shutdown(ssl_.get()); }

    std::string ask(std::string_view request) {
        SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
        std::string all;
        char buffer[4096];
        while (all.find("\r\n\r\nok") == std::string::npos) {
            const int got = SSL_read(ssl_.get(), buffer, sizeof buffer);
            if (got <= 0) break;
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return all;
    }
    SSL* ssl() { return ssl_.get(); }
    std::string alpn() {
        const unsigned char* text = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &text, &size);
        return std::string(text, text + size);
    }
    bool served(const std::string& certificateFile) {
        std::FILE* const file = std::fopen(certificateFile.c_str(), "r");
        X509* const wanted = PEM_read_X509(file, nullptr, nullptr, nullptr);
        std::fclose(file);
        X509* const got = SSL_get1_peer_certificate(ssl_.get());
        const bool same = got != nullptr && X509_cmp(got, wanted) == 0;
        X509_free(wanted);
        X509_free(got);
        return same;
    }

    bool connected = false;

private:
    RawSocket socket_;
    net::SslContextPointer context_;
    net::SslPointer ssl_;
};

net::ServerConfig tlsConfig(std::initializer_list<const TlsFilesForTest*> files, unsigned loops = 1) {
    net::ServerConfig config;
    config.loops = loops;
    config.listeners.emplace_back();
    for (const TlsFilesForTest* one : files) config.listeners[0].tls.push_back({one->certificate(), one->key()});
    return config;
}

TEST(TlsListener, ServesBothVersions) {
    const TlsFilesForTest files("DNS:a.example");
    TestServer server(tlsConfig({&files}));
    server.dispatcher().handle = [](net::Exchange& exchange) {
        EXPECT_TRUE(exchange.peer().secure);
        EXPECT_EQ(exchange.peer().serverName, "a.example");
        exchange.reply(net::Reply::text(200, "ok"));
    };
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsPeer peer(server.client(), version, "a.example");
        ASSERT_TRUE(peer.connected) << version;
        EXPECT_EQ(peer.alpn(), "http/1.1");
        EXPECT_TRUE(peer.ask(kGet).starts_with("HTTP/1.1 200"));
        EXPECT_TRUE(peer.ask(kGet).starts_with("HTTP/1.1 200")) << "kept alive";
    }
    TlsPeer old(server.client(), TLS1_1_VERSION, "a.example");
    EXPECT_FALSE(old.connected);
    EXPECT_TRUE(server.waitMetric(net::Counter::kTlsFailed, 1));
}

TEST(TlsListener, ChoosesTheCertificateByName) {
    const TlsFilesForTest first("DNS:a.example");
    const TlsFilesForTest wild("DNS:b.example,DNS:*.b.example");
    TestServer server(tlsConfig({&first, &wild}));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "a.example").served(first.certificate()));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "B.example").served(wild.certificate()));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "x.b.example").served(wild.certificate()));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "x.y.b.example").served(first.certificate()));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, nullptr).served(first.certificate()));
}

TEST(TlsListener, ResumesSessionsOnAnyLoop) {
    const TlsFilesForTest files("DNS:a.example");
    TestServer server(tlsConfig({&files}, 3));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsPeer first(server.client(), version, "a.example");
        ASSERT_TRUE(first.connected);
        first.ask(kGet);
        EXPECT_FALSE(SSL_session_reused(first.ssl()));
        SSL_SESSION* const session = SSL_get1_session(first.ssl());
        unsigned resumed = 0;
        for (int i = 0; i < 6; ++i) {
            // A copy each time: OpenSSL's client spoils a TLS 1.3 session once it was used.
            SSL_SESSION* const copy = SSL_SESSION_dup(session);
            TlsPeer again(server.client(), version, "a.example", copy);
            if (SSL_session_reused(again.ssl()) == 1) ++resumed;
            SSL_SESSION_free(copy);
        }
        // Using a ticket twice is harmless here: 0-RTT is off, so that it repeats nothing.
        EXPECT_EQ(resumed, 6U) << version;
        SSL_SESSION_free(session);
    }
    EXPECT_TRUE(server.waitMetric(net::Counter::kTlsResumed, 12));
}

TEST(TlsListener, ReloadsItsCertificates) {
    TlsFilesForTest files("DNS:a.example");
    const TlsFilesForTest next("DNS:a.example");
    TestServer server(tlsConfig({&files}));
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "a.example").served(files.certificate()));
    std::rename(next.certificate().c_str(), files.certificate().c_str());
    EXPECT_FALSE(server.server().reloadTls().ok()) << "certificate without its key";
    std::rename(next.key().c_str(), files.key().c_str());
    ASSERT_TRUE(server.server().reloadTls().ok());
    EXPECT_TRUE(TlsPeer(server.client(), TLS1_3_VERSION, "a.example").served(files.certificate()));
}

TEST(TlsListener, StreamsLargeBodies) {
    const TlsFilesForTest files("DNS:a.example");
    TestServer server(tlsConfig({&files}));
    const auto body = std::make_shared<const std::string>(std::string(5000000, 'x') + "\r\n\r\nok");
    server.dispatcher().handle = [&](net::Exchange& exchange) {
        net::Reply reply;
        reply.body = body;
        exchange.reply(std::move(reply));
    };
    TlsPeer peer(server.client(), TLS1_3_VERSION, "a.example");
    const std::string all = peer.ask(kGet);
    EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4).size(), body->size());
}

TEST(TlsListener, GivesUpOnAHandshakeThatDoesNotCome) {
    const TlsFilesForTest files("DNS:a.example");
    net::ServerConfig config = tlsConfig({&files});
    config.limits.handshakeTimeout = 100ms;
    TestServer server(config);
    RawSocket silent = server.client();
    silent.readAll();
    EXPECT_TRUE(silent.peerClosed());
    RawSocket plain = server.client();
    plain.send(kGet);
    plain.readAll();
    EXPECT_TRUE(plain.peerClosed());
    EXPECT_EQ(server.metric(net::Counter::kRequests), 0U);
}

/// A front server that forwards over TLS to a second server of ours.
struct TlsChain {
    explicit TlsChain(const TlsFilesForTest& files) : back(tlsConfig({&files})) {}

    std::string ask(net::UpstreamTls tls) {
        net::UpstreamConfig config;
        config.origins = {{"127.0.0.1", back.port()}};
        config.tls = std::move(tls);
        config.tls.enabled = true;
        front.forwardTo(config);
        RawSocket client = front.client();
        client.send(kGet);
        return client.readUntil("\r\n\r\n").substr(9, 3);
    }

    TestServer front;
    TestServer back;
};

TEST(TlsUpstream, IsVerifiedStrictly) {
    const TlsFilesForTest authority("DNS:ca.example");
    const TlsFilesForTest good("DNS:up.example,IP:127.0.0.1", &authority);
    const TlsFilesForTest stranger("DNS:up.example,IP:127.0.0.1");
    TlsChain chain(good);
    net::UpstreamTls tls;
    tls.caFile = authority.certificate();
    EXPECT_EQ(chain.ask(tls), "200") << "the address is in the certificate";
    tls.serverName = "up.example";
    EXPECT_EQ(chain.ask(tls), "200");
    tls.serverName = "other.example";
    EXPECT_EQ(chain.ask(tls), "502") << "another name";
    tls.serverName = "up.example";
    tls.caFile = stranger.certificate();
    EXPECT_EQ(chain.ask(tls), "502") << "another authority";
    EXPECT_EQ(chain.ask({}), "502") << "the system's authorities do not know it";
    EXPECT_EQ(chain.back.metric(net::Counter::kRequests), 2U);
    ASSERT_TRUE(chain.front.dispatcher().waitEnded(5));
    EXPECT_EQ(chain.front.dispatcher().ended()[2].upstreamError, net::UpstreamError::kTls);
}

TEST(TlsUpstream, CanBePinned) {
    const TlsFilesForTest files("DNS:x");
    const TlsFilesForTest other("DNS:x");
    TlsChain chain(files);
    net::UpstreamTls tls;
    tls.pinnedSha256 = files.sha256();
    EXPECT_EQ(chain.ask(tls), "200");
    tls.pinnedSha256 = other.sha256();
    EXPECT_EQ(chain.ask(tls), "502");
}

TEST(TlsUpstream, RefusesUnusableSettings) {
    const core::SystemClock clock;
    net::UpstreamConfig config;
    EXPECT_FALSE(net::UpstreamGroup::create(config, clock).ok()) << "no origin";
    config.origins = {{"a.example", 0}};
    EXPECT_FALSE(net::UpstreamGroup::create(config, clock).ok()) << "no port";
    config.origins = {{"127.0.0.1", 1}};
    config.tls.enabled = true;
    config.tls.caFile = "/does/not/exist";
    const auto made = net::UpstreamGroup::create(config, clock);
    ASSERT_FALSE(made.ok());
    EXPECT_NE(made.error().message.find("/does/not/exist"), std::string::npos);
    config.tls.caFile.clear();
    config.tls.pinnedSha256 = "abc";
    EXPECT_FALSE(net::UpstreamGroup::create(config, clock).ok());
}

TEST(Server, RefusesUnusableSettings) {
    core::SystemClock clock;
    core::SystemRandom random;
    TestDispatcher dispatcher;
    const auto starts = [&](const net::ServerConfig& config) {
        net::Server server(config, dispatcher, clock, random);
        return server.start();
    };
    net::ServerConfig config;
    config.loops = 1;
    config.listeners.resize(1);
    config.listeners[0].address = "not an address";
    EXPECT_FALSE(starts(config).ok());
    config.listeners[0].address = "127.0.0.1";
    config.listeners[0].tls = {{"/no/cert.pem", "/no/key.pem"}};
    const core::Status noFile = starts(config);
    ASSERT_FALSE(noFile.ok());
    EXPECT_NE(noFile.error().message.find("/no/cert.pem"), std::string::npos);
    config.listeners[0].tls.clear();
    config.listeners[0].proxyProtocol = true;
    EXPECT_FALSE(starts(config).ok()) << "nobody is trusted to send the header";
    config.listeners[0].proxyProtocol = false;
    config.limits.maxHeadBytes = 100000;
    EXPECT_FALSE(starts(config).ok());
}

std::string proxyHeader(const char* tlvs = "", std::size_t tlvSize = 0) {
    std::string text("\r\n\r\n\0\r\nQUIT\n\x21\x11\x00", 15);
    text += static_cast<char>(12 + tlvSize);
    text.append("\xcb\x00\x71\x05\x7f\x00\x00\x01\x12\x67\x01\xbb", 12);
    return text.append(tlvs, tlvSize);
}

net::ServerConfig proxyConfig(const char* trusted) {
    net::ServerConfig config;
    config.listeners.emplace_back();
    config.listeners[0].proxyProtocol = true;
    config.listeners[0].trustedPeers = {core::Cidr::parse(trusted).value()};
    return config;
}

TEST(ProxyProtocol, NamesTheClient) {
    TestServer server(proxyConfig("127.0.0.0/8"));
    server.dispatcher().handle = [](net::Exchange& exchange) {
        const net::Peer& peer = exchange.peer();
        exchange.reply(net::Reply::text(200, peer.client.ip.text() + " " + peer.connection.ip.text() +
                                                 (peer.secure ? " secure" : " plain") + " ok"));
    };
    RawSocket client = server.client();
    const std::string header = proxyHeader();
    for (const char c : header) client.send({&c, 1});
    client.send(kGet);
    EXPECT_TRUE(client.readUntil(" ok").ends_with("203.0.113.5 127.0.0.1 plain ok"));
    RawSocket secure = server.client();
    secure.send(proxyHeader("\x20\x00\x05\x01\x00\x00\x00\x00", 8) + std::string(kGet));
    EXPECT_TRUE(secure.readUntil(" ok").ends_with("203.0.113.5 127.0.0.1 secure ok"));
}

TEST(ProxyProtocol, IsRequiredAndBelievedFromTrustedPeersOnly) {
    TestServer server(proxyConfig("127.0.0.0/8"));
    RawSocket without = server.client();
    without.send(kGet);
    EXPECT_EQ(without.readAll(), "");
    EXPECT_TRUE(without.peerClosed());
    TestServer strangers(proxyConfig("10.0.0.0/8"));
    RawSocket stranger = strangers.client();
    stranger.send(proxyHeader() + std::string(kGet));
    EXPECT_EQ(stranger.readAll(), "");
    EXPECT_EQ(strangers.metric(net::Counter::kProxyHeaderRefused), 1U);
    EXPECT_EQ(server.metric(net::Counter::kRequests) + strangers.metric(net::Counter::kRequests), 0U);
}

TEST(ProxyProtocol, StandsInFrontOfTls) {
    const TlsFilesForTest files("DNS:a.example");
    net::ServerConfig config = proxyConfig("127.0.0.0/8");
    config.listeners[0].tls = {{files.certificate(), files.key()}};
    TestServer server(config);
    RawSocket socket = server.client();
    socket.send(proxyHeader());
    TlsPeer peer(std::move(socket), TLS1_3_VERSION, "a.example");
    ASSERT_TRUE(peer.connected);
    EXPECT_TRUE(peer.ask(kGet).starts_with("HTTP/1.1 200"));
}

TEST(ForwardedHeaders, AreBelievedFromTrustedPeersOnly) {
    for (const bool trusted : {true, false}) {
        net::ServerConfig config;
        config.listeners.emplace_back();
        config.listeners[0].forwardedHeaders = true;
        config.listeners[0].trustedPeers = {core::Cidr::parse(trusted ? "127.0.0.1" : "10.0.0.1").value()};
        TestServer server(config);
        server.dispatcher().handle = [](net::Exchange& exchange) {
            exchange.reply(net::Reply::text(
                200, exchange.peer().client.ip.text() + (exchange.peer().secure ? " secure" : " plain") + " ok"));
        };
        RawSocket client = server.client();
        client.send(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.5\r\nX-Forwarded-Proto: https\r\n\r\n");
        EXPECT_TRUE(
            client.readUntil(" ok").ends_with(trusted ? "\r\n203.0.113.5 secure ok" : "\r\n127.0.0.1 plain ok"));
    }
}

}  // namespace
}  // namespace yimen::test
