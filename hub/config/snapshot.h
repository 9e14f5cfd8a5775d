#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yimen::config {

/// The whole of `yimen.yaml` as plain values. The initialisers here are the defaults; names in the file are the same in
/// snake_case. Paths are absolute (relative ones stand beside the file). `yimen.example.yaml` explains every key.
/// A Snapshot is immutable once loaded: any thread may read it through its shared_ptr<const>.

using Millis = std::chrono::milliseconds;

struct CertificateFiles {
    std::string certificate;  ///< PEM, chain
    std::string key;          ///< PEM
    bool operator==(const CertificateFiles&) const = default;
};

struct Listener {
    std::string address = "0.0.0.0";
    std::uint16_t port = 8443;
    std::vector<CertificateFiles> tls;
    bool plain = false;  ///< HTTP without TLS, said on purpose
    bool proxyProtocol = false;
    bool forwardedHeaders = false;
    std::vector<std::string> trustedPeers;  ///< CIDR
    bool operator==(const Listener&) const = default;
};

struct Server {
    std::vector<Listener> listeners;
    std::string hubHost;
    std::string appDomain;               ///< system hosts are <id>.<appDomain>; default: hubHost
    std::string publicScheme = "https";  ///< as browsers see it
    std::uint16_t publicPort = 0;        ///< as browsers see it; 0 in the file: port of the first listener
    unsigned loops = 0;                  ///< 0: one per core
    Millis drainTimeout{30000};
    Millis ticketKeyLifetime{43200000};  ///< TLS session ticket keys
    bool operator==(const Server&) const = default;
};

struct Limits {
    std::uint64_t maxHead = 32 * 1024;
    std::uint64_t maxTarget = 8 * 1024;
    std::uint64_t maxField = 16 * 1024;
    unsigned maxFields = 100;
    std::uint64_t maxBody = 0;  ///< of a forwarded request; 0: none
    std::uint64_t maxFormBody = 256 * 1024;
    std::uint64_t maxImportBody = 16 * 1024 * 1024;
    bool underscoreNames = false;
    Millis headTimeout{15000};
    Millis bodyTimeout{30000};
    std::uint64_t minBodyRate = 256;  ///< bytes per second; 0: none
    Millis bodyRateGrace{20000};
    Millis keepAliveTimeout{75000};
    Millis writeTimeout{60000};
    Millis handshakeTimeout{10000};
    Millis holdTimeout{60000};
    Millis tunnelTimeout{3600000};
    Millis lingerTimeout{2000};
    unsigned maxConnections = 16000;
    unsigned maxConnectionsPerClient = 512;
    std::uint64_t maxRequestsPerConnection = 100000;
    std::uint64_t bytesPerTurn = 256 * 1024;
    std::uint64_t maxStaticFile = 16 * 1024 * 1024;
    std::uint64_t maxStaticTotal = 64 * 1024 * 1024;
    bool operator==(const Limits&) const = default;
};

struct Pool {
    unsigned threads = 4;
    std::uint64_t queue = 1024;
    bool operator==(const Pool&) const = default;
};

struct Pools {
    Pool kdf{2, 64};
    Pool io{4, 4096};
    Pool signOn{16, 256};
    bool operator==(const Pools&) const = default;
};

struct Sessions {
    Millis idle{30 * 60000};
    Millis absolute{12 * 3600000};
    Millis adminIdle{10 * 60000};
    std::uint64_t maxSessions = 1000000;
    unsigned maxPerPerson = 50;  ///< the oldest one ends for the new one
    Millis touchEvery{10000};    ///< how exact "last seen" is
    Millis codeLifetime{30000};  ///< one-time code from the hub host to an app host
    bool operator==(const Sessions&) const = default;
};

struct Passwords {
    std::uint64_t memory = 19 * 1024 * 1024;
    unsigned iterations = 2;
    unsigned lanes = 1;
    unsigned minLength = 10;
    unsigned maxLength = 128;
    unsigned minClasses = 3;
    unsigned history = 5;
    Millis maxAge{90LL * 86400000};  ///< 0: no expiry
    bool refuseCommon = true;
    bool refusePersonal = true;
    bool operator==(const Passwords&) const = default;
};

/// One-time codes of an authenticator app.
struct SecondFactor {
    unsigned window = 1;           ///< steps of 30 s before and after the present one that count
    Millis stepUpFor{15 * 60000};  ///< how long a proof counts in its session
    Millis setupLifetime{10 * 60000};
    unsigned recoveryCodes = 10;
    std::string issuer;  ///< what the app shows; empty: the district's name
    bool operator==(const SecondFactor&) const = default;
};

