#include "config/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/file.h"
#include "core/random.h"
#include "support/repository.h"

namespace yimen::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string kExample = yimen::test::repository() + "/hub/config/yimen.example.yaml";

constexpr std::string_view kMinimal =
    "data_dir: data\n"
    "server:\n"
    "  hub_host: yimen.localhost\n"
    "  listeners:\n"
    "    - {address: 127.0.0.1, port: 8443, plain: true}\n"
    "district: {name_zh: 示范区, name_en: Demo}\n";

core::Result<SnapshotPtr> parse(std::string_view text) {
    YamlErrors errors;
    return parseConfig(text, "/etc/yimen/yimen.yaml", errors);
}

std::string refusal(std::string_view text) {
    const auto snapshot = parse(text);
    return snapshot.ok() ? "accepted" : snapshot.error().message;
}

std::string with(std::string_view more) {
    return std::string(kMinimal) + std::string(more);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(ExampleConfig, LoadsAndHoldsEveryKey) {
    YamlErrors errors;
    const auto text = core::readFile(kExample, 1 << 20).value();
    const auto snapshot = parseConfig(text, "example", errors);
    ASSERT_TRUE(snapshot.ok()) << snapshot.error().message;
    EXPECT_THAT(errors.defaulted(), IsEmpty()) << "keys that the example does not explain";
}

/// Takes each "key: value" line away in turn: the result must be the same snapshot, so the example shows true defaults,
/// or an error that names the key. The few keys that have no default are listed.
TEST(ExampleConfig, ShowsTheRealDefaults) {
    const auto text = core::readFile(kExample, 1 << 20).value();
    YamlErrors errors;
    const auto base = parseConfig(text, "/etc/x.yaml", errors).value();
    const std::vector<std::string> examples{"origins", "office"};
    // Of one system: without them its adapter's own values hold.
    const std::vector<std::string> ofSystem{"connect_timeout", "read_timeout", "max_connections"};
    std::size_t checked = 0;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = text.find('\n', start) + 1;
        const std::string line = text.substr(start, end - start);
        const auto first = line.find_first_not_of(" -");
        const auto colon = line.find(": ");
        const bool scalar = colon != std::string::npos && line[first] != '#' && line[colon + 2] != ' ';
        const std::string key = scalar ? line.substr(first, colon - first) : "";
        const bool adapters = first == 4 && std::find(ofSystem.begin(), ofSystem.end(), key) != ofSystem.end();
        if (scalar && !adapters && line[first - (first > 0 ? 1 : 0)] != '-' && line.find("- ") == std::string::npos &&
            std::find(examples.begin(), examples.end(), key) == examples.end()) {
            const auto without = text.substr(0, start) + text.substr(end);
            YamlErrors lineErrors;
            const auto got = parseConfig(without, "/etc/x.yaml", lineErrors);
            if (got.ok()) {
                EXPECT_TRUE(**got == *base) << "not the default: " << line;
            } else {
                EXPECT_THAT(got.error().message, HasSubstr(key)) << line;
            }
            ++checked;
        }
        start = end;
    }
    EXPECT_GT(checked, 80U);
}

TEST(Config, MinimalFileGivesDefaultsAndAbsolutePaths) {
    const auto snapshot = parse(kMinimal).value();
    EXPECT_EQ(snapshot->dataDir, "/etc/yimen/data");
    EXPECT_EQ(snapshot->adaptersDir, "/etc/yimen/adapters");
    EXPECT_EQ(snapshot->keys, "file:/etc/yimen/data/hub.keys");
    EXPECT_EQ(snapshot->log.accessFile, "/etc/yimen/data/access.log");
    EXPECT_EQ(snapshot->server.appDomain, "yimen.localhost");
    EXPECT_EQ(snapshot->server.publicPort, 8443);
    EXPECT_EQ(snapshot->sessions, Sessions{});
    EXPECT_EQ(snapshot->limits, Limits{});
    EXPECT_EQ(snapshot->district.nameZh, "示范区");
}

TEST(Config, ListsAllErrorsAtOnceWithTheirPlaces) {
    const auto message = refusal(
        "data_dir: data\n"
        "server:\n"
        "  hub_host: Yimen.Example:8443\n"
        "  listeners:\n"
        "    - {adress: 0.0.0.0, port: 70000, plain: true}\n"
        "limit: {}\n"
        "sessions: {idle: 5}\n");
    EXPECT_THAT(message, HasSubstr("/etc/yimen/yimen.yaml:3:13: 'hub_host' must be a host name"));
    EXPECT_THAT(message, HasSubstr("/etc/yimen/yimen.yaml:5:8: unknown key 'adress': did you mean 'address'?"));
    EXPECT_THAT(message, HasSubstr("/etc/yimen/yimen.yaml:5:31: 'port' must be from 0 to 65535"));
    EXPECT_THAT(message, HasSubstr("/etc/yimen/yimen.yaml:6:1: unknown key 'limit': did you mean 'limits'?"));
    EXPECT_THAT(message, HasSubstr("/etc/yimen/yimen.yaml:7:18: a duration"));
    EXPECT_THAT(message, HasSubstr("the key 'district' is missing"));
}

