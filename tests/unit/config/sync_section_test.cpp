#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/loader.h"

namespace yimen::config {
namespace {

constexpr const char* kBase =
    "data_dir: data\n"
    "server: {hub_host: yimen.localhost, listeners: [{address: 127.0.0.1, port: 8443, plain: true}]}\n"
    "district: {name_zh: 示范区, name_en: Demo}\n";

core::Result<SnapshotPtr> parse(const std::string& more) {
    YamlErrors errors;
    return parseConfig(kBase + more, "/etc/yimen/yimen.yaml", errors);
}

TEST(SyncSection, KeepsTheSharedDatabaseBesideTheHubsData) {
    const auto snapshot = parse("");
    ASSERT_TRUE(snapshot.ok()) << snapshot.error().message;
    EXPECT_EQ((*snapshot)->sync.file, "/etc/yimen/data/shared.db");
    EXPECT_EQ((*snapshot)->sync.database, SharedBackend::kSqlite);
}

TEST(SyncSection, ReadsAPostgresServer) {
    const auto snapshot = parse(
        "sync:\n  database: postgresql\n  postgresql: {host: db.example, port: 5433, password: \"file:pg.pass\","
        " tls: verify-full, ca_file: ca.pem}\n");
    ASSERT_TRUE(snapshot.ok()) << snapshot.error().message;
    const Postgres& server = (*snapshot)->sync.postgresql;
    EXPECT_EQ(server.host, "db.example");
    EXPECT_EQ(server.port, 5433U);
    EXPECT_EQ(server.password, "file:/etc/yimen/pg.pass");
    EXPECT_EQ(server.tls, "verify-full");
    EXPECT_EQ(server.caFile, "/etc/yimen/ca.pem");
}

TEST(SyncSection, RefusesAPasswordInTheOpenAndUnknownWords) {
    const auto refused =
        parse("sync:\n  database: oracle\n  postgresql: {password: geheim, tls: none}\n  memori: 1MiB\n");
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, testing::HasSubstr(":5:13"));
    EXPECT_THAT(refused.error().message, testing::HasSubstr("password"));
    EXPECT_THAT(refused.error().message, testing::Not(testing::HasSubstr("geheim")));
    EXPECT_THAT(refused.error().message, testing::HasSubstr("verify-full"));
    EXPECT_THAT(refused.error().message, testing::HasSubstr("memory"));
}

}  // namespace
}  // namespace yimen::config
