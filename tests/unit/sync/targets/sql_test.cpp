#include "sync/targets/sql.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

struct Log {
    std::string text;
    bool commitFails = false;
    bool usable = true;
    int made = 0;
};

class FakeSession final : public SqlSession {
public:
    explicit FakeSession(Log& log) : log_(log) { ++log_.made; }
    Dialect dialect() const noexcept override { return Dialect::kSqlite; }
    core::Result<SqlRows> run(const std::string&, const std::vector<SqlValue>&) override { return SqlRows{}; }
    core::Status each(const std::string&, const std::vector<SqlValue>&, const RowHandler&) override { return {}; }
    core::Status begin() override {
        log_.text += 'b';
        return {};
    }
    core::Status commit() override {
        log_.text += 'c';
        if (log_.commitFails) return core::makeError(core::ErrorCode::kUnavailable, "no");
        return {};
    }
    void rollback() noexcept override { log_.text += 'r'; }
    bool usable() noexcept override { return log_.usable; }

private:
    Log& log_;
};

TEST(SqlTransaction, RollsBackWhatWasNotCommitted) {
    Log log;
    FakeSession session(log);
    {
        SqlTransaction left(session);
        EXPECT_TRUE(left.begin().ok());
    }
    {
        SqlTransaction done(session);
        EXPECT_TRUE(done.begin().ok());
        EXPECT_TRUE(done.commit().ok());
    }
    { const SqlTransaction never(session); }
    log.commitFails = true;
    {
        SqlTransaction failed(session);
        EXPECT_TRUE(failed.begin().ok());
        EXPECT_FALSE(failed.commit().ok());
    }
    EXPECT_EQ(log.text, "brbcbcr");
}

TEST(SqlPool, KeepsConnectionsThatWorkAndThrowsOthersAway) {
    Log log;
    SqlPool pool([&]() -> core::Result<std::unique_ptr<SqlSession>> {
        return std::unique_ptr<SqlSession>(std::make_unique<FakeSession>(log));
    });
    { const auto first = pool.lease(); }
    { const auto again = pool.lease(); }
    EXPECT_EQ(log.made, 1);
    log.usable = false;
    { const auto other = pool.lease(); }
    EXPECT_EQ(log.made, 2);
    log.usable = true;
    { const auto other = pool.lease(); }
    EXPECT_EQ(log.made, 3);
}

TEST(SqlRows, ReadsNumbersAndNulls) {
    SqlRows rows;
    rows.columns = 2;
    rows.cells = {"-5", std::nullopt};
    EXPECT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.number(0, 0), -5);
    EXPECT_EQ(rows.number(0, 1), 0);
    EXPECT_EQ(rows.text(0, 1), "");
}

}  // namespace
}  // namespace yimen::sync
