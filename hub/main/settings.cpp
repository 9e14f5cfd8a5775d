#include "main/settings.h"

#include "main/generation.h"

namespace yimen::main {
namespace {

net::ServerLimits limitsOf(const config::Limits& from) {
    net::ServerLimits to;
    to.maxHeadBytes = from.maxHead;
    to.maxTargetBytes = from.maxTarget;
    to.maxFieldBytes = from.maxField;
    to.maxFields = from.maxFields;
    to.maxBodyBytes = from.maxBody;
    to.underscoreNames = from.underscoreNames;
    to.headTimeout = from.headTimeout;
    to.bodyTimeout = from.bodyTimeout;
    to.minBodyRate = from.minBodyRate;
    to.bodyRateGrace = from.bodyRateGrace;
    to.keepAliveTimeout = from.keepAliveTimeout;
    to.writeTimeout = from.writeTimeout;
    to.handshakeTimeout = from.handshakeTimeout;
    to.holdTimeout = from.holdTimeout;
    to.tunnelTimeout = from.tunnelTimeout;
    to.lingerTimeout = from.lingerTimeout;
    to.maxConnections = from.maxConnections;
    to.maxConnectionsPerClient = from.maxConnectionsPerClient;
    to.maxRequestsPerConnection = from.maxRequestsPerConnection;
    to.bytesPerTurn = from.bytesPerTurn;
    return to;
}

}  // namespace

std::chrono::seconds seconds(config::Millis value) {
    return std::chrono::duration_cast<std::chrono::seconds>(value);
}

net::WorkerPool::Config poolOf(const char* name, const config::Pool& pool, int niceness) {
    return {name, pool.threads, pool.queue, niceness};
}

identity::SessionLimits sessionsOf(const config::Sessions& from) {
    identity::SessionLimits limits;
    limits.idle = seconds(from.idle);
    limits.absolute = seconds(from.absolute);
    limits.maxSessions = from.maxSessions;
    limits.maxPerPerson = from.maxPerPerson;
    limits.touchEvery = seconds(from.touchEvery);
    return limits;
}

identity::ThrottleLimits throttleOf(const config::Throttle& from) {
    identity::ThrottleLimits limits;
    limits.freeFailures = static_cast<int>(from.freeFailures);
    limits.lockAfter = static_cast<int>(from.lockAfter);
    limits.lockFor = seconds(from.lockFor);
    limits.firstDelay = seconds(from.firstDelay);
    limits.forgetAfter = seconds(from.forgetAfter);
    limits.networkFailures = static_cast<int>(from.networkFailures);
    limits.accountFailures = static_cast<int>(from.accountFailures);
    limits.strangerDelay = seconds(from.strangerDelay);
    limits.maxEntries = from.maxEntries;
    return limits;
}

net::ServerConfig serverOf(const config::Snapshot& config) {
    net::ServerConfig server;
    server.loops = config.server.loops;
    server.limits = limitsOf(config.limits);
    server.ticketKeyLifetime = seconds(config.server.ticketKeyLifetime);
    for (const auto& from : config.server.listeners) {
        net::ListenerConfig to;
        to.address = from.address;
        to.port = from.port;
        for (const auto& files : from.tls) to.tls.push_back({files.certificate, files.key});
        to.proxyProtocol = from.proxyProtocol;
        to.forwardedHeaders = from.forwardedHeaders;
        to.trustedPeers = networksOf(from.trustedPeers);
        server.listeners.push_back(std::move(to));
    }
    return server;
}

web::Site siteOf(const config::Snapshot& config, std::uint16_t port) {
    web::Site site;
    site.hubUrl = hubUrlOf(config, port);
    site.districtZh = config.district.nameZh;
    site.districtEn = config.district.nameEn;
    site.idle = seconds(config.sessions.idle);
    site.adminIdle = seconds(config.sessions.adminIdle);
    site.maxFormBytes = config.limits.maxFormBody;
    site.maxImportBytes = config.limits.maxImportBody;
    return site;
}

std::string accessLogOf(const config::Snapshot& config) {
    if (!config.log.access) return {};
    return config.log.accessFile.empty() ? config.dataDir + "/access.log" : config.log.accessFile;
}

std::vector<core::Cidr> networksOf(const std::vector<std::string>& texts) {
    std::vector<core::Cidr> networks;
    for (const auto& text : texts) {
        if (const auto network = core::Cidr::parse(text); network.ok()) networks.push_back(*network);
    }
    return networks;
}

}  // namespace yimen::main
