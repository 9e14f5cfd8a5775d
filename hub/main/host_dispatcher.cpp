#include "main/host_dispatcher.h"

#include "core/ascii.h"

namespace yimen::main {

void HostDispatcher::onRequest(net::Exchange& exchange) {
    if (gateway_.onRequest(exchange)) return;
    if (core::equalIgnoreCase(gateway::hostName(exchange.head().host), hubHost_)) return service_.serve(exchange);
    exchange.reply(net::Reply::text(421, "421 Misdirected Request: no such host name here\n"));
}

}  // namespace yimen::main
