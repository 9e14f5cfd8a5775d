#include "audit/verify.h"

#include <algorithm>

#include "unit/audit/audit_fixture.h"

namespace yimen::audit {
namespace {

class Verify : public AuditFixture {
protected:
    Verify() { options_.segmentSize = 2500; }
    void SetUp() override {
        fill(20);
        ASSERT_TRUE(check().ok);
        ASSERT_GE(listSegments(directory_)->size(), 3U);
    }
    /// The first break must be in this file at this line.
    void expectFirst(std::uint64_t number, std::uint64_t line) const {
        const auto report = check();
        ASSERT_FALSE(report.ok);
        const std::string name = segmentPath("", number).substr(1);
        EXPECT_EQ(report.breaks.front().file, name) << describe(report);
        EXPECT_EQ(report.breaks.front().line, line) << describe(report);
    }
};

TEST_F(Verify, AnEmptyFolderIsAGoodLog) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
    EXPECT_TRUE(check().ok);
}

TEST_F(Verify, AMissingFolderIsAnError) {
    EXPECT_FALSE(verify({directory_ + "/none", false}, nullptr).ok());
}

TEST_F(Verify, FindsEveryFlippedBitOfASegmentAndItsLine) {
    const std::string good = contentOf(segment(2));
    std::uint64_t line = 1;
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 7)));
        write(segment(2), bad);
        const auto report = check();
        ASSERT_FALSE(report.ok) << i;
        ASSERT_EQ(report.breaks.front().line, line) << i << "\n" << describe(report);
        if (good[i] == '\n') ++line;
    }
}

TEST_F(Verify, FindsARemovedRecord) {
    auto lines = linesOf(segment(2));
    lines.erase(lines.begin() + 2);
    writeLines(segment(2), lines);
    expectFirst(2, 3);
}

TEST_F(Verify, FindsSwappedRecords) {
    auto lines = linesOf(segment(2));
    std::swap(lines[1], lines[2]);
    writeLines(segment(2), lines);
    expectFirst(2, 2);
}

TEST_F(Verify, FindsARepeatedRecord) {
    auto lines = linesOf(segment(2));
    lines.insert(lines.begin() + 3, lines[2]);
    writeLines(segment(2), lines);
    expectFirst(2, 4);
}

TEST_F(Verify, FindsACutEnd) {
    const auto last = listSegments(directory_)->back();
    auto lines = linesOf(segment(last));
    lines.pop_back();
    writeLines(segment(last), lines);
    const auto report = check();
    ASSERT_FALSE(report.ok);
    EXPECT_NE(report.breaks.front().reason.find("missing at the end"), std::string::npos);
}

TEST_F(Verify, FindsARemovedSegmentAtEachPlace) {
    const auto segments = listSegments(directory_).value();
    for (const auto number : segments) {
        const std::string content = contentOf(segment(number));
        std::filesystem::remove(segment(number));
        EXPECT_FALSE(check().ok) << number;
        write(segment(number), content);
        ASSERT_TRUE(check().ok);
    }
}

TEST_F(Verify, FindsAMissingOrChangedHead) {
    const std::string good = contentOf(headPath(directory_));
    std::filesystem::remove(headPath(directory_));
    EXPECT_FALSE(check().ok);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        write(headPath(directory_), bad);
        EXPECT_FALSE(check().ok) << i;
    }
}

TEST_F(Verify, ARewrittenUnkeyedChainIsFound) {
    // Somebody with write access but without the key makes a whole consistent log of his own.
    std::filesystem::remove_all(directory_);
    options_.keyed = false;
    fill(5);
    EXPECT_TRUE(check(false).ok);
    EXPECT_FALSE(check(true).ok);
}

TEST_F(Verify, AnUnkeyedSegmentBehindAKeyedOneIsFound) {
    options_.keyed = false;
    fill(1);
    EXPECT_FALSE(check(false).ok);
}

TEST_F(Verify, AForeignKeyIsFound) {
    const auto other = crypto::KeyRing::ephemeral(random_);
    EXPECT_FALSE(verify({directory_, true}, &other)->ok);
    EXPECT_FALSE(verify({directory_, true}, nullptr)->ok);
}

TEST_F(Verify, AnOpenTailIsNoBreak) {
    const auto last = listSegments(directory_)->back();
    write(segment(last), contentOf(segment(last)) + "{\"v\":1,\"se");
    const auto report = check();
    EXPECT_TRUE(report.ok) << describe(report);
    EXPECT_TRUE(report.openTail);
}

TEST_F(Verify, StopsCollectingAtItsLimit) {
    std::string garbage;
    for (int i = 0; i < 500; ++i) garbage += "x\n";
    write(segment(1), garbage);
    EXPECT_EQ(check().breaks.size(), VerifyReport::kMaxBreaks);
}

}  // namespace
}  // namespace yimen::audit
