#include "config/sections.h"

#include "config/fields.h"

namespace yimen::config::sections {

namespace {

using namespace fields;  // NOLINT(google-build-using-namespace): this file is one table of fields

/// Runs `body` on the section's map; a section that may be missing keeps its defaults then.
template <typename Body>
void section(MapReader& parent, std::string_view key, const Body& body, bool required = false) {
    const auto node = required ? parent.require(key) : parent.child(key);
    if (!node) return;
    MapReader map(*node, parent.errors());
    body(map);
    map.finish();
}

void readPool(MapReader& parent, std::string_view key, Pool& out) {
    section(parent, key, [&](MapReader& map) {
        count(map, "threads", out.threads, {1, 256});
        count(map, "queue", out.queue, {1, 1000000});
    });
}

void readLimitSizes(MapReader& map, Limits& out) {
    size(map, "max_head", out.maxHead, {kKiB, 60 * kKiB});
    size(map, "max_target", out.maxTarget, {256, 60 * kKiB});
    size(map, "max_field", out.maxField, {256, 60 * kKiB});
    count(map, "max_fields", out.maxFields, {10, 1000});
    size(map, "max_body", out.maxBody, {0, 1024 * kGiB});
    size(map, "max_form_body", out.maxFormBody, {kKiB, 16 * kMiB});
    size(map, "max_import_body", out.maxImportBody, {kKiB, 256 * kMiB});
    flag(map, "underscore_names", out.underscoreNames);
    count(map, "max_connections", out.maxConnections, {10, 1000000});
    count(map, "max_connections_per_client", out.maxConnectionsPerClient, {1, 1000000});
    count(map, "max_requests_per_connection", out.maxRequestsPerConnection, {1, 1000000000});
    size(map, "bytes_per_turn", out.bytesPerTurn, {16 * kKiB, 16 * kMiB});
    size(map, "max_static_file", out.maxStaticFile, {64 * kKiB, kGiB});
    size(map, "max_static_total", out.maxStaticTotal, {kMiB, 4 * kGiB});
    size(map, "min_body_rate", out.minBodyRate, {0, kMiB});
}

void readLimitTimes(MapReader& map, Limits& out) {
    time(map, "head_timeout", out.headTimeout, {kSecond, 10 * kMinute});
    time(map, "body_timeout", out.bodyTimeout, {kSecond, kHour});
    time(map, "body_rate_grace", out.bodyRateGrace, {kSecond, kHour});
    time(map, "keep_alive_timeout", out.keepAliveTimeout, {kSecond, kHour});
    time(map, "write_timeout", out.writeTimeout, {kSecond, kHour});
    time(map, "handshake_timeout", out.handshakeTimeout, {kSecond, 10 * kMinute});
    time(map, "hold_timeout", out.holdTimeout, {kSecond, kHour});
    time(map, "tunnel_timeout", out.tunnelTimeout, {kSecond, 7 * kDay});
    time(map, "linger_timeout", out.lingerTimeout, {0, kMinute});
}

}  // namespace

void read(MapReader& parent, std::string_view key, Limits& out) {
    section(parent, key, [&](MapReader& map) {
        readLimitSizes(map, out);
        readLimitTimes(map, out);
        if (out.maxTarget > out.maxHead) map.complain("max_target", "'max_target' must not be above 'max_head'");
        if (out.maxField > out.maxHead) map.complain("max_field", "'max_field' must not be above 'max_head'");
    });
}

void read(MapReader& parent, std::string_view key, Pools& out) {
    section(parent, key, [&](MapReader& map) {
        readPool(map, "kdf", out.kdf);
        readPool(map, "io", out.io);
        readPool(map, "sign_on", out.signOn);
    });
}

void read(MapReader& parent, std::string_view key, Sessions& out) {
    section(parent, key, [&](MapReader& map) {
        time(map, "idle", out.idle, {kMinute, 7 * kDay});
        time(map, "absolute", out.absolute, {kMinute, 30 * kDay});
        time(map, "admin_idle", out.adminIdle, {kMinute, kDay});
        count(map, "max_sessions", out.maxSessions, {100, 100000000});
        count(map, "max_per_person", out.maxPerPerson, {1, 1000});
        time(map, "touch_every", out.touchEvery, {kSecond, 5 * kMinute});
        time(map, "code_lifetime", out.codeLifetime, {5 * kSecond, 5 * kMinute});
        if (out.idle > out.absolute) map.complain("idle", "'idle' must not be above 'absolute'");
        if (out.adminIdle > out.idle) map.complain("admin_idle", "'admin_idle' must not be above 'idle'");
    });
}

void read(MapReader& parent, std::string_view key, Passwords& out) {
    section(parent, key, [&](MapReader& map) {
        size(map, "memory", out.memory, {64 * kKiB, kGiB});
        count(map, "iterations", out.iterations, {1, 64});
        count(map, "lanes", out.lanes, {1, 16});
        count(map, "min_length", out.minLength, {8, 64});
        count(map, "max_length", out.maxLength, {16, 1024});
        count(map, "min_classes", out.minClasses, {1, 4});
        count(map, "history", out.history, {0, 50});
        time(map, "max_age", out.maxAge, {0, 3650 * kDay});
        flag(map, "refuse_common", out.refuseCommon);
        flag(map, "refuse_personal", out.refusePersonal);
        if (out.minLength > out.maxLength) map.complain("min_length", "'min_length' must not be above 'max_length'");
        if (out.memory < 8 * kKiB * out.lanes) map.complain("memory", "'memory' must be at least 8KiB for each lane");
    });
}

void read(MapReader& parent, std::string_view key, SecondFactor& out) {
    section(parent, key, [&](MapReader& map) {
        count(map, "window", out.window, {0, 10});
        time(map, "step_up_for", out.stepUpFor, {kMinute, kDay});
        time(map, "setup_lifetime", out.setupLifetime, {kMinute, kHour});
        count(map, "recovery_codes", out.recoveryCodes, {4, 20});
        text(map, "issuer", out.issuer);
    });
}

void read(MapReader& parent, std::string_view key, Throttle& out) {
    section(parent, key, [&](MapReader& map) {
        count(map, "free_failures", out.freeFailures, {1, 100});
        count(map, "lock_after", out.lockAfter, {1, 100});
        time(map, "lock_for", out.lockFor, {kMinute, 30 * kDay});
        time(map, "first_delay", out.firstDelay, {0, kMinute});
        time(map, "forget_after", out.forgetAfter, {kMinute, 30 * kDay});
        count(map, "network_failures", out.networkFailures, {1, 1000000});
        count(map, "account_failures", out.accountFailures, {1, 1000000});
        time(map, "stranger_delay", out.strangerDelay, {0, kHour});
        count(map, "max_entries", out.maxEntries, {1000, 100000000});
        if (out.freeFailures > out.lockAfter) {
            map.complain("free_failures", "'free_failures' must not be above 'lock_after'");
        }
    });
}

void read(MapReader& parent, std::string_view key, Audit& out) {
    section(parent, key, [&](MapReader& map) {
        out.algorithm = map.choice("algorithm", out.algorithm,
                                   {{"sm3", AuditAlgorithm::kSm3}, {"sha256", AuditAlgorithm::kSha256}});
        flag(map, "keyed", out.keyed);
        size(map, "segment_size", out.segmentSize, {64 * kKiB, 4 * kGiB});
        count(map, "queue", out.queue, {16, 1000000});
        size(map, "min_free", out.minFree, {0, 1024 * kGiB});
    });
}

void read(MapReader& parent, std::string_view key, District& out) {
    const auto body = [&](MapReader& map) {
        out.nameZh = map.requireText("name_zh");
        out.nameEn = map.requireText("name_en");
    };
    section(parent, key, body, true);
}

void read(MapReader& parent, std::string_view key, Metrics& out) {
    section(parent, key, [&](MapReader& map) { networks(map, "allow", out.allow); });
}

void readLog(MapReader& parent, Log& out, const std::string& base) {
    section(parent, "log", [&](MapReader& map) {
        out.level = map.choice("level", out.level,
                               {{"debug", LogThreshold::kDebug},
                                {"info", LogThreshold::kInfo},
                                {"warn", LogThreshold::kWarn},
                                {"error", LogThreshold::kError}});
        path(map, "file", out.file, base);
        flag(map, "access", out.access);
        path(map, "access_file", out.accessFile, base);
    });
}

void readZones(MapReader& parent, std::map<std::string, std::vector<std::string>>& out) {
    section(parent, "zones", [&](MapReader& map) {
        for (const auto& [name, node] : map.node().entries()) {
            if (!isId(name)) map.complain(name, "a zone's name is lower-case letters, digits and '-'");
            networks(map, name, out[name]);
        }
    });
}

}  // namespace yimen::config::sections
