// Every adapters/<id>/tests/*.json against the adapter as it lies there. A new folder needs nothing here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapter/engine_base.h"
#include "adapter/system_adapter.h"
#include "core/unicode.h"
#include "support/repository.h"
#include "unit/adapter/fixture_client.h"

namespace yimen::adapter {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::HasSubstr;
using testing::IsEmpty;

std::string readText(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string out;
    std::string line;
    while (std::getline(in, line)) out.append(line).append("\n");
    return out;
}

fs::path adaptersFolder() {
    return fs::path(yimen::test::repository()) / "adapters";
}

std::vector<std::string> adapterIds() {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(adaptersFolder())) {
        if (fs::exists(entry.path() / "adapter.yaml")) out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<std::string> fixtureFiles() {
    std::vector<std::string> out;
    for (const auto& id : adapterIds()) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(adaptersFolder() / id / "tests", ignored)) {
            if (entry.path().extension() == ".json") out.push_back(id + "/tests/" + entry.path().filename().string());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

template <typename Info>
std::string testName(const Info& info) {
    std::string name(info.param);
    for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name;
}

class Fields final : public HeaderSink {
public:
    void set(std::string_view name, std::string_view value) override { values[std::string(name)] = value; }
    std::map<std::string, std::string> values;
};

class AdapterFixture : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        const fs::path file = adaptersFolder() / GetParam();
        const auto parsed = core::parseJson(readText(file));
        ASSERT_TRUE(parsed.ok()) << parsed.error().describe();
        fixture_ = *parsed;
        folder_ = file.parent_path().parent_path();
    }

    void load() {
        auto manifest = Manifest::load(folder_.string());
        ASSERT_TRUE(manifest.ok()) << manifest.error().describe();
        manifest->origin.servers = {core::Url::parse("http://system.test:8001").value()};
        auto shared = std::make_shared<const Manifest>(std::move(*manifest));
        auto engine = makeEngine(shared);
        ASSERT_TRUE(engine.ok()) << engine.error().describe();
        client_ = std::make_shared<FixtureClient>(fixture_.value("exchanges", Json::array()), shared->origin.charset);
        clock_ = std::make_unique<core::ManualClock>(core::fromUnixSeconds(fixture_.value("time", 1767225600)));
        adapter_ = std::make_unique<SystemAdapter>(shared, std::move(*engine), client_, *clock_);
        session_ = adapter_->newSession();
        const Json secrets = fixture_.value("secrets", Json::object());
        for (const auto& [name, value] : secrets.items()) {
            secrets_[name] = core::Secret(value.get<std::string>());
        }
    }

    void checkSession(const Json& expected) {
        if (expected.contains("session")) {
            EXPECT_EQ(session_->signedOn(), expected.at("session").get<bool>());
        }
        if (!expected.contains("next_request")) return;
        const auto& next = expected.at("next_request");
        const std::string method = next.value("method", "GET");
        const std::string target = next.at("target");
        Fields fields;
        ASSERT_TRUE(adapter_->prepare(*session_, {method, target, {}}, fields).ok());
        for (const auto& [name, value] : next.at("headers").items())
            EXPECT_EQ(fields.values[name], value.get<std::string>()) << name;
    }

    void runSignOn() {
        load();
        SignOnContext context{*client_, *session_, secrets_, *clock_, random_};
        const auto outcome = adapter_->engine().signOn(context);
        ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
        const auto& expected = fixture_.at("expect");
        std::string trace;
        for (const auto& hop : outcome->trace)
            trace += hop.step + " " + std::to_string(hop.status) + " " + hop.note + "\n";
        EXPECT_EQ(toString(outcome->outcome), expected.at("outcome").get<std::string>()) << outcome->detail << "\n"
                                                                                         << trace;
        if (expected.contains("step")) {
            EXPECT_EQ(outcome->step, expected.at("step").get<std::string>()) << trace;
        }
        EXPECT_THAT(client_->faults(), IsEmpty());
        EXPECT_EQ(client_->left(), 0U) << "exchanges that were not asked for";
        for (const auto& [name, secret] : secrets_) {
            if (secret.size() >= 6) {
                EXPECT_EQ((trace + outcome->detail).find(secret.reveal()), std::string::npos) << name;
            }
        }
        checkSession(expected);
    }

    void runManifestRefused() {
        std::string text = readText(folder_ / "adapter.yaml");
        for (const auto& change : fixture_.at("replace")) {
            const auto from = change.at(0).get<std::string>();
            const auto at = text.find(from);
            ASSERT_NE(at, std::string::npos) << "not in adapter.yaml: " << from;
            text.replace(at, from.size(), change.at(1).get<std::string>());
        }
        const auto document = config::YamlDocument::parse(text, "adapter.yaml");
        const auto manifest =
            document.ok() ? Manifest::parse(document->root()) : core::Result<Manifest>(document.error());
        ASSERT_FALSE(manifest.ok()) << "was accepted";
        EXPECT_THAT(manifest.error().message, HasSubstr(fixture_.at("expect").at("error").get<std::string>()));
        EXPECT_THAT(manifest.error().message, testing::ContainsRegex("adapter.yaml:[0-9]+:[0-9]+"));
    }

    void runClientHeaders() {
        load();
        for (const auto& name : fixture_.at("stripped")) {
            EXPECT_TRUE(isIdentityHeader(adapter_->manifest(), name.get<std::string>())) << name;
        }
        for (const auto& name : fixture_.at("kept")) {
            EXPECT_FALSE(isIdentityHeader(adapter_->manifest(), name.get<std::string>())) << name;
        }
    }

    void runTraffic() {
        load();
        const auto& recorded = fixture_.at("response");
        std::vector<HeaderRef> headers;
        const Json listed = recorded.value("headers", Json::array());
        std::vector<std::string> texts;
        for (const auto& field : listed) {
            texts.push_back(field.at(0).get<std::string>());
            texts.push_back(field.at(1).get<std::string>());
        }
        for (std::size_t i = 0; i + 1 < texts.size(); i += 2) headers.push_back({texts[i], texts[i + 1]});
        const std::string target = fixture_.at("target");
        const ResponseView view{recorded.at("status").get<int>(), headers, target};
        auto verdict = adapter_->absorb(*session_, view);
        const bool needsBody = adapter_->needsBodyPrefix(view);
        const auto body = core::encodeCharset(recorded.value("body", ""), adapter_->manifest().origin.charset);
        if (verdict == Verdict::kOk && needsBody) verdict = adapter_->inspectBody(view, body.ok() ? *body : "");
        const std::map<std::string, Verdict> names{{"ok", Verdict::kOk},
                                                   {"expired", Verdict::kExpired},
                                                   {"retry", Verdict::kRetry},
                                                   {"second_session", Verdict::kSecondSession},
                                                   {"maintenance", Verdict::kMaintenance}};
        EXPECT_EQ(verdict, names.at(fixture_.at("expect").at("verdict")));
    }

    Json fixture_;
    fs::path folder_;
    std::shared_ptr<FixtureClient> client_;
    std::unique_ptr<core::ManualClock> clock_;
    std::unique_ptr<SystemAdapter> adapter_;
    std::shared_ptr<SystemSession> session_;
    SecretMap secrets_;
    FixtureRandom random_;
};

TEST_P(AdapterFixture, HoldsAsRecorded) {
    const std::string kind = fixture_.at("kind");
    if (kind == "sign_on") return runSignOn();
    if (kind == "manifest_refused") return runManifestRefused();
    if (kind == "client_headers") return runClientHeaders();
    if (kind == "traffic") return runTraffic();
    // What a script may touch is the gateway's reading: tests/unit/gateway/hook_fixtures_test.cpp runs these.
    if (kind == "hook") return;
    FAIL() << "unknown kind of fixture: " << kind;
}

INSTANTIATE_TEST_SUITE_P(Recorded, AdapterFixture, testing::ValuesIn(fixtureFiles()),
                         [](const auto& chosen) { return testName(chosen); });

class AdapterFolder : public testing::TestWithParam<std::string> {};

TEST_P(AdapterFolder, HoldsWhatEveryAdapterMustHave) {
    const fs::path folder = adaptersFolder() / GetParam();
    const auto lines = [](const fs::path& path) {
        const std::string text = readText(path);
        return std::count(text.begin(), text.end(), '\n');
    };
    EXPECT_GT(lines(folder / "README.md"), 3);
    EXPECT_LE(lines(folder / "README.md"), 30);
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".lua") {
            EXPECT_LE(lines(entry.path()), 150) << entry.path();
        }
    }
    std::map<std::string, int> kinds;
    bool works = false;
    bool fails = false;
    for (const auto& file : fixtureFiles()) {
        if (!file.starts_with(GetParam() + "/")) continue;
        const auto fixture = core::parseJson(readText(adaptersFolder() / file));
        ASSERT_TRUE(fixture.ok()) << file;
        ++kinds[fixture->at("kind").get<std::string>()];
        const auto outcome = fixture->value("expect", Json::object()).value("outcome", "");
        works = works || outcome == "ok";
        fails = fails || outcome == "unreachable";
    }
    EXPECT_GE(kinds["manifest_refused"], 1);
    EXPECT_GE(kinds["client_headers"], 1);
    EXPECT_TRUE(works) << "no sign-on that works";
    EXPECT_TRUE(fails) << "no upstream failure";
    if (fs::exists(folder / "traffic.lua")) {
        EXPECT_GE(kinds["hook"], 2) << "a traffic script needs a fixture that passes and one that does not";
    }
}

INSTANTIATE_TEST_SUITE_P(All, AdapterFolder, testing::ValuesIn(adapterIds()),
                         [](const auto& chosen) { return testName(chosen); });

}  // namespace
}  // namespace yimen::adapter
