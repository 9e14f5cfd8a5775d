#pragma once

#include "identity/session_table.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using End = SessionTable::EndReason;

class SessionTableTest : public ::testing::Test {
protected:
    std::unique_ptr<SessionTable> makeTable() {
        SessionTable::Dependencies dependencies{world.clock, world.random, *world.stores.sessions, world.sealer,
                                                [this](PersonId id) { return id != barred.load(); }};
        auto made = std::make_unique<SessionTable>(limits, dependencies);
        made->onEnd([this](const SessionHandle& session, End reason) {
            const std::lock_guard lock(endedMutex);
            ended.emplace_back(session->id(), reason);
        });
        return made;
    }
    SessionTable::Created signIn(PersonId person) {
        auto made = table->create({person, 5, Assurance::kPassword, "10.0.0.1", "Firefox"});
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    void restart() {
        table.reset();
        world.stores = {};
        world.stores = world.backend.open();
        table = makeTable();
        ASSERT_TRUE(table->load().ok());
    }
    SessionProblem problem(const std::string& cookie, std::string_view purpose = kHubPurpose) {
        return table->check(cookie, purpose).problem;
    }

    test::World world;
    SessionLimits limits{std::chrono::minutes(30), std::chrono::minutes(12 * 60), 1000, 3, std::chrono::seconds(10)};
    std::atomic<PersonId> barred{0};
    std::mutex endedMutex;
    std::vector<std::pair<SessionId, End>> ended;
    std::unique_ptr<SessionTable> table = makeTable();
    PersonId zhang = world.person("zhang");
    PersonId li = world.person("li");
};

}  // namespace yimen::identity
