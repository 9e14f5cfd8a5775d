#include "plugin/config_schema.h"

#include <gmock/gmock.h>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using ::testing::HasSubstr;

constexpr const char* kSchema = R"({"type": "object", "required": ["source"], "properties": {
  "source": {"type": "object", "required": ["host"], "properties": {
    "host": {"type": "string", "minLength": 1, "description": "name of the server"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 3306},
    "tls": {"type": "string", "enum": ["off", "on"], "default": "on"},
    "password": {"type": "string", "secret": true}}},
  "read": {"type": "object", "properties": {
    "key": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    "overlap": {"type": "duration", "default": 0},
    "rate": {"type": "number", "maximum": 1},
    "raw": {"type": "boolean"}}}}})";

core::Result<CheckedConfig> checked(const std::string& yaml) {
    const auto schema = ConfigSchema::parse(kSchema);
    EXPECT_TRUE(schema.ok()) << schema.error().describe();
    return schema->check(partsOf(yaml).config);
}

std::string fault(const std::string& yaml) {
    const auto config = checked(yaml);
    return config.ok() ? "no fault" : config.error().message;
}

TEST(ConfigSchema, FillsDefaultsInAndKeepsSecretsOut) {
    const auto config =
        checked("source: {host: db, password: \"vault:x\"}\nread: {key: [a, b], overlap: 2m, rate: 0.5, raw: true}");
    ASSERT_TRUE(config.ok()) << config.error().describe();
    EXPECT_EQ(core::writeJson(config->json), R"({"read":{"key":["a","b"],"overlap":120000,"rate":0.5,"raw":true},)"
                                             R"("source":{"host":"db","port":3306,"tls":"on"}})");
    EXPECT_EQ(config->secrets.at("source.password"), "vault:x");
}

TEST(ConfigSchema, NamesUnknownAndMissingKeysAndWhere) {
    EXPECT_THAT(fault("source: {hots: db}"), HasSubstr("data.yaml:1:10"));
    EXPECT_THAT(fault("source: {hots: db}"), HasSubstr("did you mean 'host'?"));
    EXPECT_THAT(fault("source: {hots: db}"), HasSubstr("the key 'host' is required"));
    EXPECT_THAT(fault("read: {raw: true}"), HasSubstr("the section 'source' is required"));
    EXPECT_THAT(fault("source: {host: db}\nother: {a: 1}"), HasSubstr("nothing under 'other'"));
}

TEST(ConfigSchema, PassesTheKindOfTheSourceOver) {
    const auto config = checked("source: {kind: mysql, host: db}");
    ASSERT_TRUE(config.ok()) << config.error().describe();
    EXPECT_FALSE(config->json["source"].contains("kind"));
    EXPECT_THAT(fault("source: {host: db}\nread: {kind: x}"), HasSubstr("the plugin knows no key 'kind'"));
}

TEST(ConfigSchema, ChecksTypesAndLimits) {
    EXPECT_THAT(fault("source: {host: \"\"}"), HasSubstr("1 to 65536 bytes"));
    EXPECT_THAT(fault("source: {host: db, port: 70000}"), HasSubstr("from 1.0 to 65535.0"));
    EXPECT_THAT(fault("source: {host: db, port: \"1\"}"), HasSubstr("data.yaml:1:26"));
    EXPECT_THAT(fault("source: {host: db, tls: maybe}"), HasSubstr("one of off, on"));
    EXPECT_THAT(fault("source: {host: db}\nread: {key: [a, b, c]}"), HasSubstr("at most 2"));
    EXPECT_THAT(fault("source: {host: db}\nread: {key: a}"), HasSubstr("a list is expected"));
    EXPECT_THAT(fault("source: [db]"), HasSubstr("a map of keys is expected"));
    EXPECT_THAT(fault("source: {host: db}\nread: {overlap: 5}"), HasSubstr("duration"));
    EXPECT_THAT(fault("source: {host: db}\nread: {rate: 2.5}"), HasSubstr("超出范围"));
}

TEST(ConfigSchema, AllowsNothingWhenItIsEmpty) {
    const auto schema = ConfigSchema::parse("");
    ASSERT_TRUE(schema.ok());
    EXPECT_TRUE(schema->check({}).ok());
    EXPECT_FALSE(schema->check(partsOf("read: {a: 1}").config).ok());
}

TEST(ConfigSchema, ListsItsSecrets) {
    EXPECT_THAT(ConfigSchema::parse(kSchema)->secrets(), ::testing::ElementsAre("source.password"));
}

}  // namespace
}  // namespace yimen::plugin
