#include "net/tls/ticket_keys.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "core/random.h"
#include "net/tls/tls_session.h"

namespace yimen::net {
namespace {

using namespace std::chrono_literals;

/// What the handshake would do: seal under one key, then ask for it later.
struct Ticket {
    unsigned char name[16];
    unsigned char iv[EVP_MAX_IV_LENGTH];
};

struct Keys {
    Keys() : context(SSL_CTX_new(TLS_server_method())), keys(random, clock, 100s) {
        keys.install(context.get());
        ssl.reset(SSL_new(context.get()));
    }
    int run(Ticket& ticket, int encrypt) {
        EVP_CIPHER_CTX* const cipher = EVP_CIPHER_CTX_new();
        EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        EVP_MAC_CTX* const mac = EVP_MAC_CTX_new(hmac);
        const int result = TicketKeys::callback(ssl.get(), ticket.name, ticket.iv, cipher, mac, encrypt);
        EVP_MAC_CTX_free(mac);
        EVP_MAC_free(hmac);
        EVP_CIPHER_CTX_free(cipher);
        return result;
    }

    core::SystemRandom random;
    core::ManualClock clock;
    SslContextPointer context;
    TicketKeys keys;
    SslPointer ssl;
};

TEST(TicketKeys, RotateAndAreAcceptedForOneLifetimeMore) {
    Keys test;
    Ticket ticket;
    ASSERT_EQ(test.run(ticket, 1), 1);
    EXPECT_EQ(test.run(ticket, 0), 1) << "the key in use";
    test.clock.advance(101s);
    EXPECT_EQ(test.run(ticket, 0), 2) << "an old key: resume, and give a new ticket";
    test.clock.advance(101s);
    EXPECT_EQ(test.run(ticket, 0), 0) << "unknown: full handshake";
}

TEST(TicketKeys, RefuseWhatIsNotTheirs) {
    Keys test;
    Ticket ticket{};
    EXPECT_EQ(test.run(ticket, 0), 0);
}

}  // namespace
}  // namespace yimen::net
