#include <optional>
#include <utility>

#include "sync/sources/pg_log_source.h"
#include "sync/sources/postgres_source.h"

namespace yimen::sync {

using core::Result;

namespace {

PgLogRead readLog(config::MapReader& read, config::YamlErrors& errors) {
    PgLogRead out;
    const auto node = read.child("log");
    if (!node) return out;
    config::MapReader log(*node, errors);
    out.names.slot = log.requireText("slot");
    out.names.publication = log.requireText("publication");
    out.follow = log.duration("follow", out.follow, {0, 86'400'000});
    log.finish();
    return out;
}

}  // namespace

Result<std::unique_ptr<Source>> readPostgresSource(const config::YamlNode& source, const config::YamlNode& read,
                                                   const SecretLookup& secrets, const core::Clock& clock) {
    config::YamlErrors errors;
    config::MapReader from(source, errors);
    PgAddress address;
    from.child("kind");
    address.host = from.requireText("host");
    address.port = std::to_string(from.integer("port", 5432, {1, 65535}));
    address.database = from.requireText("database");
    address.user = from.requireText("user");
    const std::string reference = from.text("password", "");
    address.tls = from.text("tls", address.tls);
    address.caFile = from.text("ca_file", "");
    address.connectTimeout = from.duration("connect_timeout", address.connectTimeout, {1000, 120'000});
    address.readTimeout = from.duration("read_timeout", address.readTimeout, {1000, 86'400'000});
    from.finish();
    config::MapReader what(read, errors);
    PostgresRead out;
    out.table = what.text("table", "");
    out.query = what.text("query", "");
    out.columns = what.texts("columns");
    out.key = what.texts("key");
    out.watermark = what.text("watermark", "");
    out.overlap = what.duration("overlap", out.overlap, {0, 86'400'000 * 31LL});
    std::optional<PgLogRead> log;
    if (what.has("log")) log = readLog(what, errors);
    if (out.table.empty() == out.query.empty()) what.complain("table", "read needs either table or query");
    what.finish();
    YIMEN_TRY_STATUS(errors.status());
    if (!reference.empty()) {
        YIMEN_TRY(address.password, secrets(reference));
    }
    if (log) return makePgLogSource(address, std::move(out), std::move(*log), clock);
    return makePostgresSource(address, std::move(out));
}

}  // namespace yimen::sync
