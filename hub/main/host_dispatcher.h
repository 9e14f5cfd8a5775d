#pragma once

#include "gateway/gateway.h"
#include "http/service.h"
#include "net/dispatcher.h"

namespace yimen::main {

/// One listener, two kinds of host name: the hub's own goes to pages and API, a system's to the gateway, any other is
/// refused with 421 (RFC 9110 section 15.5.20). Thread-safe.
class HostDispatcher final : public net::Dispatcher {
public:
    HostDispatcher(std::string hubHost, const http::Service& service, gateway::Gateway& gateway)
        : hubHost_(std::move(hubHost)), service_(service), gateway_(gateway) {}

    void onRequest(net::Exchange& exchange) override;
    void onEnd(net::Exchange& exchange, const net::ExchangeStats& stats) override { gateway_.onEnd(exchange, stats); }
    void onLoopStart(net::Loop& loop) override { gateway_.onLoopStart(loop); }
    void onLoopTurn(net::Loop& loop) override { gateway_.onLoopTurn(loop); }
    void onLoopStop(net::Loop& loop) override { gateway_.onLoopStop(loop); }

private:
    std::string hubHost_;
    const http::Service& service_;
    gateway::Gateway& gateway_;
};

}  // namespace yimen::main
