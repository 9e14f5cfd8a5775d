#include "audit/record.h"

#include <gtest/gtest.h>

#include "core/time_format.h"

namespace yimen::audit {
namespace {

const ChainHash kPlain(crypto::DigestAlgorithm::kSm3);

AuditEvent sample() {
    AuditEvent event;
    event.type = "login.ok";
    event.actor = "张伟 \"x\"\n\x01";
    event.subject = "s";
    event.system = "dl-8890";
    event.result = AuditResult::kDenied;
    event.sourceIp = "::1";
    event.fields = {{"reason", "locked"}, {"a", ""}};
    return event;
}

TEST(AuditRecord, RoundTripsAndMovesTheChain) {
    ChainState state;
    const auto at = core::parseDate("2026-11-21").value() + std::chrono::microseconds(37'322'000'001);
    const auto first = formatRecord(sample(), at, kPlain, state);
    const auto second = formatRecord(sample(), at, kPlain, state);
    EXPECT_EQ(first.find('\n'), std::string::npos);
    const auto a = parseRecord(first).value();
    const auto b = parseRecord(second).value();
    EXPECT_EQ(a.seq, 1U);
    EXPECT_EQ(a.prev, std::string(64, '0'));
    EXPECT_EQ(b.seq, 2U);
    EXPECT_EQ(b.prev, a.hash);
    EXPECT_EQ(state, (ChainState{2, b.hash}));
    EXPECT_EQ(a.at, at);
    EXPECT_EQ(a.event.actor, sample().actor);
    EXPECT_EQ(a.event.result, AuditResult::kDenied);
    EXPECT_EQ(a.event.fields.size(), 2U);
    EXPECT_TRUE(hashFits(first, kPlain));
}

TEST(AuditRecord, EveryChangedByteBreaksTheHash) {
    ChainState state;
    const auto line = formatRecord(sample(), core::WallTime{}, kPlain, state);
    for (std::size_t i = 0; i < line.size(); ++i) {
        auto changed = line;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(hashFits(changed, kPlain)) << i;
    }
    EXPECT_FALSE(hashFits("", kPlain));
    EXPECT_FALSE(hashFits(line.substr(1), kPlain));
}

TEST(AuditRecord, AKeyMakesAnotherHash) {
    core::SystemRandom random;
    const ChainHash keyed(crypto::DigestAlgorithm::kSm3, crypto::Key::generate(random));
    ChainState state;
    const auto line = formatRecord(sample(), core::WallTime{}, keyed, state);
    EXPECT_TRUE(hashFits(line, keyed));
    EXPECT_FALSE(hashFits(line, kPlain));
}

TEST(AuditRecord, CutsOversizedEventsButStaysReadable) {
    AuditEvent event = sample();
    event.actor = std::string(1'000'000, 'x');
    event.fields.assign(1000, {"same", std::string(100'000, '\x01')});
    ChainState state;
    const auto line = formatRecord(event, core::WallTime{}, kPlain, state);
    EXPECT_LT(line.size(), kMaxLineBytes);
    const auto record = parseRecord(line);
    ASSERT_TRUE(record.ok()) << record.error().describe();
    EXPECT_EQ(record->event.actor.size(), kMaxTextBytes);
    EXPECT_EQ(record->event.fields.size(), kMaxFields + 1);
}

TEST(AuditRecord, RepeatedFieldNamesAllSurvive) {
    AuditEvent event = sample();
    event.fields = {{"a", "1"}, {"a", "2"}, {"a#2", "3"}};
    ChainState state;
    const auto record = parseRecord(formatRecord(event, core::WallTime{}, kPlain, state)).value();
    EXPECT_EQ(record.event.fields.size(), 3U);
}

TEST(AuditRecord, InvalidUtf8StaysReadable) {
    AuditEvent event = sample();
    event.actor = "\xC3\x28";
    ChainState state;
    EXPECT_TRUE(parseRecord(formatRecord(event, core::WallTime{}, kPlain, state)).ok());
}

TEST(AuditRecord, RefusesWhatIsNoRecord) {
    for (const char* bad : {"", "{}", "null", "[]", "{\"v\":2}", "{\"v\":1,\"seq\":0}", "{\"v\":1,\"seq\":\"1\"}"}) {
        EXPECT_EQ(parseRecord(bad).error().code, core::ErrorCode::kCorrupt) << bad;
    }
    ChainState state;
    auto line = formatRecord(sample(), core::WallTime{}, kPlain, state);
    line.replace(line.find("denied"), 6, "dreamt");
    EXPECT_FALSE(parseRecord(line).ok());
}

}  // namespace
}  // namespace yimen::audit
