// The ten adapters against the ten simulators: what counts is the simulator's own record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "adapter/catalog.h"
#include "core/ascii.h"
#include "integration/zoo_process.h"
#include "support/repository.h"

namespace yimen::integration {
namespace {

using adapter::Outcome;
using adapter::Verdict;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSystems[] = {"qu-tourism",   "dl-8890",  "nat-salvation", "ln-edu",  "ln-forestfire",
                                    "ln-emergency", "dl-video", "qu-integrity",  "qu-grid", "qu-oa"};

class Fields final : public adapter::HeaderSink {
public:
    void set(std::string_view name, std::string_view value) override {
        list.push_back({std::string(name), std::string(value)});
    }
    std::vector<http::ClientField> list;
};

class AdapterZoo : public testing::TestWithParam<const char*> {
protected:
    static void SetUpTestSuite() {
        zoo_ = ZooProcess::start();
        if (!zoo_) return;
        adapter::CatalogOptions options;
        options.folder = yimen::test::repository() + "/adapters";
        options.clock = &clock_;
        for (const char* id : kSystems) options.systems[id].origins = {zoo_->origin(id)};
        auto loaded = adapter::Catalog::load(options);
        ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
        catalog_ = *loaded;
        for (const auto& refused : catalog_->refused()) ADD_FAILURE() << refused.error.describe();
    }
    static void TearDownTestSuite() {
        catalog_.reset();
        zoo_.reset();
    }
    void SetUp() override {
        // A missing simulator must not pass for ten systems that sign on.
        if (!zoo_) FAIL() << "the simulators did not start: run scripts/install test (npm packages of tests/zoo)";
        system_ = GetParam();
        adapter_ = catalog_->find(system_);
        ASSERT_NE(adapter_, nullptr);
        zoo_->control(system_, "POST", "/reset", "");
        person_ = zoo_->personWith(system_);
        account_ = zoo_->account(person_, system_);
        session_ = adapter_->newSession();
    }

    adapter::SignOnContext context() { return {adapter_->client(), *session_, account_, clock_, random_}; }
    adapter::SignOnOutcome signOn() {
        auto outcome = adapter_->engine().signOn(context());
        EXPECT_TRUE(outcome.ok()) << outcome.error().describe();
        return outcome.ok() ? *outcome : adapter::SignOnOutcome();
    }
    static std::string explain(const adapter::SignOnOutcome& outcome) {
        std::string out = std::string(toString(outcome.outcome)) + " at " + outcome.step + ": " + outcome.detail;
        for (const auto& hop : outcome.trace) {
            out += "\n  " + hop.step + " " + hop.method + " " + hop.path + " " + std::to_string(hop.status) + " " +
                   hop.note;
        }
        return out;
    }
    /// One request as the gateway sends it; `verdict` by head, then by body.
    http::ClientResponse visit(const std::string& target, Verdict& verdict) {
        Fields fields;
        EXPECT_TRUE(adapter_->prepare(*session_, {"GET", target, {}}, fields).ok());
        http::ClientRequest request;
        request.url = session_->origin().resolve(target).value();
        request.fields = fields.list;
        auto response = adapter_->client().send(request);
        EXPECT_TRUE(response.ok()) << target;
        if (!response.ok()) return {};
        std::vector<adapter::HeaderRef> headers;
        for (const auto& field : response->fields) headers.push_back({field.name, field.value});
        const adapter::ResponseView view{response->status, headers, target};
        verdict = adapter_->absorb(*session_, view);
        if (verdict == Verdict::kOk && adapter_->needsBodyPrefix(view)) {
            verdict = adapter_->inspectBody(view, std::string_view(response->body).substr(0, 4096));
        }
        return *response;
    }
    static bool isStateless() { return system_ == "ln-emergency" || system_ == "qu-integrity"; }

    static inline std::unique_ptr<ZooProcess> zoo_;
    static inline std::shared_ptr<const adapter::Catalog> catalog_;
    static inline core::SystemClock clock_;
    static inline core::SystemRandom random_;
    static inline std::string system_;
    std::shared_ptr<const adapter::SystemAdapter> adapter_;
    std::shared_ptr<adapter::SystemSession> session_;
    std::string person_;
    adapter::SecretMap account_;
};

TEST_P(AdapterZoo, SignsOnAsTheRightPerson) {
    const auto outcome = signOn();
    ASSERT_EQ(outcome.outcome, Outcome::kOk) << explain(outcome);
    Verdict verdict{};
    const auto home = visit(adapter_->manifest().paths.home, verdict);
    EXPECT_EQ(verdict, Verdict::kOk);
    EXPECT_EQ(home.status, 200);
    EXPECT_EQ(zoo_->count(system_, "login_failed"), 0);
    bool seen = false;
    for (const auto& event : zoo_->record(system_)) {
        EXPECT_NE(event.at("event"), "refused") << event.dump();
        if (event.contains("account") && event["account"].is_string() && !event["account"].get<std::string>().empty()) {
            seen = true;
            const auto name = account_.contains("username") ? account_.at("username") : account_.at("user_dn");
            EXPECT_EQ(event["account"].get<std::string>(), name.reveal()) << event.dump();
        }
    }
    EXPECT_TRUE(seen) << zoo_->record(system_).dump();
}

TEST_P(AdapterZoo, TriesAWrongPasswordExactlyOnce) {
    if (!account_.contains("password")) {
        account_["username"] = core::Secret("nobody-there");
        account_["user_dn"] = core::Secret("CN=nobody/O=zsq");
        if (system_ == "qu-oa") GTEST_SKIP() << "a minted name is always believed";
        const auto outcome = signOn();
        EXPECT_NE(outcome.outcome, Outcome::kOk) << explain(outcome);
        return;
    }
    account_["password"] = core::Secret("not the password 1!");
    const auto outcome = signOn();
    EXPECT_EQ(outcome.outcome, Outcome::kBadPassword) << explain(outcome);
    EXPECT_EQ(zoo_->count(system_, "login_failed"), 1) << zoo_->record(system_).dump();
    EXPECT_EQ(zoo_->count(system_, "locked"), 0);
    EXPECT_FALSE(session_->signedOn());
    EXPECT_THAT(explain(outcome), Not(HasSubstr("not the password")));
}

TEST_P(AdapterZoo, SeesAnExpiredSessionAndComesBack) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    if (isStateless() || system_ == "ln-forestfire") GTEST_SKIP() << "there is no session to expire";
    if (system_ == "qu-oa") GTEST_SKIP() << "the token carries its own time";
    zoo_->control(system_, "POST", "/expire", "{}");
    Verdict verdict{};
    visit(system_ == "qu-grid" ? "/grid/api/me" : adapter_->manifest().paths.home, verdict);
    EXPECT_EQ(verdict, Verdict::kExpired);
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    visit(system_ == "qu-grid" ? "/grid/api/me" : adapter_->manifest().paths.home, verdict);
    EXPECT_EQ(verdict, Verdict::kOk);
}

TEST_P(AdapterZoo, EndsTheSessionInTheSystem) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    const auto outcome = adapter_->engine().signOff(context());
    EXPECT_EQ(outcome.outcome, Outcome::kOk) << explain(outcome);
    EXPECT_FALSE(session_->signedOn());
    if (isStateless()) return;
    EXPECT_EQ(zoo_->count(system_, "logout"), 1) << zoo_->record(system_).dump();
    EXPECT_TRUE(zoo_->sessions(system_).empty()) << zoo_->sessions(system_).dump();
}

