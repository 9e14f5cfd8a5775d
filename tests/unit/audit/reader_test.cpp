#include "audit/reader.h"

#include "unit/audit/audit_fixture.h"

namespace yimen::audit {
namespace {

class Reader : public AuditFixture {
protected:
    void SetUp() override {
        options_.segmentSize = 3000;
        auto log = open();
        for (int i = 0; i < 40; ++i) {
            clock_.advance(std::chrono::seconds(1));
            const auto type = i % 2 == 0 ? "login.ok" : "vault.open";
            auto each = event(type, "p" + std::to_string(i % 4), i % 5 == 0 ? "dl-8890" : "");
            ASSERT_TRUE(log->appendAndWait(each).ok());
        }
    }
    std::vector<AuditRecord> find(const AuditQuery& query) const {
        return readAudit(directory_, query).value().records;
    }
};

TEST_F(Reader, GivesTheNewestFirstAndPages) {
    AuditQuery query;
    query.type = "login.";
    query.limit = 7;
    std::vector<std::uint64_t> seen;
    for (;;) {
        const auto page = readAudit(directory_, query).value();
        EXPECT_LE(page.records.size(), 7U);
        for (const auto& record : page.records) seen.push_back(record.seq);
        if (page.nextBefore == 0) break;
        query.beforeSeq = page.nextBefore;
    }
    EXPECT_EQ(seen.size(), 20U);
    EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(Reader, FiltersByActorSystemTypeAndTime) {
    AuditQuery query;
    query.actor = "p1";
    EXPECT_EQ(find(query).size(), 10U);
    query.system = "dl-8890";
    EXPECT_EQ(find(query).size(), 2U);
    query = {};
    query.type = "vault.open";
    EXPECT_EQ(find(query).size(), 20U);
    query.type = "vault";
    EXPECT_TRUE(find(query).empty());
    query = {};
    query.type = "login.";
    query.from = clock_.wall() - std::chrono::seconds(9);
    EXPECT_EQ(find(query).size(), 5U);
    query.to = clock_.wall() - std::chrono::seconds(5);
    EXPECT_EQ(find(query).size(), 2U);
}

TEST_F(Reader, PassesOverDamagedLinesAndKeepsItsLimit) {
    write(segment(1), "garbage\n" + contentOf(segment(1)));
    AuditQuery query;
    query.limit = 1'000'000;
    EXPECT_GT(find(query).size(), 40U);
    query.limit = 0;
    EXPECT_EQ(find(query).size(), 1U);
}

TEST_F(Reader, AnActorNameCannotForgeAMatch) {
    auto log = open();
    ASSERT_TRUE(log->appendAndWait(event("login.failed", "x\",\"actor\":\"p9")).ok());
    AuditQuery query;
    query.actor = "p9";
    EXPECT_TRUE(find(query).empty());
    query.actor = "x\",\"actor\":\"p9";
    EXPECT_EQ(find(query).size(), 1U);
}

}  // namespace
}  // namespace yimen::audit
