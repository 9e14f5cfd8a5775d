#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/snapshot.h"
#include "core/ip_address.h"
#include "identity/session_table.h"
#include "identity/throttle.h"
#include "net/server_config.h"
#include "net/worker_pool.h"
#include "web/hub.h"

namespace yimen::main {

/// Hashing a password takes 20 ms of CPU: it makes way for the loops, or a storm of wrong passwords delays session
/// checks.
inline constexpr int kHashNiceness = 10;

/// The configuration in the words of each part: what `config` has checked, as the part's own settings. Any thread.
std::chrono::seconds seconds(config::Millis value);
net::WorkerPool::Config poolOf(const char* name, const config::Pool& pool, int niceness = 0);
identity::SessionLimits sessionsOf(const config::Sessions& from);
identity::ThrottleLimits throttleOf(const config::Throttle& from);
net::ServerConfig serverOf(const config::Snapshot& config);
/// `port` is the one in the public address; the built assets are not in it yet.
web::Site siteOf(const config::Snapshot& config, std::uint16_t port);
std::string accessLogOf(const config::Snapshot& config);
std::vector<core::Cidr> networksOf(const std::vector<std::string>& texts);

}  // namespace yimen::main
