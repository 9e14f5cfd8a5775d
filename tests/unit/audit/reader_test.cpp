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

TEST_F(Reader, FindsWhatAnActWasAbout) {
    {
        auto log = open();
        auto about = event("sync.removal.confirm", "p1", "");
        about.subject = "item:ZS-SQ-013";
        about.fields = {{"item", "ZS-SQ-013"}, {"run", "77"}};
        ASSERT_TRUE(log->appendAndWait(about).ok());
    }
    AuditQuery query;
    for (const char* object : {"item:ZS-SQ-013", "ZS-SQ-013", "77"}) {
        query.object = object;
        EXPECT_EQ(find(query).size(), 1U) << object;
    }
    query.object = "ZS-SQ";
    EXPECT_TRUE(find(query).empty()) << "a part of a name is another name";
    query.object = "p1";
    EXPECT_TRUE(find(query).empty()) << "who did it is not what it was about";
    query.object = "dl-8890";
    EXPECT_EQ(find(query).size(), 8U);
}

TEST_F(Reader, LooksThroughNoMoreThanItMayAndGoesOnFromThere) {
    AuditQuery query;
    query.actor = "p3";
    query.maxBytes = 1;
    std::size_t found = 0;
    int pages = 0;
    for (;; ++pages) {
        const auto page = readAudit(directory_, query).value();
        found += page.records.size();
        EXPECT_LT(page.records.size(), 10U);
        if (page.nextBefore == 0) break;
        EXPECT_TRUE(page.cut);
        ASSERT_TRUE(query.beforeSeq == 0 || page.nextBefore < query.beforeSeq) << "it would never end";
        query.beforeSeq = page.nextBefore;
    }
    EXPECT_EQ(found, 10U);
    EXPECT_GT(pages, 2);
    query = {};
    query.actor = "p3";
    EXPECT_FALSE(readAudit(directory_, query)->cut);
}

TEST_F(Reader, OpensNoSegmentOfAnotherTime) {
    AuditQuery query;
    query.from = clock_.wall() - std::chrono::seconds(3);
    query.maxBytes = 1;
    const auto newest = readAudit(directory_, query).value();
    EXPECT_FALSE(newest.records.empty());
    query.from.reset();
    query.to = clock_.wall() - std::chrono::seconds(38);
    const auto oldest = readAudit(directory_, query).value();
    EXPECT_FALSE(oldest.records.empty()) << "newer segments do not use up what it may look through";
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
