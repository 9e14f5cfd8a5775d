#include "config/fields.h"
#include "config/sections.h"
#include "core/url.h"

namespace yimen::config::sections {

namespace {

using namespace fields;  // NOLINT(google-build-using-namespace): this file is one table of fields

void readPostgres(MapReader& map, Postgres& out, const std::string& base) {
    text(map, "host", out.host);
    count(map, "port", out.port, {1, 65535});
    text(map, "database", out.database);
    text(map, "user", out.user);
    out.password = secretReference(map, "password", out.password, base);
    out.tls = map.choice<std::string>("tls", out.tls,
                                      {{"disable", "disable"},
                                       {"prefer", "prefer"},
                                       {"require", "require"},
                                       {"verify-ca", "verify-ca"},
                                       {"verify-full", "verify-full"}});
    path(map, "ca_file", out.caFile, base);
}

}  // namespace

void readSync(MapReader& parent, Sync& out, const std::string& base) {
    const auto node = parent.child("sync");
    if (!node) return;
    MapReader map(*node, parent.errors());
    out.database = map.choice("database", out.database,
                              {{"sqlite", SharedBackend::kSqlite}, {"postgresql", SharedBackend::kPostgres}});
    path(map, "file", out.file, base);
    if (const auto server = map.child("postgresql")) {
        MapReader inner(*server, parent.errors());
        readPostgres(inner, out.postgresql, base);
        inner.finish();
    }
    size(map, "memory", out.memory, {32 * kMiB, 1024 * kGiB});
    count(map, "workers", out.workers, {1, 64});
    path(map, "sources", out.sources, base);
    path(map, "sinks", out.sinks, base);
    path(map, "calendar", out.calendar, base);
    out.pushTo = map.texts("push_to");
    for (const std::string& origin : out.pushTo) {
        const auto url = core::Url::parse(origin);
        if (!url.ok()) map.complain("push_to", "not an address like https://hr.example: " + origin);
    }
    map.finish();
}

}  // namespace yimen::config::sections
