#include "unit/store/backend.h"

namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

class AlertStoreTest : public StoreTest<SqliteBackend> {
protected:
    CheckRunRecord run(std::int64_t second, const std::vector<Finding>& findings, const std::string& check = "dead") {
        auto done = stores.alerts->apply({check, fromUnixSeconds(second), 12, 0, 0, 0, ""}, findings);
        EXPECT_TRUE(done.ok());
        return *done;
    }
    static Finding found(const std::string& subject, const std::string& message = "仍在领取") {
        return {subject, "red", message, R"({"rows":[]})"};
    }
};

TEST_F(AlertStoreTest, OpensACaseOnceAndClosesItWhenTheCauseIsGone) {
    EXPECT_EQ(run(1, {found("a"), found("b"), found("a")}).opened, 2) << "one subject is one case";
    const CheckRunRecord second = run(2, {found("b", "又领一月")});
    EXPECT_EQ(second.opened, 0);
    EXPECT_EQ(second.closed, 1);
    const auto open = stores.alerts->list("dead", true);
    ASSERT_EQ(open->size(), 1U);
    EXPECT_EQ(open->front().message, "又领一月");
    EXPECT_EQ(open->front().openedAt, fromUnixSeconds(1));
    EXPECT_EQ(open->front().seenAt, fromUnixSeconds(2));
    EXPECT_EQ(run(3, {found("a"), found("b")}).opened, 1) << "it came back: a case of its own";
    EXPECT_EQ(stores.alerts->list("dead", false)->size(), 3U);
    EXPECT_EQ(stores.alerts->runs()->front().found, 2);
}

TEST_F(AlertStoreTest, LeavesOtherChecksAndFailedRunsAlone) {
    run(1, {found("a")});
    run(2, {}, "cars");
    ASSERT_TRUE(stores.alerts->failed({"dead", fromUnixSeconds(3), 5000, 0, 0, 0, "took too long"}).ok());
    EXPECT_EQ(stores.alerts->list("", true)->size(), 1U);
    const Stores again = reopened();
    EXPECT_EQ(again.alerts->runs()->size(), 2U);
    EXPECT_EQ(again.alerts->runs()->back().error, "took too long");
}

TEST_F(AlertStoreTest, IsTakenByOnePerson) {
    run(1, {found("a")});
    const AlertId id = stores.alerts->list("", true)->front().id;
    ASSERT_TRUE(stores.alerts->take(id, 7, "核实中", fromUnixSeconds(2)).ok());
    EXPECT_EQ(stores.alerts->take(id, 8, "我来", fromUnixSeconds(3)).error().code, ErrorCode::kConflict);
    EXPECT_TRUE(stores.alerts->take(id, 7, "已联系街道", fromUnixSeconds(4)).ok());
    EXPECT_EQ((*stores.alerts->get(id))->note, "已联系街道");
    EXPECT_EQ(stores.alerts->take(id + 9, 7, "", {}).error().code, ErrorCode::kNotFound);
    run(5, {});
    EXPECT_EQ(stores.alerts->take(id, 7, "", {}).error().code, ErrorCode::kConflict) << "closed";
    EXPECT_FALSE((*stores.alerts->get(id + 9)).has_value());
}

}  // namespace yimen::store::test
