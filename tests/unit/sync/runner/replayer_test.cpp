#include "sync/runner/replayer.h"

#include "unit/sync/runner/item_bench.h"

namespace yimen::sync {
namespace {

const char* const kLetterFields =
    "      - {to: id, from: bh, key: true}\n"
    "      - {to: age, from: nl, type: integer}\n"
    "      - {to: state, from: zt, code: states}\n";
const std::vector<std::string> kLetterColumns{"bh", "nl", "zt"};
const char* const kLetterCodes = "  states: {\"1\": 在办, \"2\": 办结}\n";

/// An item with refused records: a bad number, two codes that the table did not have.
template <typename Backend>
class ReplayerTest : public ItemBench<Backend> {
protected:
    void SetUp() override {
        this->use(dataYaml(kLetterFields, {}, kLetterCodes), kLetterColumns);
        this->rows = {{"a", "x1", "1"}, {"b", "7", "9"}, {"c", "8", "9"}, {"d", "1", "1"}};
        ASSERT_EQ(this->runItem().state, RunState::kPartial);
        ASSERT_EQ(this->stored(), "d|1|在办\n");
        ASSERT_EQ(this->letters().size(), 3U);
        this->away = true;
    }
    /// A refusal that never was a record, in a commit of its own.
    void refuse(Reject reject) {
        const sync::Run own = valueOf(this->shared.runs->begin(this->item.code, ReadMode::kIncremental, "m"));
        const auto part = valueOf(this->shared.target->takeOver(this->item.code, "lines", own.id));
        const Batch none = batchOf(3, {});
        Commit commit;
        commit.rows = &none;
        commit.read = 1;
        commit.rejected = {std::move(reject)};
        valueOf(valueOf(this->shared.target->writer(this->item, false))->commit(part.claim, commit));
        ASSERT_TRUE(this->shared.runs->finish(own.id, RunState::kPartial, "").ok());
    }
    /// The mapping learned the code 9 meanwhile.
    void mend() {
        this->use(dataYaml(kLetterFields, {}, "  states: {\"1\": 在办, \"2\": 办结, \"9\": 归档}\n"), kLetterColumns);
    }
    /// The item's own run finds these records.
    void sync(const std::vector<RowTexts>& records) {
        this->away = false;
        this->rows = records;
        this->runItem();
        this->away = true;
    }
    ReplayReport replay(bool dryRun, const std::string& rule = {}, std::map<DeadLetterId, std::string> edits = {}) {
        this->clock.advance(std::chrono::seconds(1));
        ReplayWish wish;
        wish.filter = {this->item.code, rule};
        wish.edits = std::move(edits);
        wish.dryRun = dryRun;
        const auto report = Replayer(this->parts()).replay(this->system(), this->spec(), wish);
        EXPECT_TRUE(report.ok()) << report.error().describe();
        return report.ok() ? *report : ReplayReport{};
    }
};
TYPED_TEST_SUITE(ReplayerTest, Backends);

TYPED_TEST(ReplayerTest, SaysWhatWouldBecomeOfThemAndLeavesNoTrace) {
    this->refuse({5, "format", "", "quote not closed", "e,\"1", {}});
    this->mend();
    const std::size_t runs = valueOf(this->shared.runs->list(this->item.code, 10)).size();
    const ReplayReport report = this->replay(true);
    EXPECT_EQ(report.letters, 4U);
    EXPECT_EQ(report.passed, 2U);
    EXPECT_EQ(report.refused, 1U);
    EXPECT_EQ(report.unreadable, 1U);
    EXPECT_EQ(report.counters, (Counters{3, 2, 0, 0, 1, 0, 0, 0}));
    EXPECT_FALSE(report.run);
    EXPECT_EQ(this->stored(), "d|1|在办\n");
    EXPECT_EQ(this->letters().size(), 4U);
    EXPECT_EQ(valueOf(this->shared.runs->list(this->item.code, 10)).size(), runs);
}

TYPED_TEST(ReplayerTest, SaysSoWhenNoneOfThemIsARecord) {
    this->refuse({5, "format", "", "quote not closed", "e,\"1", {}});
    const ReplayReport report = this->replay(false, "format");
    EXPECT_EQ(report.unreadable, 1U);
    EXPECT_EQ(report.details.at(0).rule, "format");
    EXPECT_EQ(valueOf(this->shared.runs->find(*report.run))->state, RunState::kPartial);
}

TYPED_TEST(ReplayerTest, TakesInWhatTheMappingUnderstandsNow) {
    this->mend();
    const ReplayReport report = this->replay(false, "code_table");
    EXPECT_EQ(report.passed, 2U);
    EXPECT_EQ(this->stored(), "b|7|归档\nc|8|归档\nd|1|在办\n");
    EXPECT_TRUE(this->letters("code_table").empty());
    EXPECT_EQ(this->letters().size(), 1U) << "letters of other causes wait";
    const sync::Run done = valueOf(this->shared.runs->find(*report.run)).value();
    EXPECT_EQ(done.kind, RunKind::kReplay);
    EXPECT_EQ(done.state, RunState::kDone);
    EXPECT_TRUE(done.counters.balanced());
    EXPECT_EQ(done.counters.inserted, 2U);
    EXPECT_EQ(this->replay(false, "code_table").letters, 0U) << "once";
    EXPECT_EQ(valueOf(this->shared.target->takeOver(this->item.code, "", 1)).position, "4")
        << "the item's own checkpoint does not move";
}

TYPED_TEST(ReplayerTest, TakesAnEditedRecordAndKeepsTheEditOfOneThatIsStillBad) {
    this->refuse({5, "format", "", "quote not closed", "e,\"1", {}});
    const auto letters = this->letters();
    const DeadLetterId number = letters[0].id;
    const DeadLetterId line = letters[3].id;
    const ReplayReport report = this->replay(
        false, {}, {{number, R"({"bh":"a","nl":"x2","zt":"1"})"}, {line, R"({"bh":"e","nl":"5","zt":"2"})"}});
    EXPECT_EQ(report.passed, 1U);
    EXPECT_EQ(report.refused, 3U);
    EXPECT_EQ(this->stored(), "d|1|在办\ne|5|办结\n");
    const auto left = this->letters();
    ASSERT_EQ(left.size(), 3U);
    EXPECT_EQ(left[0].id, number) << "refused by the same rule, it is the same letter";
    EXPECT_EQ(left[0].reject.raw, R"({"bh":"a","nl":"x2","zt":"1"})");
    EXPECT_EQ(left[0].times, 2);
}

TYPED_TEST(ReplayerTest, OpensANewLetterWhenAnotherRuleRefusesTheRecord) {
    const DeadLetterId number = this->letters()[0].id;
    const ReplayReport report = this->replay(false, {}, {{number, R"({"bh":"a","nl":"3","zt":"9"})"}});
    EXPECT_EQ(report.letters, 3U) << "the new letter is not tried again";
    const auto left = this->letters("code_table");
    ASSERT_EQ(left.size(), 3U);
    EXPECT_GT(left[2].id, number);
    EXPECT_EQ(left[2].reject.raw, R"({"bh":"a","nl":"3","zt":"9"})");
    EXPECT_EQ(this->letters().size(), 3U);
}

TYPED_TEST(ReplayerTest, DoesNotPutAnOldRecordOverANewerOne) {
    this->sync({{"b", "77", "2"}, {"c", "8", "9"}, {"d", "1", "1"}});
    this->mend();
    EXPECT_EQ(this->replay(false).letters, 2U) << "the record came in good: its letter is closed";
    EXPECT_EQ(this->stored(), "b|77|办结\nc|8|归档\nd|1|在办\n");
}

TYPED_TEST(ReplayerTest, LeavesAloneWhatASyncTakesInMeanwhile) {
    this->mend();
    this->onMapper = [this] { this->sync({{"b", "77", "2"}, {"c", "8", "8"}}); };  // the letters have been read
    const ReplayReport report = this->replay(false);
    EXPECT_EQ(report.letters, 3U);
    EXPECT_EQ(report.outdated, 2U);
    EXPECT_EQ(this->stored(), "b|77|办结\nd|1|在办\n") << "c has another text at the source, refused again";
    ASSERT_EQ(report.details.size(), 3U);
    EXPECT_EQ(report.details[1].rule, "outdated");
    const auto left = this->letters("code_table");
    ASSERT_EQ(left.size(), 1U) << "b was closed by the sync, and is not written anew";
    EXPECT_NE(left[0].reject.raw.find(R"("zt":"8")"), std::string::npos);
    EXPECT_TRUE(report.counters.balanced());
    EXPECT_EQ(report.counters.read, 1U);
}

TYPED_TEST(ReplayerTest, FindsNewerRecordsOfLettersWithoutAKey) {
    this->refuse({7, "code_table", "state", "as an older hub wrote it", R"({"bh":"b","nl":"5","zt":"9"})", {}});
    this->refuse({8, "code_table", "state", "the same", R"({"bh":"z","nl":"5","zt":"9"})", {}});
    const DeadLetterId edited = this->letters()[4].id;
    this->sync({{"b", "77", "2"}, {"z", "78", "2"}});
    this->mend();
    const ReplayReport report = this->replay(false, "code_table", {{edited, R"({"bh":"z","nl":"6","zt":"9"})"}});
    EXPECT_EQ(report.outdated, 2U);
    EXPECT_EQ(this->stored(), "b|77|办结\nc|8|归档\nd|1|在办\nz|78|办结\n");
    const auto left = this->letters("code_table");
    ASSERT_EQ(left.size(), 1U) << "what a person changed is theirs to put away";
    EXPECT_EQ(left[0].id, edited);
}

TYPED_TEST(ReplayerTest, DoesNotBringBackARecordThatWasRemoved) {
    this->use(dataYaml(kLetterFields, "    deletes: {how: absent}\n    guard: {max_share: 100%}\n", kLetterCodes),
              kLetterColumns);
    this->sync({{"b", "7", "1"}, {"d", "1", "1"}});
    this->refuse({7, "code_table", "state", "no key", R"({"bh":"b","nl":"5","zt":"9"})", {}});
    this->sync({{"d", "1", "1"}});
    this->mend();
    EXPECT_EQ(this->replay(false, "code_table").outdated, 1U);
    EXPECT_EQ(this->stored(), "d|1|在办\n");
    EXPECT_TRUE(this->letters().empty()) << "the complete read did not find the others";
}

}  // namespace
}  // namespace yimen::sync
