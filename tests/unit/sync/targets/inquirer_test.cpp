#include "sync/inquiry.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class InquirerTest : public TargetTest<Backend> {
protected:
    core::Result<std::vector<InquiryRow>> ask(const std::string& sql, std::vector<std::string> columns = {"id"}) {
        Inquiry inquiry;
        inquiry.sql = sql;
        inquiry.columns = std::move(columns);
        inquiry.time = std::chrono::milliseconds(300);
        inquiry.rows = 3;
        return this->shared.inquirer->ask(inquiry);
    }
    core::ErrorCode refusal(const std::string& sql) {
        const auto answer = ask(sql);
        EXPECT_FALSE(answer.ok()) << sql;
        return answer.ok() ? core::ErrorCode::kInternal : answer.error().code;
    }
};
TYPED_TEST_SUITE(InquirerTest, Backends);

TYPED_TEST(InquirerTest, AnswersByTheNamedColumns) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "甲", "5"}}, {{"b", nullptr, "7"}}});
    const auto rows = this->ask("SELECT id, age, name FROM people ORDER BY id", {"name", "id"});
    ASSERT_TRUE(rows.ok()) << rows.error().describe();
    const std::vector<InquiryRow> expected{{"甲", "a"}, {std::nullopt, "b"}};
    EXPECT_EQ(*rows, expected);
}

TYPED_TEST(InquirerTest, CannotChangeAnything) {
    this->prepare(this->people());
    for (const char* sql :
         {"DELETE FROM people", "SELECT 1 AS id; DELETE FROM people", "UPDATE people SET name = 'x' RETURNING id",
          "PRAGMA journal_mode = DELETE", "ATTACH 'x.db' AS x", "COPY people TO '/tmp/x'", "DROP TABLE people"}) {
        EXPECT_EQ(this->refusal(sql), core::ErrorCode::kInvalidInput) << sql;
    }
    const char* hidden = TypeParam::kPostgres ? "WITH gone AS (DELETE FROM people RETURNING id) SELECT id FROM gone"
                                              : "SELECT load_extension('x') AS id";
    const auto code = this->refusal(hidden);
    EXPECT_TRUE(code == core::ErrorCode::kDenied || code == core::ErrorCode::kInvalidInput);
}

TYPED_TEST(InquirerTest, GivesNoPartOfAnAnswerPastItsLimits) {
    const std::string endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n";
    EXPECT_EQ(this->refusal(endless), core::ErrorCode::kTooLarge);
    EXPECT_EQ(this->refusal(endless + " WHERE id < 0"), core::ErrorCode::kTimeout);
    EXPECT_EQ(this->refusal("SELECT id FROM nowhere"), core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->refusal("SELECT 1 AS other"), core::ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::sync
