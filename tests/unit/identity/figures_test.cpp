#include <chrono>
#include <cstdio>
#include <fstream>

#include "identity/authenticator.h"
#include "identity/entry_codes.h"
#include "unit/identity/fixture.h"

/// Figures of the paths that every request or sign-in takes. The bounds are wide, for slow and busy machines; run alone
/// in a release build for figures to quote.
namespace yimen::identity {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasured = false;
#else
constexpr bool kMeasured = true;
#endif

class NoStore final : public store::SessionStore {
public:
    core::Status create(const store::SessionRecord&) override { return {}; }
    core::Status end(const std::vector<SessionId>&) override { return {}; }
    core::Status touch(const std::vector<store::SessionTouch>&) override { return {}; }
    core::Status load(core::WallTime, const std::function<void(store::SessionRecord&&)>&) override { return {}; }
    core::Result<std::int64_t> purge(core::WallTime) override { return std::int64_t{0}; }
};

std::size_t residentBytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * 4096;
}

double nanosecondsEach(std::size_t times, const std::function<void(std::size_t)>& work) {
    const auto before = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < times; ++i) work(i);
    const auto took = std::chrono::steady_clock::now() - before;
    return std::chrono::duration<double, std::nano>(took).count() / static_cast<double>(times);
}

class InstantHashing final : public PasswordHashing {
public:
    core::Result<std::string> hash(const core::Secret&) override { return std::string("h"); }
    bool verify(const core::Secret&, std::string_view) override { return true; }
    bool needsRehash(std::string_view) override { return false; }
    std::string dummyHash() override { return "d"; }
};

}  // namespace

TEST(Figures, SessionsInMemory) {
    constexpr std::size_t kSessions = kMeasured ? 100000 : 2000;
    const core::SystemClock clock;
    core::SystemRandom random;
    NoStore store;
    SessionTable table(
        {},
        {clock, random, store, std::make_shared<const crypto::TicketSealer>(crypto::KeyRing::ephemeral(random)), {}});
    std::vector<std::string> cookies;
    cookies.reserve(1000);
    const std::size_t before = residentBytes();
    const double create = nanosecondsEach(kSessions, [&](std::size_t i) {
        auto made = table.create({static_cast<PersonId>(i / 2 + 1), 1, Assurance::kPassword,
                                  "10.20." + std::to_string(i % 200) + "." + std::to_string(i % 250),
                                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                                  "Chrome/1" +
                                      std::to_string(i % 40) + ".0.0.0 Safari/537.36"});
        ASSERT_TRUE(made.ok());
        if (cookies.size() < 1000) cookies.push_back(std::move(made->cookie));
    });
    const std::size_t after = residentBytes();
    const double check = nanosecondsEach(200000, [&](std::size_t i) {
        const SessionCheck found = table.check(cookies[i % cookies.size()], kHubPurpose);
        ASSERT_NE(found.session, nullptr);
    });
    const double refuse = nanosecondsEach(200000, [&](std::size_t i) {
        const SessionCheck found = table.check(cookies[i % cookies.size()], "app:qu-oa");
        ASSERT_EQ(found.session, nullptr);
    });
    const double flush = nanosecondsEach(3, [&](std::size_t) { ASSERT_TRUE(table.flush().ok()); });
    const double each = static_cast<double>(after - before) / kSessions;
    std::printf(
        "%zu sessions: %.0f bytes each, process %.1f MB; check %.0f ns, refused %.0f ns, create %.0f ns without disk, "
        "flush %.1f ms\n",
        kSessions, each, static_cast<double>(after) / 1e6, check, refuse, create, flush / 1e6);
    if (!kMeasured) return;
    EXPECT_LT(each, 700);
    EXPECT_LT(check, 5000);
}

TEST(Figures, SignInWithoutTheHash) {
    test::World world;
    std::vector<PersonId> people;
    ASSERT_TRUE(
        world.stores.transactor
            ->transaction([&]() -> core::Status {
                for (int i = 0; i < 100; ++i) {
                    people.push_back(world.person("p" + std::to_string(i)));
                    EXPECT_TRUE(world.stores.credentials->set({people.back(), "h", world.clock.wall(), false}, 0).ok());
                }
                return {};
            })
            .ok());
    DirectoryHolder holder(world.stores);
    ASSERT_TRUE(holder.reload().ok());
    InstantHashing hashing;
    const PasswordPolicy policy;
    LoginThrottle throttle({}, world.clock, *world.stores.locks);
    const DeviceCookies devices(world.sealer, world.clock, world.random);
    PasswordAuthenticator authenticator({world.stores, holder, hashing, policy, throttle, devices, world.clock});
    const core::Secret password("x");
    const double begin = nanosecondsEach(1000, [&](std::size_t i) {
        const auto admission = authenticator.begin("p" + std::to_string(i % 100), {"10.0.0.1", "", ""}, "");
        ASSERT_TRUE(admission.admitted);
        authenticator.abandon(admission.attempt);
    });
    const double whole = nanosecondsEach(1000, [&](std::size_t i) {
        const auto admission = authenticator.begin("p" + std::to_string(i % 100), {"10.0.0.1", "", ""}, "");
        const auto verdict = authenticator.verify(admission.attempt, password);
        ASSERT_TRUE(authenticator.finish(admission.attempt, verdict).ok());
    });
    SessionTable table({}, {world.clock, world.random, *world.stores.sessions, world.sealer, {}});
    const std::clock_t cpuBefore = std::clock();
    const double session = nanosecondsEach(100, [&](std::size_t i) {
        ASSERT_TRUE(table.create({people[i], 0, Assurance::kPassword, "10.0.0.1", "Firefox"}).ok());
    });
    const double cpu = 1e3 * static_cast<double>(std::clock() - cpuBefore) / CLOCKS_PER_SEC / 100;
    const auto start = std::chrono::steady_clock::now();
    test::together(8, [&](int thread) {
        for (std::size_t i = 0; i < 50; ++i) {
            const auto who = people[(static_cast<std::size_t>(thread) * 50 + i) % people.size()];
            ASSERT_TRUE(table.create({who, 0, Assurance::kPassword, "10.0.0.1", "Firefox"}).ok());
        }
    });
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("durable sessions from 8 threads: %.0f a second\n", 400 / took);
    std::printf(
        "sign-in without hash: begin %.1f us, begin+verify+finish %.1f us; durable session %.2f ms, %.3f ms CPU\n",
        begin / 1e3, whole / 1e3, session / 1e6, cpu);
}

}  // namespace yimen::identity