struct Throttle {
    unsigned freeFailures = 3;
    unsigned lockAfter = 5;
    Millis lockFor{15 * 60000};
    Millis firstDelay{1000};
    Millis forgetAfter{15 * 60000};
    unsigned networkFailures = 100;
    unsigned accountFailures = 50;
    Millis strangerDelay{30000};
    std::uint64_t maxEntries = 200000;
    bool operator==(const Throttle&) const = default;
};

enum class AuditAlgorithm { kSm3, kSha256 };

struct Audit {
    AuditAlgorithm algorithm = AuditAlgorithm::kSm3;
    bool keyed = true;  ///< HMAC with a key of the ring: who can write the files still cannot forge the chain
    std::uint64_t segmentSize = 64ULL * 1024 * 1024;
    std::uint64_t queue = 8192;
    std::uint64_t minFree = 64ULL * 1024 * 1024;  ///< disk space below which nothing is accepted any more
    bool operator==(const Audit&) const = default;
};

enum class LogThreshold { kDebug, kInfo, kWarn, kError };

struct Log {
    LogThreshold level = LogThreshold::kInfo;
    std::string file;        ///< empty: stderr
    bool access = true;      ///< one line per forwarded request
    std::string accessFile;  ///< empty: <data_dir>/access.log
    bool operator==(const Log&) const = default;
};

struct District {
    std::string nameZh;
    std::string nameEn;
    bool operator==(const District&) const = default;
};

struct SystemTls {
    bool verify = true;
    std::string caFile;
    std::string pinSha256;  ///< lower-case hex of the certificate's DER form; replaces chain and name checks
    std::string serverName;
    bool allowTls10 = false;
    bool operator==(const SystemTls&) const = default;
};

/// What this installation says about a system; everything else about it stands in its adapter's manifest.
struct System {
    bool enabled = true;
    std::vector<std::string> origins;  ///< "https://10.1.2.3:8080"; all of one scheme
    SystemTls tls;
    // What is not said here is the manifest's to say (`limits`), then the manifest's default.
    std::optional<Millis> connectTimeout;
    std::optional<Millis> readTimeout;
    Millis totalTimeout{0};  ///< 0: none
    std::optional<unsigned> maxConnections;
    bool operator==(const System&) const = default;
};

/// A PostgreSQL server.
struct Postgres {
    std::string host = "127.0.0.1";  ///< name, address or folder of a Unix socket
    unsigned port = 5432;
    std::string database = "yimen";
    std::string user = "yimen";
    std::string password;        ///< "file:PATH" or "env:NAME"; empty: none
    std::string tls = "prefer";  ///< sslmode of libpq
    std::string caFile;
    bool operator==(const Postgres&) const = default;
};

enum class SharedBackend { kSqlite, kPostgres };

/// The shared database and the work that keeps it true to its sources.
struct Sync {
    SharedBackend database = SharedBackend::kSqlite;
    std::string file;  ///< of SQLite; empty: <data_dir>/shared.db
    Postgres postgresql;
    std::uint64_t memory = 512ULL * 1024 * 1024;  ///< of all pipelines together, in batches
    unsigned workers = 2;                         ///< items that run at once
    std::string sources;              ///< folder: <id>.yaml in it replaces `source:` of the system's data.yaml
    std::string sinks;                ///< folder: NAME.yaml in it says which items go to a sink
    std::string calendar;             ///< working days of the district; empty: Monday to Friday
    std::vector<std::string> pushTo;  ///< origins that shared data may be sent to
    bool operator==(const Sync&) const = default;
};

/// Native plugins (shared libraries): only what is named here, with the digest of its file, is ever opened.
struct Plugins {
    std::string dir;                           ///< absolute; empty: no plugins
    std::map<std::string, std::string> allow;  ///< name -> SHA-256 of <dir>/<name>.so, lower-case hexadecimal
    bool operator==(const Plugins&) const = default;
};

struct Metrics {
    std::vector<std::string> allow{"127.0.0.0/8", "::1/128"};
    bool operator==(const Metrics&) const = default;
};

struct Snapshot {
    std::string file;  ///< where it was read from
    Server server;
    Limits limits;
    Pools pools;
    std::string dataDir;
    std::string adaptersDir;
    std::string policiesDir;
    std::string portalDir;
    std::string keys;  ///< key ring: "file:PATH" or "env:NAME"; default <data_dir>/hub.keys
    Sessions sessions;
    Passwords passwords;
    SecondFactor secondFactor;
    Throttle throttle;
    Audit audit;
    Log log;
    District district;
    std::map<std::string, System> systems;                  ///< by system id
    std::map<std::string, std::vector<std::string>> zones;  ///< name -> CIDRs
    Metrics metrics;
    Sync sync;
    Plugins plugins;
    bool operator==(const Snapshot&) const = default;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace yimen::config
