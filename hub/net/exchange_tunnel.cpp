// After 101: bytes both ways, as they come.
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/upstream_connection.h"

namespace yimen::net {

void ServedExchange::startTunnel(std::string& out) {
    const Field* const upgrade = relay_.head.find(FieldId::kUpgrade);
    out.append("Connection: Upgrade\r\nUpgrade: ").append(upgrade->value).append("\r\n\r\n");
    phase_ = Phase::kTunnel;
    stats_.status = 101;
    stats_.firstByteUs = microsSince(started_);
    stats_.bytesOut += out.size();
    upstream_->becomeTunnel();
    iovec part = toVector(out);
    if (!client_->send({&part, 1})) return;
    client_->watch(ClientConnection::Watch::kTunnel);
    // Both sides may have said something already.
    loop_.wake(*client_);
    loop_.wake(*upstream_);
}

bool ServedExchange::relayTunnel() {
    Inbox& inbox = upstream_->inbox();
    if (inbox.size() == 0) return false;
    iovec part = toVector(inbox.view());
    stats_.bytesOut += inbox.size();
    const bool sent = client_->send({&part, 1});
    if (!sent) return true;
    inbox.consume(inbox.size());
    if (!client_->outputBlocked()) client_->watch(ClientConnection::Watch::kTunnel, true);
    return true;
}

bool ServedExchange::pumpTunnel() {
    Inbox& inbox = client_->inbox();
    bool progress = false;
    while (!done() && upstream_ != nullptr && !upstream_->outputBlocked() && !relay_.clientEnds) {
        if (inbox.size() == 0) {
            const IoResult::Kind kind = client_->fill();
            if (kind == IoResult::Kind::kAgain) break;
            if (kind == IoResult::Kind::kError) {
                client_->abort();
                return true;
            }
            if (kind == IoResult::Kind::kEnd) {
                relay_.clientEnds = true;
                upstream_->finishWriting();
                if (relay_.upstreamEnds) finish(false);
                return true;
            }
        }
        iovec part = toVector(inbox.view());
        stats_.bytesIn += inbox.size();
        upstream_->send({&part, 1});
        inbox.consume(inbox.size());
        client_->watch(ClientConnection::Watch::kTunnel, true);
        progress = true;
    }
    return progress && !done();
}

}  // namespace yimen::net