TEST(Config, AListenerNeedsTlsOrAnExplicitPlain) {
    const auto listener = [](std::string_view text) {
        return refusal(replaced(std::string(kMinimal), "{address: 127.0.0.1, port: 8443, plain: true}", text));
    };
    EXPECT_THAT(listener("{port: 1}"), HasSubstr("write 'plain: true'"));
    EXPECT_THAT(listener("{port: 1, plain: true, tls: [{certificate: a, key: b}]}"), HasSubstr("exclude each other"));
    EXPECT_EQ(listener("{port: 1, tls: [{certificate: a, key: b}]}"), "accepted");
    EXPECT_THAT(listener("{port: 1, tls: [{certificate: a}]}"), HasSubstr("'key' is missing"));
    EXPECT_THAT(listener("{port: 1, plain: true, proxy_protocol: true}"), HasSubstr("trusted_peers"));
    EXPECT_THAT(listener("{port: 1, plain: true, proxy_protocol: true, trusted_peers: [10.0.0.1/8]}"),
                HasSubstr("not a network"));
    EXPECT_THAT(listener("{port: 1, plain: true, address: localhost}"), HasSubstr("IP address"));
    EXPECT_THAT(listener("{port: 1, plain: true}\n    - {port: 1, plain: true}"), HasSubstr("twice"));
}

TEST(Config, RefusesSecretsInTheOpenAndNeverRepeatsThem) {
    const auto message = refusal(with("keys: 0123456789abcdef\n"));
    EXPECT_THAT(message, HasSubstr("file:PATH or env:NAME"));
    EXPECT_THAT(message, testing::Not(HasSubstr("0123456789abcdef")));
}

TEST(Config, ChecksSystems) {
    const auto system = [](std::string_view text) {
        return refusal(with("systems: {dl-8890: " + std::string(text) + "}\n"));
    };
    EXPECT_EQ(system("{origins: ['http://127.0.0.1:9001']}"), "accepted");
    EXPECT_THAT(system("{}"), HasSubstr("at least one server"));
    EXPECT_THAT(system("{origins: ['ftp://h']}"), HasSubstr("scheme, host and port only"));
    EXPECT_THAT(system("{origins: ['http://h/path']}"), HasSubstr("scheme, host and port only"));
    EXPECT_THAT(system("{origins: ['http://h', 'https://h']}"), HasSubstr("same scheme"));
    EXPECT_THAT(system("{origins: ['https://h'], tls: {verify: false}}"), HasSubstr("pin_sha256"));
    EXPECT_EQ(system("{origins: ['https://h'], tls: {verify: false, pin_sha256: " + std::string(64, 'a') + "}}"),
              "accepted");
    EXPECT_THAT(system("{origins: ['https://h'], tls: {pin_sha256: ABC}}"), HasSubstr("64 lower-case"));
    EXPECT_THAT(refusal(with("systems: {Bad_Id: {origins: ['http://h']}}\n")), HasSubstr("system's id"));
}

TEST(Config, ChecksWhatOnlyFitsTogether) {
    EXPECT_THAT(refusal(with("sessions: {idle: 2h, absolute: 1h}\n")), HasSubstr("'idle' must not be above"));
    EXPECT_THAT(refusal(with("sessions: {idle: 5m, admin_idle: 10m}\n")), HasSubstr("'admin_idle'"));
    EXPECT_THAT(refusal(with("limits: {max_head: 4KiB}\n")), HasSubstr("'max_target' must not be above"));
    EXPECT_THAT(refusal(with("passwords: {min_length: 64, max_length: 32}\n")), HasSubstr("'min_length'"));
    EXPECT_THAT(refusal(with("throttle: {free_failures: 9}\n")), HasSubstr("'free_failures'"));
    EXPECT_THAT(refusal(with("audit: {algorithm: md5}\n")), HasSubstr("sm3, sha256"));
}

TEST(Config, ReadsZonesAndChecksTheirNetworks) {
    const auto snapshot = parse(with("zones: {office: [10.1.0.0/16, '::1'], hall: []}\n")).value();
    EXPECT_THAT(snapshot->zones.at("office"), testing::ElementsAre("10.1.0.0/16", "::1"));
    EXPECT_THAT(snapshot->zones.at("hall"), IsEmpty());
    for (const char* bad :
         {"10.1.0.0/33", "10.1.0.1/16", "10.1/16", "x", "2001:db8::1/64", "10.1.0.0/", "10.0.0.0/-1"}) {
        EXPECT_THAT(refusal(with("zones: {office: ['" + std::string(bad) + "']}\n")), HasSubstr("not a network"))
            << bad;
    }
}

TEST(Config, AMissingFileIsAnError) {
    EXPECT_EQ(loadConfig("/nonexistent/yimen.yaml").error().code, core::ErrorCode::kNotFound);
}

TEST(SecretReference, ReadsFilesAndEnvironmentAndNothingElse) {
    const std::string path = testing::TempDir() + "yimen-secret-" + core::SystemRandom().hex(8);
    ASSERT_TRUE(core::replaceFile(path, "s3cret\r\n", 0600).ok());
    EXPECT_EQ(resolveSecret("file:" + path)->reveal(), "s3cret");
    std::filesystem::remove(path);
    EXPECT_EQ(resolveSecret("file:" + path).error().code, core::ErrorCode::kNotFound);
    ::setenv("YIMEN_TEST_SECRET", "from env", 1);
    EXPECT_EQ(resolveSecret("env:YIMEN_TEST_SECRET")->reveal(), "from env");
    ::unsetenv("YIMEN_TEST_SECRET");
    EXPECT_FALSE(resolveSecret("env:YIMEN_TEST_SECRET").ok());
    EXPECT_FALSE(resolveSecret("plain").ok());
}

}  // namespace
}  // namespace yimen::config
