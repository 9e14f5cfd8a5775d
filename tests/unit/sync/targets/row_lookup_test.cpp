#include "sync/row_lookup.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

/// Two rows of people with fields of every kind that can be asked for.
template <typename Backend>
class RowLookupTest : public TargetTest<Backend> {
protected:
    void SetUp() override {
        ItemTable wanted = TestFixture::people();
        wanted.schema.fields.push_back({"born", "", FieldType::kDate, false, false});
        wanted.schema.fields.push_back({"seen", "", FieldType::kDateTime, false, false});
        wanted.schema.fields.push_back({"sum", "", FieldType::kDecimal, false, false});
        wanted.schema.fields.push_back({"old", "", FieldType::kBoolean, false, false});
        this->prepare(wanted);
        this->begin();
        this->commit({{{"a", "张\"三\\", "7", "2026-06-30", "2026-06-30T08:00:00+08:00", "1.5", "true"}},
                      {{"b", "{x,y}", "8", "2026-07-01", "2026-07-01T08:00:00.25+08:00", "-2", "false"}},
                      {{"c", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}}});
    }
    using TestFixture = TargetTest<Backend>;
    std::vector<bool> exist(const std::string& field, const std::vector<std::string>& values) {
        return valueOf(this->shared.lookup->exist("ZS-01", field, values));
    }
};
TYPED_TEST_SUITE(RowLookupTest, Backends);

TYPED_TEST(RowLookupTest, FindsValuesOfEveryType) {
    const std::vector<bool> both{true, false};
    EXPECT_EQ(this->exist("id", {"a", "A"}), both);
    EXPECT_EQ(this->exist("name", {"张\"三\\", "张三"}), both);
    EXPECT_EQ(this->exist("name", {"{x,y}", "x"}), both);
    EXPECT_EQ(this->exist("age", {"7", "70"}), both);
    EXPECT_EQ(this->exist("born", {"2026-07-01", "2026-07-02"}), both);
    EXPECT_EQ(this->exist("seen", {"2026-07-01T08:00:00.25+08:00", "2026-07-01T08:00:00+08:00"}), both);
    EXPECT_EQ(this->exist("sum", {"-2", "2"}), both);
    EXPECT_EQ(this->exist("old", {"true", "false"}), (std::vector<bool>{true, true}));
    EXPECT_TRUE(this->exist("id", {}).empty());
}

TYPED_TEST(RowLookupTest, NamesTheRecordThatHasAValue) {
    const auto one = valueOf(this->shared.lookup->holders("ZS-01", {"age"}, {{"8"}, {"9"}}));
    EXPECT_EQ(one[0], "b");
    EXPECT_FALSE(one[1]);
    const auto two =
        valueOf(this->shared.lookup->holders("ZS-01", {"age", "born"}, {{"8", "2026-06-30"}, {"7", "2026-06-30"}}));
    EXPECT_FALSE(two[0]) << "of two different records";
    EXPECT_EQ(two[1], "a");
}

TYPED_TEST(RowLookupTest, SaysWhenNothingIsKnown) {
    EXPECT_EQ(this->shared.lookup->exist("ZS-99", "id", {"a"}).error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->shared.lookup->exist("ZS-01", "nix", {"a"}).error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(valueOf(this->shared.lookup->holders("ZS-99", {"id"}, {{"a"}})).size(), 1U)
        << "an item that never ran has no records";
}

TYPED_TEST(RowLookupTest, AnswersTenThousandInOneQuestion) {
    std::vector<std::string> values;
    for (int i = 0; i < 10'000; ++i) values.push_back(std::to_string(i));
    const auto there = this->exist("age", values);
    EXPECT_EQ(std::count(there.begin(), there.end(), true), 2);
    EXPECT_TRUE(there[7]);
}

}  // namespace
}  // namespace yimen::sync
