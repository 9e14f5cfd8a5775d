// The data plane alone, with a session check: what the gateway costs before policy, Lua and access log.
// usage: bench_forwarder PORT UPSTREAM_PORT COOKIE_FILE [CERTIFICATE KEY]
// Writes the cookie to send into COOKIE_FILE; runs until SIGTERM.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/clock.h"
#include "core/random.h"
#include "crypto/ticket.h"
#include "net/server.h"
#include "net/upstream.h"

namespace {

using namespace yimen;

class Forwarder final : public net::Dispatcher {
public:
    Forwarder(const crypto::TicketSealer& sealer, std::shared_ptr<net::UpstreamGroup> upstream)
        : sealer_(sealer), upstream_(std::move(upstream)) {}

    void onRequest(net::Exchange& exchange) override {
        if (!signedIn(exchange)) return exchange.reply(net::Reply::empty(401));
        const net::RequestHead& head = exchange.head();
        static thread_local std::string out;
        out.clear();
        out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
        for (const net::Field& field : head.fields) {
            if (field.hop || field.id == net::FieldId::kCookie) continue;
            out.append(field.name).append(": ").append(field.value).append("\r\n");
        }
        out.append("X-Yimen-User: u1001\r\n");
        net::Forward forward;
        forward.upstream = upstream_;
        forward.head = out;
        forward.upgrade = head.upgrade;
        exchange.forward(std::move(forward));
    }
    void onEnd(net::Exchange&, const net::ExchangeStats&) override {}
    void onLoopStart(net::Loop&) override {}
    void onLoopTurn(net::Loop&) override {}
    void onLoopStop(net::Loop&) override {}

private:
    bool signedIn(net::Exchange& exchange) const {
        const net::Field* const cookie = exchange.head().find(net::FieldId::kCookie);
        if (cookie == nullptr || !cookie->value.starts_with("s=")) return false;
        std::uint8_t payload[256];
        return sealer_.openInto("bench", cookie->value.substr(2), exchange.loop().wallNow(), payload).has_value();
    }

    const crypto::TicketSealer& sealer_;
    const std::shared_ptr<net::UpstreamGroup> upstream_;
};

std::uint16_t portOf(const char* text) {
    return static_cast<std::uint16_t>(std::atoi(text));
}

}  // namespace

int main(int count, char** values) {
    if (count != 4 && count != 6) {
        std::fprintf(stderr, "usage: bench_forwarder PORT UPSTREAM_PORT COOKIE_FILE [CERTIFICATE KEY]\n");
        return 2;
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    const core::SystemClock clock;
    core::SystemRandom random;
    const crypto::TicketSealer sealer(crypto::KeyRing::ephemeral(random));
    const std::string payload(240, 'p');
    const auto ticket = sealer.seal("bench", core::asBytes(payload), clock.wall() + std::chrono::hours(1), random);
    std::ofstream(values[3]) << "s=" << ticket.value();
    net::UpstreamConfig upstream;
    upstream.name = "bench";
    upstream.origins = {{"127.0.0.1", portOf(values[2])}};
    upstream.maxConnections = 4096;
    Forwarder forwarder(sealer, net::UpstreamGroup::create(upstream, clock).value());
    net::ServerConfig config;
    config.loops = 1;
    config.listeners.resize(1);
    config.listeners[0].port = portOf(values[1]);
    config.limits.maxConnectionsPerClient = 16000;
    if (count == 6) config.listeners[0].tls = {{values[4], values[5]}};
    net::Server server(config, forwarder, clock, random);
    if (const core::Status started = server.start(); !started.ok()) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
        return 1;
    }
    int signal = 0;
    sigwait(&stop, &signal);
    server.stop(std::chrono::seconds(1));
    return 0;
}
