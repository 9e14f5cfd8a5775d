#include "sync/targets/dated_commit.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class DatedCommitTest : public TargetTest<Backend> {
protected:
    void SetUp() override {
        this->prepare(this->people());
        this->begin(ReadMode::kIncremental);
        this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
        beside = valueOf(this->shared.runs->begin(this->item.code, ReadMode::kFull, "m", RunKind::kBackfill));
        other = valueOf(this->shared.target->takeOver(this->item.code, "~backfill", beside.id));
        second = valueOf(this->shared.target->writer(this->item, false));
        this->clock.advance(std::chrono::seconds(1));
    }
    /// A commit of the run beside, of rows as they were when it began.
    core::Result<Counters> late(const std::vector<Row>& rows) {
        const Batch batch = batchOf(rows, 3);
        Commit commit;
        commit.rows = &batch;
        commit.read = rows.size();
        commit.asOf = other.now;
        return second->commit(other.claim, commit);
    }
    sync::Run beside;
    TakenOver other;
    std::unique_ptr<ItemWriter> second;
};
TYPED_TEST_SUITE(DatedCommitTest, Backends);

TYPED_TEST(DatedCommitTest, WritesWhatNobodyElseWroteSince) {
    this->commit({{{"b", "2", nullptr}}, {{"c", "2", nullptr}}});
    const Counters added = valueOf(this->late({{{"a", "9", nullptr}}, {{"b", "9", nullptr}}, {{"c", "9", nullptr}}}));
    EXPECT_EQ(added, (Counters{3, 0, 1, 0, 0, 2, 0, 0}));
    EXPECT_EQ(this->stored(), "a|9|~\nb|2|~\nc|2|~\n");
    EXPECT_EQ(valueOf(this->late({{{"a", "10", nullptr}}})).updated, 1U) << "its own rows are not newer than it";
}

TYPED_TEST(DatedCommitTest, DoesNotBringBackWhatWasDeletedSince) {
    this->commit({{{"b", "1", nullptr}, Op::kDelete}});
    EXPECT_EQ(valueOf(this->late({{{"b", "9", nullptr}}, {{"d", "9", nullptr}}})), (Counters{2, 1, 0, 0, 0, 1, 0, 0}));
    EXPECT_EQ(this->stored(), "a|1|~\nd|9|~\n");
}

TYPED_TEST(DatedCommitTest, IsNoticedByTheItemsOwnWriter) {
    this->finish();
    this->begin(ReadMode::kFull);
    this->commit({{{"b", "1", nullptr}}});
    this->other = valueOf(this->shared.target->takeOver(this->item.code, "~backfill", this->beside.id));
    EXPECT_EQ(valueOf(this->late({{{"a", "9", nullptr}}, {{"d", "9", nullptr}}})).updated, 1U);
    const Counters added = this->commit({{{"a", "1", nullptr}}, {{"d", "9", nullptr}, Op::kDelete}});
    EXPECT_EQ(added, (Counters{2, 0, 1, 0, 0, 0, 1, 0})) << "not what the writer remembered of these keys";
    EXPECT_EQ(this->stored(), "a|1|~\nb|1|~\n");
}

TYPED_TEST(DatedCommitTest, IsRefusedWithoutItsClaim) {
    valueOf(this->shared.target->takeOver(this->item.code, "~backfill", this->beside.id));
    EXPECT_EQ(this->late({{{"d", "9", nullptr}}}).error().code, core::ErrorCode::kConflict);
}

}  // namespace
}  // namespace yimen::sync