TEST_P(AdapterZoo, KeepsTheSessionAlive) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    EXPECT_EQ(adapter_->keepAlive(context()), adapter::SystemAdapter::KeptAlive::kStands);
    for (const auto& event : zoo_->record(system_)) EXPECT_NE(event.at("event"), "refused") << event.dump();
}

TEST_P(AdapterZoo, SaysUnreachableWhenTheConnectionBreaks) {
    zoo_->control(system_, "POST", "/fault", R"({"kind":"reset","times":50})");
    const auto outcome = signOn();
    EXPECT_EQ(outcome.outcome, Outcome::kUnreachable) << explain(outcome);
    EXPECT_FALSE(session_->signedOn());
}

TEST_P(AdapterZoo, SaysUnreachableWhenTheSystemFails) {
    zoo_->control(system_, "POST", "/fault", R"({"kind":"status500","times":50})");
    const auto outcome = signOn();
    EXPECT_EQ(outcome.outcome, Outcome::kUnreachable) << explain(outcome);
    EXPECT_EQ(zoo_->count(system_, "login_failed"), 0);
}

INSTANTIATE_TEST_SUITE_P(Ten, AdapterZoo, testing::ValuesIn(kSystems), [](const auto& chosen) {
    std::string name(chosen.param);
    for (char& c : name) c = c == '-' ? '_' : c;
    return name;
});

class GridZoo : public AdapterZoo {};

TEST_P(GridZoo, RenewsByRefreshTokenOnce) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    EXPECT_GT(session_->refreshAt(), clock_.wall());
    const auto generation = session_->generation();
    zoo_->control(system_, "POST", "/expire", R"({"what":"access"})");
    Verdict verdict{};
    visit("/grid/api/me", verdict);
    EXPECT_EQ(verdict, Verdict::kExpired);
    const auto renewed = adapter_->engine().refresh(context());
    ASSERT_TRUE(renewed.ok());
    EXPECT_EQ(renewed->outcome, Outcome::kOk) << explain(*renewed);
    EXPECT_EQ(session_->generation(), generation + 1);
    visit("/grid/api/me", verdict);
    EXPECT_EQ(verdict, Verdict::kOk);
}
INSTANTIATE_TEST_SUITE_P(Grid, GridZoo, testing::Values("qu-grid"));

class EmergencyZoo : public AdapterZoo {};

TEST_P(EmergencyZoo, CountsNoncesAcrossManyRequests) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    for (int i = 0; i < 30; ++i) {
        Verdict verdict{};
        const auto response = visit("/emg/search.aspx?q=" + std::to_string(i), verdict);
        EXPECT_EQ(verdict, Verdict::kOk) << i;
        EXPECT_EQ(response.status, 200);
    }
}

TEST_P(EmergencyZoo, LearnsFromAStaleNonce) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    zoo_->control(system_, "POST", "/fault", R"({"kind":"clock_skew","seconds":400})");
    Verdict verdict{};
    visit("/emg/", verdict);
    EXPECT_EQ(verdict, Verdict::kRetry);
    visit("/emg/", verdict);
    EXPECT_EQ(verdict, Verdict::kOk);
}
TEST_P(EmergencyZoo, SharesASessionBetweenThreads) {
    ASSERT_EQ(signOn().outcome, Outcome::kOk);
    std::atomic<int> failed{0};
    std::atomic<int> retried{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                Verdict verdict{};
                visit("/emg/api/duty.ashx", verdict);
                if (verdict == Verdict::kRetry) {
                    ++retried;
                    visit("/emg/api/duty.ashx", verdict);
                }
                if (verdict != Verdict::kOk) ++failed;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    EXPECT_LE(retried, 20) << "each refusal brings a nonce of its own";
    RecordProperty("retried", retried);
}

INSTANTIATE_TEST_SUITE_P(Emergency, EmergencyZoo, testing::Values("ln-emergency"));

}  // namespace
}  // namespace yimen::integration
