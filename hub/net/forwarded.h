#pragma once

#include <span>

#include "net/exchange.h"

namespace yimen::net {

/// Sets client and secure from X-Forwarded-For and X-Forwarded-Proto. Call it only when the connection comes from a
/// trusted peer. The client is the right-most address that is not a trusted peer itself: what stands further left was
/// written by whom we do not know. Internal to net.
void applyForwardedFields(const RequestHead& head, std::span<const core::Cidr> trusted, Peer& peer);

}  // namespace yimen::net
